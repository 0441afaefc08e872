"""监管案件 on the complaint page: what is done about it, and its panel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.actions import regulating, returning
from huiyin.complaints.models import Complaint, RegulatoryCase
from huiyin.desk.deed import Deed, Given
from huiyin.desk.forms import moves
from huiyin.desk.forms import regulatory as forms
from huiyin.desk.forms.regulatory import named
from huiyin.desk.reading import Reader
from huiyin.org.actors import Actor
from huiyin.org.rules import Right, may
from huiyin.sla.queries import profile
from huiyin.surveys.actions import caring, inviting
from huiyin.surveys.actions.answering import More
from huiyin.surveys.models import LOW

CODES = ("CK-REG", "CK-REG-C", "CK-REG-W")


def _refer(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    regulating.refer(complaint, given["referral"], actor=actor, at=at)


def _amend(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    regulating.amend(given["case"], given["referral"], actor=actor, at=at)


def _answer(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    names = ("words", "outcome", "negotiated_at", "negotiated_by", "anyway")
    why = given.get("breach_reason", "")
    regulating.answer(given["case"], **{name: given[name] for name in names}, breach_reason=why, actor=actor, at=at)


def _ask(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    regulating.ask_for_time(given["case"], reason=given["reason"], actor=actor, at=at)


def _decide(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    regulating.decide_on_time(
        given["case"], grant=given["verdict"] == "grant", reason=given["reason"], actor=actor, at=at
    )


def _receive(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    returning.receive(complaint, without_reason=given["without_reason"], actor=actor, at=at)


def _survey(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    more = More(given["ces"], given["nps"], given["reasons"] if given["stars"] <= LOW else ())
    inviting.call(complaint, stars=given["stars"], words=given["words"], more=more, actor=actor, at=at)


def _care(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    caring.called(complaint, reasons=given["reasons"], words=given["words"], actor=actor, at=at)


def _process(complaint: Complaint, given: Given, actor: Actor, at: datetime) -> None:
    returning.process(complaint, actor=actor, at=at)


DEEDS: tuple[Deed, ...] = (
    Deed("regulatory-time-verdicts", "decide_regulatory", forms.DecideTimeForm, _decide, _("已记录决定。"),
         _("审批监管时限延长"), _("只按监管要求自己的规则。"), "clock-check"),
    Deed("authority-answers", "answer_authority", forms.AnswerAuthorityForm, _answer,
         _("已答复受理机构，监管时限停止。"), _("答复受理机构"), _("材料齐了再答复；缺什么会写出来。"), "scale",
         is_quiet=True),
    Deed("referrals", "refer", forms.ReferralForm, _refer, _("监管案件已登记，时限开始走。"), _("登记监管案件"),
         _("12315、12345、消协等转来的：对方的编号和期限照录。"), "scale", is_quiet=True),
    Deed("referral-amendments", "amend_referral", forms.AmendForm, _amend, _("监管案件已更正。"), _("更正监管案件"),
         icon="pencil", is_quiet=True),
    Deed("regulatory-time", "ask_regulatory", forms.AskTimeForm, _ask, _("已申请，等待审批。"), _("申请延长监管时限"),
         icon="clock-plus", is_quiet=True),
    Deed("survey-calls", "survey", forms.SurveyForm, _survey, _("回访已记录。"), _("电话回访"),
         _("客户对处理结果满意吗；低于三星的重开。"), "phone-call", is_quiet=True),
    Deed("care-calls", "care", forms.CareForm, _care, _("关怀回访已记录。"), _("关怀回访"),
         _("客户给了三星：打电话听听原因，不重开。"), "phone-call"),
    Deed("returned-goods", "receive_return", forms.ReturnForm, _receive, _("已记下收到退货，处理时限开始走。"),
         _("收到退货"), _("客户退回的商品到了：72 小时内处理完。"), "arrow-back-up", is_quiet=True),
    Deed("returned-goods-processed", "process_return", moves.PlainForm, _process, _("退换货已处理完。"),
         _("退换货处理完"), _("换新、维修或退款已经办妥。"), "check"),
)  # fmt: skip


def panel(
    complaint: Complaint, reader: Reader, chips: Sequence[dict[str, Any]], *, at: datetime
) -> list[dict[str, Any]]:
    """Its cases with their clocks; empty, and no question asked, where none of its clocks is of that family."""
    theirs = [chip for chip in chips if chip["code"] in CODES]
    if not theirs:
        return []
    cases = RegulatoryCase.objects.visible_to(reader.member).filter(complaint=complaint)
    rows = []
    for case in cases.select_related("answer", "answered_by", "asked_by"):
        known = profile(case.profile)
        chosen = known.limit(case.category) if known and case.category else None
        rung = known.limit(case.asked_for) if known and case.asked_for else None
        may_take = reader.is_full and may(reader.member, Right.EXPORT_CASES) and not case.is_direct
        rows.append(
            {
                "row": case,
                "name": named(known) if known else case.profile,
                "category": named(chosen) if chosen else "",
                "asked_for": named(rung) if rung else "",
                "answer": reader.words(case.answer.text) if case.answer and reader.correspondence != "-" else "",
                "clocks": [chip for chip in theirs if chip["key"].startswith(case.key)],
                "hints": regulating.hints(known, complaint, at=at) if known else [],
                "package_url": reverse("desk:reply-package", args=[complaint.number, case.pk]) if may_take else "",
            }
        )
    return rows
