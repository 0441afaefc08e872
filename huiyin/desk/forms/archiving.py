"""Keeping a closed complaint as a case, in two steps: what was personal is shown taken out, then somebody confirms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints import masking
from huiyin.complaints.actions.archiving import TEXTS
from huiyin.complaints.models import Complaint, Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.desk.forms.choices import category_choices
from huiyin.desk.forms.fields import Line, Words, choose_from
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.reading import Reader
from huiyin.knowledge.models import Playbook
from huiyin.lib.phrasing import listed
from huiyin.org.models import in_language

LONGEST = 4_000
TITLE = 60


def hidden_in(texts: Iterable[str]) -> str:
    """What was taken out, by kind and number; '' where nothing was."""
    found = sum(map(masking.hidden_in, texts), start=masking.hidden_in(""))
    return listed(
        gettext("%(kind)s %(n)d 处") % {"kind": masking.KINDS[label], "n": n} for label, n in found.most_common()
    )


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
        return hidden_in(str(self[name].value() or "") for name in TEXTS)

    @property
    def readings(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """Each text as it will stand in the library, in pieces."""
        texts = [(str(self.fields[name].label), str(self[name].value() or "")) for name in TEXTS]
        return [(label, masking.pieces(text)) for label, text in texts if text]


class DraftForm(forms.Form):
    """转为知识: what was asked and what was answered, filled in without whose it is, so that one click keeps it. An
    editor reads it before anybody finds it."""

    name_zh = Line(label=_("标题"), longest=120)
    situation = Words(label=_("客户问了什么"), rows=6, longest=LONGEST)
    handling = Words(label=_("怎样答复"), rows=8, longest=LONGEST)

    def __init__(self, data: Any = None, *, complaint: Complaint, reader: Reader) -> None:
        self.mask = masking.mask_of(complaint)
        super().__init__(data, label_suffix="", initial=None if data else self._drafted(complaint, reader))

    def _drafted(self, complaint: Complaint, reader: Reader) -> dict[str, str]:
        """Masked before it is cut, and again after: half a number no longer looks like one, or like another."""
        line = complaint.text.strip().partition("\n")[0]
        drafted = {"situation": complaint.text, "handling": _final_reply(complaint, reader)}
        cut = {name: self.mask(text)[:LONGEST] for name, text in drafted.items()}
        return {"name_zh": self.mask(self.mask(complaint.title or line)[:TITLE]), **cut}

    def clean(self) -> dict[str, Any]:
        """What is personal goes out, whoever typed it."""
        given = super().clean() or self.cleaned_data
        return {name: self.mask(text) for name, text in given.items()}

    @property
    def hidden(self) -> str:
        return hidden_in(str(self[name].value() or "") for name in self.fields)


def _final_reply(complaint: Complaint, reader: Reader) -> str:
    """The newest answer that went out; "" for whom letters are none of."""
    if reader.correspondence == "-":
        return ""
    sent = complaint.letters.filter(purpose=Letter.Purpose.FINAL, status=Letter.Status.SENT)
    last = sent.order_by("-sent_at", "-pk").first()
    return last.body if last else ""
