"""Forms about what an authority sent: its number and deadline as it gave them, and our answer."""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.actions import regulating
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.lateness import AUTHORITY
from huiyin.complaints.models import RegulatoryCase
from huiyin.desk.forms.fields import Line, Moment, Words, choose_from
from huiyin.desk.forms.moves import MoveForm, ask_why
from huiyin.lib.phrasing import noted, told
from huiyin.sla.queries import profile, profiles
from huiyin.sla.regulations import Limit, Profile
from huiyin.surveys.models import ADVICE, EASE, Reason

_PICKER = {"type": "datetime-local"}


def named(each: Profile | Limit) -> str:
    return each.zh if (get_language() or "zh").startswith("zh") else each.en


def class_choices(known: list[Profile]) -> list[tuple[str, Any]]:
    """The classes of the profiles that have any, grouped by profile."""
    groups = [(named(each), [(limit.id, named(limit)) for limit in each.classes]) for each in known if each.choose]
    return [("", gettext("按监管要求的一般情形")), *groups]


class ReferralForm(MoveForm):
    profile = forms.ChoiceField(label=_("监管要求"), help_text=_("支持，未认证；在系统设置里启用。"))
    number = Line(label=_("对方的编号"), longest=64, required=False)
    authority = Line(label=_("受理机构"), longest=120, required=False)
    received_at = Moment(label=_("转办时间"), widget=forms.DateTimeInput(attrs=_PICKER))
    deadline = Moment(
        label=_("给定的期限"), required=False, widget=forms.DateTimeInput(attrs=_PICKER),
        help_text=_("照对方写的填；系统照录，不重算。没写的不填，按监管要求自己的时限计。"),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("情形"), required=False)

    def prepare(self) -> None:
        self.known = profiles()
        choices = [(each.code, noted(named(each), each.code)) for each in self.known]
        choose_from(self, "profile", choices)
        choose_from(self, "category", class_choices(self.known))
        implied = next((each.code for each in self.known if self.complaint.channel in each.channels), "")
        self.initial = {
            "profile": implied,
            "received_at": timezone.localtime().replace(second=0, microsecond=0),
            **self.initial,
        }

    @property
    def effects(self) -> list[str]:
        said = [gettext("监管时限与内部时限一起走，永不暂停；先到期的排在前面。")]
        for each in self.known:
            said += [told(named(each), hint) for hint in regulating.hints(each, self.complaint, at=timezone.now())]
        return said

    def referral(self) -> Referral:
        names = ("number", "authority", "deadline", "category")
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in names}
        code = self.cleaned_data["profile"]
        return Referral(profile=code, received_at=self.cleaned_data.get("received_at"), **given)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            given["referral"] = self.referral()
        return given


