"""The questions of an element set as rows of a form: each has its names, how it is answered, and whether it must be."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.elements import ELEMENTS, element
from huiyin.desk.forms.fields import Line
from huiyin.desk.forms.intake import IntakeForm
from huiyin.triage.actions.asking import Asked, Words
from huiyin.triage.models import ElementSet, Question
from huiyin.triage.queries import questions

MOST = 80
MUST = [("yes", gettext_lazy("必填")), ("no", gettext_lazy("选填"))]


class SetForm(forms.Form):
    name_zh = Line(label=gettext_lazy("这一组叫什么"), longest=60)
    name_en = Line(label=gettext_lazy("英文名称"), longest=120, required=False)


class RowForm(forms.Form):
    """One question. Of what the registration form has a field for anyway, only whether it must be answered."""

    name_zh = Line(label=gettext_lazy("中文名称"), longest=60, widget=forms.TextInput(attrs={"list": "known-elements"}))
    name_en = Line(label=gettext_lazy("英文名称"), longest=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("填法"), choices=Question.Kind.choices)
    must = forms.ChoiceField(label=gettext_lazy("必填或选填"), choices=MUST)
    place = forms.IntegerField(label=gettext_lazy("顺序"), min_value=0, max_value=9999, required=False)
    gone = forms.BooleanField(label=gettext_lazy("移除"), required=False)

    def __init__(self, data: Any = None, *, number: str, key: str, is_required: bool = True, place: int = 0) -> None:
        self.number, self.key = number, key
        self.words = words_of(key) if key else Words("")
        initial = {"must": "yes" if is_required else "no", "place": place, "kind": self.words.kind}
        initial |= {"name_zh": self.words.name_zh, "name_en": self.words.name_en}
        super().__init__(data, prefix=f"q{number}", initial=initial, label_suffix="")
        self.fixed = fixed_label(key)
        if self.fixed:
            for name in ("name_zh", "name_en", "kind"):
                del self.fields[name]

    @property
    def name(self) -> str:
        return label(self.key) if self.key else _("新的要素")

    @property
    def is_blank(self) -> bool:
        """A row that was opened and not used, or taken away."""
        is_unused = not self.key and not str(self.data.get(f"{self.prefix}-name_zh", "")).strip()
        return is_unused or self.data.get(f"{self.prefix}-gone") == "on"

    def asked(self) -> Asked:
        given = self.cleaned_data
        key, is_required = self.key, given["must"] == "yes"
        if self.fixed:
            return Asked(key, is_required)
        words = Words(given["name_zh"], given["name_en"], given["kind"])
        if not key and (key := known_by_name().get(words.name_zh, "")):
            return Asked(key, is_required)  # it exists: taken as it is
        return Asked(key, is_required, words if not key or words != self.words else None)


class Rows:
    """All questions of one set, as stored or as just typed."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, shown: ElementSet | None = None) -> None:
        self.error = ""
        if data is not None:
            numbers = [number for number in data.getlist("row") if number.isdigit()][:MOST]  # type: ignore[attr-defined]
            self.forms = [RowForm(data, number=each, key=_key(data.get(f"q{each}-key", ""))) for each in numbers]
            self.forms.sort(key=_place)
            return
        keys = [(key, True) for key in shown.required] + [(key, False) for key in shown.optional] if shown else []
        self.forms = [
            RowForm(number=str(place), key=key, is_required=must, place=place)
            for place, (key, must) in enumerate(keys, start=1)
        ]

    @property
    def pattern(self) -> RowForm:
        return RowForm(number="__row__", key="")

    @property
    def spare(self) -> RowForm:
        """For a page without script."""
        return RowForm(number=str(MOST + len(self.forms)), key="", place=MOST + len(self.forms))

    def is_valid(self) -> bool:
        seen: set[str] = set()
        is_fine = True
        for row in self.wanted:
            is_fine = row.is_valid() and is_fine
            name = str(row.cleaned_data.get("name_zh", ""))
            if name and name in seen:
                row.add_error("name_zh", _("这一组里已经有“%s”。") % name)
                is_fine = False
            seen.add(name)
        if not self.wanted:
            self.error = _("至少问一项。")
        return is_fine and not self.error

    @property
    def wanted(self) -> list[RowForm]:
        return [row for row in self.forms if not row.is_blank]

    def asked(self) -> list[Asked]:
        return [row.asked() for row in self.wanted]


def _key(typed: str) -> str:
    """A key that something is known of; a made up one names nothing."""
    if typed in ELEMENTS or typed in questions():
        return typed
    kept = Q(required__contains=[typed]) | Q(optional__contains=[typed])
    return typed if 0 < len(typed) <= 120 and "\x00" not in typed and ElementSet.objects.filter(kept).exists() else ""


def _place(row: RowForm) -> int:
    typed = str(row.data.get(f"{row.prefix}-place", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 10_000


def words_of(key: str) -> Words:
    """As the questions are called now, in both languages."""
    if own := questions().get(key):
        return Words.of(own)
    names = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names.append(str(ELEMENTS[key].label if key in ELEMENTS else key))
    kind = ELEMENTS[key].asked if key in ELEMENTS else Question.Kind.LINE
    return Words(names[0], names[1] if names[1] != names[0] else "", kind)


def fixed_label(key: str) -> str:
    """What the field of the registration form is called that answers it, where there is one."""
    known = ELEMENTS.get(key)
    field = IntakeForm.base_fields.get(known.kept_in) if known and known.kept_in else None
    return str(field.label) if field else ""


def known_by_name() -> dict[str, str]:
    """Every element that a row may bring by its name; of two with the same, the first."""
    found: dict[str, str] = {}
    for key in [*ELEMENTS, *questions()]:
        found.setdefault(words_of(key).name_zh, key)
    return found


def label(key: str) -> str:
    return str(element(key).label)
