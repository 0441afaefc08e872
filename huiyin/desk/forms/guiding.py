"""Choosing a method and ticking its steps; a letter read for its wording before it goes."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints import wording
from huiyin.complaints.models import Letter
from huiyin.desk import listening
from huiyin.desk.forms.fields import Words, choose_from
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.forms.promising import PromisingLetterForm
from huiyin.desk.guidance import Teller, validity_of
from huiyin.knowledge import phrases, queries
from huiyin.knowledge.guides import RESTATE
from huiyin.knowledge.phrases import Finding
from huiyin.knowledge.scripts import APOLOGY, MAIL, PHONE


class GuideForm(MoveForm):
    method = forms.ChoiceField(label=_("处理方法"), widget=forms.RadioSelect)
    evidence = Words(
        label=_("行为证据"), rows=2, required=False,
        help_text=_(
            "选特殊投诉处理方法时必填：本次投诉中的原话、时间或录音位置，并由另一人确认。只影响怎么谈，"
            "不影响等级、时限和赔付；不写入客户档案，结案后不再显示。"
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        methods, playbooks = queries.choices()
        special = [(code, gettext("特殊：%s") % name) for code, name in playbooks]
        choose_from(self, "method", [*methods, *special])
        self.initial = {"method": methods[0][0] if methods else "", **self.initial}


class StepForm(MoveForm):
    step = forms.IntegerField(min_value=1, max_value=99, widget=forms.HiddenInput)


class WordedLetterForm(PromisingLetterForm):
    """The letter, held against the phrase book: what is forbidden does not go, what is doubtful asks for a tick."""

    confirm_words = forms.BooleanField(label=_("以上用语我已核对，确认这样对客户说"), required=False)
    listened = forms.MultipleChoiceField(
        label=_("倾听三步"), choices=listening.CHECKLIST, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("按通话的实际情况勾选，随记录保存；不勾也可以提交。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("channel") not in wording.SPOKEN:
            given["listened"] = []
        if given.get("keep_draft") or not given.get("reached") or not given.get("body"):
            return given
        found = self.findings(given)
        for each in phrases.blocks(found):
            self.add_error("body", wording.sentence(each))
        doubtful = phrases.warnings(found)
        if doubtful and not given.get("confirm_words"):
            for each in doubtful:
                self.add_error("body", wording.sentence(each))
            self.add_error("confirm_words", gettext("请修改上面的用语，或勾选确认。"))
        return given

    def findings(self, given: dict[str, Any]) -> list[Finding]:
        return wording.findings(
            self.complaint,
            given["body"],
            channel=str(given.get("channel", "")),
            is_final=given.get("purpose") == Letter.Purpose.FINAL,
        )

    @property
    def asks_to_confirm(self) -> bool:
        return "confirm_words" in self.errors or bool(self.data.get("confirm_words"))

    @cached_property
    def scripts(self) -> list[dict[str, Any]]:
        """To put into the body."""
        channel = self["channel"].value()
        return self._teller.for_letter(MAIL if channel in {Letter.Channel.EMAIL, Letter.Channel.POST} else PHONE)

    @cached_property
    def restating(self) -> str:
        """The script that says it back and asks, filled with what the complaint says (RS-03)."""
        return self._teller.core(RESTATE)

    def _options_offered(self) -> str:
        """Where it was our doing, the apology stands before the options (B47)."""
        options = super()._options_offered()
        if not options or not wording.is_at_fault(self.complaint):
            return options
        return f"{self._teller.core(APOLOGY)}\n\n{options}".strip()

    @cached_property
    def _teller(self) -> Teller:
        validities = self.complaint.validities.order_by("-proposed_at", "-id")
        return Teller(self.complaint, self.member, validity=validity_of(validities))