class CaseForm(MoveForm):
    """About one of the open cases; asked which only where there are several."""

    case = forms.ChoiceField(label=_("哪一件"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.open = [case for case in self._cases() if self.concerns(case)]
        self.profiles = {case.pk: profile(case.profile) for case in self.open}
        choices = [(str(case.pk), self._said(case)) for case in self.open]
        choose_from(self, "case", choices)
        self.initial = {"case": choices[0][0] if choices else "", **self.initial}

    def _cases(self) -> list[RegulatoryCase]:
        seen = RegulatoryCase.objects.visible_to(self.member).filter(complaint=self.complaint)
        return list(seen.open())

    def concerns(self, case: RegulatoryCase) -> bool:
        return True

    def _said(self, case: RegulatoryCase) -> str:
        known = self.profiles[case.pk]
        return noted(named(known) if known else case.profile, case.number)

    def clean_case(self) -> RegulatoryCase:
        return next(each for each in self.open if str(each.pk) == self.cleaned_data["case"])


class AmendForm(CaseForm):
    number = Line(label=_("对方的编号"), longest=64, required=False)
    authority = Line(label=_("受理机构"), longest=120, required=False)
    deadline = Moment(
        label=_("给定的期限"), required=False, widget=forms.DateTimeInput(attrs=_PICKER),
        help_text=_("受理机构同意延期的，填新的期限；原来的留在记录里。"),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("情形"), required=False)

    def prepare(self) -> None:
        super().prepare()
        known = [each for each in self.profiles.values() if each]
        choose_from(self, "category", [("", gettext("不变")), *class_choices(known)[1:]])
        if self.open:
            first = self.open[0]
            due = timezone.localtime(first.deadline_at).replace(second=0) if first.deadline_at else None
            values = {"number": first.number, "authority": first.authority, "deadline": due}
            self.initial = {**values, **self.initial}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            names = ("number", "authority", "deadline", "category")
            said: dict[str, Any] = {name: given.get(name) for name in names}
            given["referral"] = Referral(profile=given["case"].profile, **said)
        return given


class AnswerAuthorityForm(CaseForm):
    words = Words(label=_("给受理机构的答复"), rows=4)
    outcome = forms.ChoiceField(label=_("处理结果"), choices=RegulatoryCase.Outcome.choices)
    negotiated_at = Moment(label=_("协商时间"), required=False, widget=forms.DateTimeInput(attrs=_PICKER))
    negotiated_by = forms.ChoiceField(
        label=_("协商方式"), required=False, choices=[("", "—"), *RegulatoryCase.Method.choices]
    )
    anyway = Words(label=_("材料不齐而仍要答复的原因"), rows=2, required=False)

    def prepare(self) -> None:
        super().prepare()
        keys = [Q(subject__startswith=case.key) for case in self.open]
        ask_why(self, Q(code__in=AUTHORITY) & reduce(or_, keys, Q(pk__in=[])))
        if "breach_reason" in self.fields and len(self.open) > 1:
            self.fields["breach_reason"].required = False  # of several cases another may be the late one

    @property
    def effects(self) -> list[str]:
        said = [gettext("登记之后监管时限停止；答复材料包在监管案件栏下载。")]
        for case in self.open:
            known = self.profiles[case.pk]
            if known is not None:
                said += regulating.missing(case, known, negotiated=False)
        return said


class AskTimeForm(CaseForm):
    reason = Words(label=_("为什么需要更多时间"))

    def concerns(self, case: RegulatoryCase) -> bool:
        known = profile(case.profile)
        return known is not None and case.asked_at is None and regulating.next_rung(known, case) is not None

    @property
    def effects(self) -> list[str]:
        if not self.open:
            return [gettext("这项监管要求没有（更多的）延长规则；受理机构同意延期的，请更正给定期限。")]
        said = []
        for case in self.open:
            known = self.profiles[case.pk]
            rung = regulating.next_rung(known, case) if known else None
            if rung is not None:
                words = gettext("%(case)s：转为“%(rung)s”，须%(who)s审批") % {
                    "case": self._said(case),
                    "rung": named(rung),
                    "who": gettext("更高一级负责人") if "higher_approval" in rung.needs else gettext("主管"),
                }
                said.append(words + (gettext("，并先告知客户。") if "customer_informed" in rung.needs else ""))
        return said


class DecideTimeForm(CaseForm):
    verdict = forms.ChoiceField(
        label=_("决定"), widget=forms.RadioSelect, choices=[("grant", _("同意")), ("refuse", _("不同意"))]
    )
    reason = Words(label=_("理由"), rows=2, required=False, help_text=_("不同意时必填。"))

    def concerns(self, case: RegulatoryCase) -> bool:
        return case.asked_at is not None and case.asked_by_id != self.member.pk

    def _said(self, case: RegulatoryCase) -> str:
        known = self.profiles[case.pk]
        rung = known.limit(case.asked_for) if known else None
        return noted(super()._said(case), named(rung)) if rung else super()._said(case)


class ReturnForm(MoveForm):
    without_reason = forms.BooleanField(
        label=_("七天无理由退货"), required=False, help_text=_("按消费者权益保护法，另计退款时限。")
    )


class SurveyForm(MoveForm):
    stars = forms.TypedChoiceField(
        label=_("客户给几星"), coerce=int, widget=forms.RadioSelect, choices=[(n, "★" * n) for n in range(5, 0, -1)]
    )
    reasons = forms.MultipleChoiceField(
        label=_("三星及以下：主要原因"), required=False, choices=Reason.choices, widget=forms.CheckboxSelectMultiple
    )
    ces = forms.TypedChoiceField(
        label=_("容易程度（1 到 7 分，客户没答的不选）"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *((n, str(n)) for n in EASE)],
    )  # fmt: skip
    nps = forms.TypedChoiceField(
        label=_("推荐意愿（0 到 10 分，客户没答的不选）"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *((n, str(n)) for n in ADVICE)],
    )  # fmt: skip
    words = Words(label=_("客户怎么说"), rows=2, required=False)


class CareForm(MoveForm):
    reasons = forms.MultipleChoiceField(
        label=_("主要原因"), choices=Reason.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个原因。")},
    )  # fmt: skip
    words = Words(label=_("客户怎么说"), rows=2, required=False)
