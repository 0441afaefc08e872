"""Keeping a closed complaint as a case, in two steps: what was personal is shown taken out, then somebody confirms."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints import masking
from huiyin.complaints.actions.archiving import TEXTS
from huiyin.complaints.models.complaint import Outcome
from huiyin.desk.forms.choices import category_choices
from huiyin.desk.forms.fields import Line, Words, choose_from
from huiyin.desk.forms.moves import MoveForm
from huiyin.knowledge.models import Playbook
from huiyin.lib.phrasing import listed
from huiyin.org.models import in_language

LONGEST = 4_000


class ArchiveForm(MoveForm):
    name_zh = Line(label=_("案例名称"), longest=120)
    category = forms.ChoiceField(label=_("相关类别"))
    playbook = forms.ChoiceField(
        label=_("对应的处理方法"), required=False, help_text=_("只说明案例适用的方法，不写入客户档案。")
    )
    situation = Words(label=_("情况"), rows=5, longest=LONGEST)
    cause = Words(label=_("原因"), rows=2, longest=LONGEST)
    handling = Words(label=_("处理经过"), rows=5, longest=LONGEST)
    result = Words(label=_("结果"), rows=2, longest=LONGEST)
    lesson = Words(label=_("启示"), rows=2, required=False, longest=LONGEST)
    confirmed = forms.BooleanField(label=_("我已通读，里面没有能认出客户或员工的内容"), required=False)
    template = "desk/forms/archive.html"

    def prepare(self) -> None:
        complaint = self.complaint
        category = complaint.confirmed_category or complaint.category
        playbooks = Playbook.objects.filter(is_active=True).values_list("code", "name_zh", "name_en")
        choose_from(self, "category", category_choices(category))
        choose_from(self, "playbook", [("", _("没有")), *((code, in_language(zh, en)) for code, zh, en in playbooks)])
        if not self.is_bound:
            self.initial = {"category": category.code, **self._drafted(), **self.initial}

    def _drafted(self) -> dict[str, str]:
        """From what the complaint says, without whose it is."""
        complaint = self.complaint
        findings = (order.findings for order in complaint.work_orders.order_by("pk") if order.findings)
        drafted = {
            "name_zh": complaint.title,
            "situation": complaint.text,
            "handling": "\n".join(findings),
            "result": str(Outcome(complaint.outcome).label) if complaint.outcome in Outcome else "",
        }
        # masked before it is cut: half a number no longer looks like one
        return {name: self.mask(text)[: 120 if name == "name_zh" else LONGEST] for name, text in drafted.items()}

    @cached_property
    def mask(self) -> masking.Mask:
        return masking.mask_of(self.complaint)

    def clean(self) -> dict[str, Any]:
        """What is personal goes out of the texts, whoever typed it; what came of it is to be read before it is kept."""
        given = super().clean() or self.cleaned_data
        masked = {name: self.mask(given[name])[:LONGEST] for name in TEXTS if name in given}
        is_new = any(masked[name] != given[name] for name in masked)
        if is_new:
            self.data = {name: value for name, value in self.data.items() if name != "confirmed"} | masked
        if not self.errors and (is_new or not given.get("confirmed")):
            self.add_error("confirmed", gettext("请通读下面的文字，确认后再归档。"))
        return {**given, **masked}

    @property
    def is_second_step(self) -> bool:
        return self.is_bound and not set(self.errors) - {"confirmed"}

    @property
    def hidden(self) -> str:
        """What was taken out, by kind and number; '' where nothing was."""
        found = sum((masking.hidden_in(str(self[name].value() or "")) for name in TEXTS), start=masking.hidden_in(""))
        return listed(
            gettext("%(kind)s %(n)d 处") % {"kind": masking.KINDS[label], "n": n} for label, n in found.most_common()
        )

    @property
    def readings(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """Each text as it will stand in the library, in pieces."""
        texts = [(str(self.fields[name].label), str(self[name].value() or "")) for name in TEXTS]
        return [(label, masking.pieces(text)) for label, text in texts if text]
