"""One step's letters, a choice for each role and department; and a department's contacts."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.desk.administration.forms import WordLines
from huiyin.desk.division import KINDS, letters_of
from huiyin.desk.forms.fields import Line
from huiyin.lib.phrasing import listed
from huiyin.org.models import Member, Part, Party, Step, Unit
from huiyin.org.roles import LABELS
from huiyin.org.rules import Role

LETTERS = [("", "—"), ("R", Part.Letter.RESPONSIBLE.label), ("A", _("负责 A")), ("C", Part.Letter.CONSULTED.label),
           ("I", Part.Letter.INFORMED.label)]  # fmt: skip
MOST = 8  # contacts of a department


class StepForm(forms.Form):
    """The names, and a choice of letter for each role and department: `parties` by the name of their field."""

    name_zh = Line(label=_("中文名称"), longest=60)
    name_en = Line(label=_("英文名称"), longest=100, required=False)
    position = forms.IntegerField(label=_("顺序"), min_value=1, max_value=999)

    def __init__(self, *args: Any, step: Step | None = None, **kwargs: Any) -> None:
        given = letters_of(step) if step else {}
        self.parties = dict(_parties())
        letters = {
            name: given.get((party.role, party.unit.pk if party.unit else None), "")
            for name, party in self.parties.items()
        }
        kwargs["initial"] = {**letters, **kwargs.get("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, party in self.parties.items():
            self.fields[name] = forms.ChoiceField(label=party.name, choices=LETTERS, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        accountable = [party.name for name, party in self.parties.items() if given.get(name) == "A"]
        if not accountable:
            self.add_error(None, gettext("还没有谁负责（A）：每一步须有且只有一个 A。"))
        elif len(accountable) > 1:
            self.add_error(None, gettext("只能有一个负责（A），现在有：%s") % listed(accountable))
        return given

    @property
    def names(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name_zh", "name_en", "position")}

    @property
    def cells(self) -> list[tuple[Party, str]]:
        given = self.cleaned_data
        return [(party, given[name]) for name, party in self.parties.items() if given.get(name)]

    @property
    def roles(self) -> list[forms.BoundField]:
        return [self[name] for name, party in self.parties.items() if party.unit is None]

    @property
    def units(self) -> list[forms.BoundField]:
        return [self[name] for name, party in self.parties.items() if party.unit is not None]

    @property
    def has_units(self) -> bool:
        return any(field.value() for field in self.units)


class NewStep(StepForm):
    code = Line(label=_("编码"), longest=32, help_text=_("小写字母、数字和连字符，以后不能改。"))
    field_order = ("code",)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        validate_slug(code)
        return code


def _parties() -> Iterator[tuple[str, Party]]:
    for role in LABELS:
        if role not in {Role.CUSTOMER, Role.SUPPLIER}:
            yield f"role_{role}", Party(role)
    for unit in Unit.objects.active().filter(kind__in=KINDS):
        yield f"unit_{unit.pk}", Party(unit=unit)


class InterfacesForm(forms.Form):
    people = WordLines(label=_("接口人的工号"), help_text=_("每行一个，第一位是主接口人。留空就是还没有指定。"))

    def clean_people(self) -> list[Member]:
        named: list[str] = self.cleaned_data["people"]
        if len(named) > MOST:
            raise forms.ValidationError(gettext("最多 %d 位。") % MOST)
        known = {each.username: each for each in Member.objects.active().filter(username__in=named)}
        if missing := [name for name in named if name not in known]:
            raise forms.ValidationError(gettext("没有这些在岗的工号：%s") % listed(missing))
        return [known[name] for name in named]
