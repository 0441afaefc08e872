"""Forms about time: each says beforehand what it will do to which promise."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints import openings, proof
from huiyin.complaints.actions import clocks, pausing
from huiyin.complaints.models import Clock, Extension, Letter
from huiyin.complaints.models.clocks import ClockQuerySet
from huiyin.complaints.states import MAY_BECOME, State
from huiyin.desk.forms.fields import Moment, Words, choose_from
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.promises import clock_label, clock_names
from huiyin.desk.wordings import limit_words, needs_words, pause_label, proof_label
from huiyin.dispatch.models import WorkOrder
from huiyin.lib.phrasing import clauses, listed, noted, told
from huiyin.org.actors import Actor
from huiyin.sla import engine, promises
from huiyin.sla.engine import Target
from huiyin.sla.queries import NoPolicy, current, numbered
from huiyin.supervision.models import Supervision

GRANT, REFUSE = "grant", "refuse"
_PICKER = {"type": "datetime-local"}


def shown(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


class TimeForm(MoveForm):
    def _clocks(self) -> ClockQuerySet:
        return Clock.objects.visible_to(self.member).filter(complaint=self.complaint)


class PauseForm(TimeForm):
    code = forms.ChoiceField(label=_("为什么暂停"), widget=forms.RadioSelect)
    reason = Words(label=_("原因和依据"), help_text=_("写明在等什么、凭什么；例如客户的原话、检测委托单号。"))
    until = Moment(
        label=_("暂停到什么时候"), required=False, widget=forms.DateTimeInput(attrs=_PICKER),
        help_text=_("不填就到上面写的最长期限；到时自动恢复。"),
    )  # fmt: skip

    evidence = forms.ChoiceField(
        label=_("依据是哪一条记录"), required=False,
        help_text=_("告知客户的联系、客户的补充、通话记录或附件；须告知客户或须有客户要求的才选。"),
    )  # fmt: skip
    review = Moment(
        label=_("哪天复查"), required=False, widget=forms.DateTimeInput(attrs=_PICKER),
        help_text=_("没有期限的暂停必填：到时提醒，之后每七天再提醒，直到恢复。"),
    )  # fmt: skip

    def prepare(self) -> None:
        choices = [(code, self._said(code)) for code in self._open()]
        choose_from(self, "code", choices)
        reasons = current().pause_reasons
        needs = dict.fromkeys(filter(None, (proof.asked_of(reasons[code]) for code in self._open())))
        self.proofs = {need: proof.found(self.complaint, need) for need in needs}
        every = {each.code: each for found in self.proofs.values() for each in found}
        if not needs:
            del self.fields["evidence"]
        else:
            choose_from(self, "evidence", [("", "—"), *((code, proof_label(each)) for code, each in every.items())])
        if all(reasons[code].longest for code in self._open()):
            del self.fields["review"]
        self.initial = {"code": choices[0][0] if choices else "", **self.initial}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return {"evidence": "", "review": None, **given}

    def _open(self) -> list[str]:
        """Those of the policy that the member may give now."""
        running = set(self.complaint.pauses.running().values_list("reason", flat=True))
        step = MAY_BECOME[self.complaint.state].get(State.AWAITING_CUSTOMER)
        roles = Actor.of(self.member).roles
        waits = self.complaint.state == State.AWAITING_CUSTOMER or (step is not None and bool(step.by & roles))
        return [
            code
            for code, reason in current().pause_reasons.items()
            if code not in running
            and (waits or code not in pausing.CUSTOMERS)
            and (pausing.NEEDS_SUPERVISOR not in reason.needs or pausing.SUPERVISORS & roles)
        ]

    def _said(self, code: str) -> str:
        policy = current()
        reason = policy.pause_reasons[code]
        parts = [limit_words(reason.longest)]
        if reason.longest:
            last = promises.earliest(policy.calendar, timezone.now(), reason.longest)
            parts.append(gettext("至迟 %s 自动恢复") % shown(last))
        parts += needs_words(reason.needs)
        return noted(pause_label(code, reason.zh), clauses(parts))

    @property
    def effects(self) -> list[str]:
        policy, names = current(), clock_names()
        running = list(self._clocks().running().order_by("due_at"))
        found = []
        for code in self._open():
            held = [clock for clock in running if policy.may_pause(clock.code, code)]
            labels = dict.fromkeys(clock_label(clock.code, names) for clock in held)
            label = pause_label(code, policy.pause_reasons[code].zh)
            said = gettext("%(reason)s：停住 %(clocks)s") if held else gettext("%(reason)s：现在没有可以停住的时限")
            found.append(said % {"reason": label, "clocks": listed(labels)})
            need = proof.asked_of(policy.pause_reasons[code])
            if need and not self.proofs[need]:
                found.append(told(label, gettext(proof.MISSING[need])))
        return [*found, gettext("其他时限照走，首次响应不能暂停；等内部部门、等配件、处理人休假都不是理由。")]


class ResumeForm(TimeForm):
    which = forms.ChoiceField(label=_("恢复哪一项"), required=False, widget=forms.RadioSelect)

    def prepare(self) -> None:
        pauses = list(self.complaint.pauses.running())
        if len(pauses) < 2:
            del self.fields["which"]
            return
        reasons = current().pause_reasons
        labels = [(each.reason, _label(each.reason, reasons)) for each in pauses]
        choices = [("", gettext("全部")), *labels]
        choose_from(self, "which", choices)

    @property
    def effects(self) -> list[str]:
        """When what is paused will be due, if all of it goes on now."""
        try:
            return self._moved()
        except NoPolicy:
            return []

    def _moved(self) -> list[str]:
        at, policy, names = timezone.now(), current(), clock_names()
        pauses = list(self.complaint.pauses.all())
        found = []
        held = (
            Clock.objects.visible_to(self.member)
            .running()
            .filter(complaint=self.complaint, paused_at__isnull=False)
            .order_by("due_at")
        )
        for clock in held:
            stood = [
                engine.Pause(each.started_at, each.ended_at or max(at, each.started_at))
                for each in pauses
                if policy.may_pause(clock.code, each.reason)
            ]
            before = clock.due_at
            pausing.reckon(clock, numbered(clock.policy_version), stood, order_due=clocks.order_due(self.complaint))
            said = gettext("%(clock)s：截止由 %(before)s 顺延到 %(after)s")
            if clock.due_at == before:
                said = gettext("%(clock)s：截止仍是 %(after)s")
            words = {"clock": clock_label(clock.code, names), "before": shown(before), "after": shown(clock.due_at)}
            found.append(said % words)
        return found


def _label(code: str, reasons: Any) -> str:
    return pause_label(code, reasons[code].zh if code in reasons else code)


class ExtensionForm(MoveForm):
    clock = forms.ChoiceField(label=_("哪一项时限"), widget=forms.RadioSelect)
    days = forms.TypedChoiceField(label=_("延长"), coerce=int)
    reason = Words(label=_("为什么需要更多时间"))

    def prepare(self) -> None:
        self.open = sorted(openings.extendable(self.complaint), key=lambda clock: clock.due_at)
        names = clock_names()
        choices = [(str(each.pk), noted(_named(each, names), shown(each.due_at))) for each in self.open]
        choose_from(self, "clock", choices)
        longest = int(current().extension.longest.amount)
        days = [(n, gettext("%d 个工作日") % n) for n in range(1, longest + 1)]
        choose_from(self, "days", days)
        self.initial = {"clock": choices[0][0] if choices else "", **self.initial}

    @property
    def effects(self) -> list[str]:
        names, longest = clock_names(), int(current().extension.longest.amount)
        lines = []
        for clock in self.open:
            policy = numbered(clock.policy_version)
            moments = [
                gettext("延 %(n)d 天到 %(at)s") % {"n": n, "at": shown(_later(policy, clock, n))}
                for n in range(1, longest + 1)
            ]
            lines.append(told(_named(clock, names), listed(moments)))
        return [*lines, gettext("须在到期之前由另一位主管同意，并先告知客户；每项时限只能延一次。")]

    def clean_clock(self) -> Clock:
        return next(each for each in self.open if str(each.pk) == self.cleaned_data["clock"])


def _named(clock: Clock, names: dict[str, str]) -> str:
    return f"{clock_label(clock.code, names)} {clock.subject}".strip()


def _later(policy: promises.Policy, clock: Clock, days: int) -> datetime:
    return promises.extended(policy, promises.Deadline(clock.due_at, clock.why), days=days).due_at


class VerdictForm(MoveForm):
    extension = forms.ChoiceField(label=_("申请"), widget=forms.RadioSelect)
    verdict = forms.ChoiceField(
        label=_("决定"), widget=forms.RadioSelect, choices=[(GRANT, _("同意")), (REFUSE, _("不同意"))]
    )
    reason = Words(label=_("理由"), rows=2, required=False, help_text=_("不同意时必填。"))

    def prepare(self) -> None:
        self.asked = openings.requests(self.complaint, self.member)
        names = clock_names()
        choices = [(str(each.pk), self._said(each, names)) for each in self.asked]
        choose_from(self, "extension", choices)
        self.initial = {"extension": choices[0][0] if choices else "", **self.initial}

    def _said(self, asked: Extension, names: dict[str, str]) -> str:
        clock = asked.clock
        if asked.target_at is not None:
            return gettext("%(clock)s 按新的等级：%(before)s → %(after)s（%(who)s）") % {
                "clock": _named(clock, names),
                "before": shown(clock.due_at),
                "after": shown(asked.target_at),
                "who": asked.asked_by.name,
            }
        after = _later(numbered(clock.policy_version), clock, asked.days)
        return gettext("%(clock)s 延 %(n)d 个工作日：%(before)s → %(after)s（%(who)s）") % {
            "clock": _named(clock, names),
            "n": asked.days,
            "before": shown(clock.due_at),
            "after": shown(after),
            "who": asked.asked_by.name,
        }

    @property
    def effects(self) -> list[str]:
        lines = [gettext("申请的理由：%s") % each.reason.text for each in self.asked]
        since = min((each.asked_at for each in self.asked), default=None)
        letters = self.complaint.letters.filter(status=Letter.Status.SENT, sent_at__gte=since) if since else None
        if letters is not None and not letters.exists():
            return [*lines, gettext("申请之后还没有告知客户：请先“联系客户”说明需要延期和原因，才能同意。")]
        return [*lines, gettext("客户已被告知；同意后截止时间顺延，不同意则仍按原时限。")]

    def clean_extension(self) -> Extension:
        return next(each for each in self.asked if str(each.pk) == self.cleaned_data["extension"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == REFUSE and not given.get("reason"):
            self.add_error("reason", gettext("请写明不同意的理由。"))
        return given


class ExplainForm(TimeForm):
    reason = Words(label=_("为什么超时"), help_text=_("一次说明全部超时的时限；备案后不能更改。"))

    @property
    def effects(self) -> list[str]:
        names = clock_names()
        late = self._clocks().unexplained().order_by("due_at")
        return [
            gettext("%(clock)s：应在 %(due)s 完成") % {"clock": _named(each, names), "due": shown(each.due_at)}
            for each in late
        ]


class PromiseForm(TimeForm):
    until = Moment(label=_("告诉客户什么时候回复"), widget=forms.DateTimeInput(attrs=_PICKER))

    @property
    def effects(self) -> list[str]:
        lines = [gettext("到时还没有联系客户就算违约，之前会提醒您和主管；联系上客户即算兑现。")]
        running = self._clocks().running().filter(code="CK-PROMISE").first()
        if running is not None:
            lines.append(gettext("现有的承诺 %s 由新的取代。") % shown(running.due_at))
        return lines


class SuperviseForm(MoveForm):
    order = forms.ChoiceField(label=_("督办谁"), required=False, widget=forms.RadioSelect)
    words = Words(label=_("要求"), help_text=_("要对方说明什么、做到什么。"))
    answer_by = Moment(label=_("答复期限"), widget=forms.DateTimeInput(attrs=_PICKER, format="%Y-%m-%dT%H:%M"))

    def prepare(self) -> None:
        active = (
            WorkOrder.objects.visible_to(self.member)
            .active()
            .filter(complaint=self.complaint)
            .select_related("unit", "assignee")
        )
        self.orders = list(active.select_related("unit", "assignee").order_by("id"))
        choices = [("", gettext("整件投诉的负责人"))]
        choices += [(each.number, f"{each.unit.name} {each.number}") for each in self.orders]
        choose_from(self, "order", choices)
        if not self.orders:
            del self.fields["order"]
        day = promises.earliest(current().calendar, timezone.now(), Target.of("wd", 1))
        first = self.orders[0].number if self.orders else ""
        self.initial = {"answer_by": timezone.localtime(day), "order": first, **self.initial}

    @property
    def effects(self) -> list[str]:
        count = Supervision.objects.visible_to(self.member).filter(complaint=self.complaint).count()
        lines = [gettext("承办人和其部门负责人马上收到督办单；到期没有答复，自动报您和客服经理。")]
        return [*lines, gettext("这件投诉已督办 %d 次。") % count] if count else lines

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["order"] = next((each for each in self.orders if each.number == given.get("order")), None)
        return given


class AnswerForm(MoveForm):
    letter = forms.ChoiceField(label=_("督办单"), widget=forms.RadioSelect)
    words = Words(label=_("答复"), help_text=_("目前的进展、原因和下一步。"))

    def prepare(self) -> None:
        owed = Supervision.objects.visible_to(self.member).owed_by(self.member).filter(complaint=self.complaint)
        self.owed = list(owed.select_related("words", "issued_by"))
        choices = [
            (
                str(each.pk),
                gettext("%(number)s（%(who)s，%(by)s 前答复）：%(words)s")
                % {
                    "number": each.number,
                    "who": each.issued_by.name,
                    "by": shown(each.answer_by_at),
                    "words": each.words.text,
                },
            )
            for each in self.owed
        ]
        choose_from(self, "letter", choices)
        self.initial = {"letter": choices[0][0] if choices else "", **self.initial}

    def clean_letter(self) -> Supervision:
        return next(each for each in self.owed if str(each.pk) == self.cleaned_data["letter"])
