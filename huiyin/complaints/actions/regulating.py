"""监管案件: registered with the authority's number and deadline, extended by the profile's own rule only, and answered.

Its clocks run beside our own, never pause, and the complaint is due by the tightest of them all. What was imported is
kept as it was given. Supported, not certified: the profiles are configuration (sla.RegulatoryProfile).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, noting
from huiyin.complaints.actions.explaining import must_be_explained
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.lateness import AUTHORITY
from huiyin.complaints.models import Clock, Complaint, Event, Letter, RegulatoryCase
from huiyin.complaints.states import State
from huiyin.lib.clean import TooLong, clean_line
from huiyin.org.actors import Actor
from huiyin.org.rules import Right
from huiyin.sla import promises, regulations
from huiyin.sla.queries import current, numbered, profile, profiles
from huiyin.sla.regulations import Limit, Profile

MAY_REGISTER = (Right.FILE_COMPLAINT, Right.REVIEW, Right.REPLY)
HIGHER = frozenset({"cc_manager", "director", "executive"})  # what a profile's `higher_approval` asks for
BILLING = frozenset({"TN-01", "TN-04"})  # categories that are disputes about charges
AHEAD = timedelta(minutes=5)
LONGEST_NUMBER, LONGEST_AUTHORITY = 64, 120


@dataclass(frozen=True, kw_only=True)
class Referral:
    """What an authority sent. `deadline` as it gave it; the profile's own limit counts where it gave none."""

    profile: str
    number: str = ""
    received_at: datetime | None = None
    deadline: datetime | None = None
    category: str = ""
    authority: str = ""


@transaction.atomic
def refer(complaint: Complaint, referral: Referral, *, actor: Actor, at: datetime) -> RegulatoryCase:
    """A member, or what a channel brought, registers what an authority sent. Raises GuardFailed, MayNot."""
    if actor.kind == "member" and not any(actor.may(right) for right in MAY_REGISTER):
        raise MayNot()
    hold(complaint)
    if complaint.state == State.MERGED:
        raise GuardFailed("profile", _("这件投诉已并入另一件，请在那一件上登记。"))
    known = {each.code: each for each in profiles()}.get(referral.profile)
    if known is None:
        raise GuardFailed("profile", _("这项监管要求没有启用：%s。") % referral.profile[:16])
    received = referral.received_at or at
    number = _line(referral.number, LONGEST_NUMBER, "number")
    _must_fit(known, number, received, referral.deadline, referral.category, at)
    case = RegulatoryCase.objects.create(
        complaint=complaint, profile=known.code, number=number, received_at=received, deadline_at=referral.deadline,
        category=referral.category or next(iter(known.choose), ""),
        authority=_line(referral.authority, LONGEST_AUTHORITY, "authority") or known.authority,
        registered_at=at, registered_by=actor.member,
    )  # fmt: skip
    _begin(case, known, regulations.REFERRED, since=received)
    events.record(
        complaint, Event.Kind.REGULATED, actor=actor, at=at, case=case.pk, profile=case.profile, number=case.number,
        received=events.timestamp(received), category=case.category, **_due(case),
    )  # fmt: skip
    return case


def readied(referral: Referral, *, channel: str, external_id: str, at: datetime) -> Referral | None:
    """As it may be registered with a complaint that is about to be filed; a profile not named is the channel's own.
    None where this deployment has no profile for the channel. Raises GuardFailed for what could not be registered; a
    number that came with this very message before is no obstacle, since it will be joined."""
    known = {each.code: each for each in profiles()}
    code = referral.profile or next((each.code for each in known.values() if channel in each.channels), "")
    if not code:
        return None
    if code not in known:
        raise GuardFailed("profile", _("这项监管要求没有启用：%s。") % code[:16])
    number = _line(referral.number, LONGEST_NUMBER, "number")
    authority = _line(referral.authority, LONGEST_AUTHORITY, "authority")
    came = (channel, external_id)
    _must_fit(known[code], number, referral.received_at or at, referral.deadline, referral.category, at, came=came)
    return replace(referral, profile=code, number=number, authority=authority)


@transaction.atomic
def count_directly(complaint: Complaint, *, at: datetime) -> int:
    """The clocks of the profiles that this deployment keeps for every complaint; again changes nothing."""
    hold(complaint)
    had = set(complaint.regulatory_cases.values_list("profile", flat=True))
    wanted = [each for each in profiles("every") if each.code not in had]
    if complaint.is_ended or complaint.state == State.RESOLVED:
        return 0
    for each in wanted:
        case = RegulatoryCase.objects.create(
            complaint=complaint, profile=each.code, category=next(iter(each.choose), ""), is_direct=True,
            received_at=complaint.received_at, registered_at=at,
        )  # fmt: skip
        _begin(case, each, regulations.REFERRED, since=complaint.received_at)
    return len(wanted)


@transaction.atomic
def amend(case: RegulatoryCase, referral: Referral, *, actor: Actor, at: datetime) -> None:
    """Number, authority, class or deadline as they really are; what it said before stays on the record. A deadline once
    given is replaced by a new one, never taken away."""
    if not any(actor.may(right) for right in MAY_REGISTER):
        raise MayNot()
    complaint, known = _held(case)
    number = _line(referral.number, LONGEST_NUMBER, "number")
    _must_fit(known, number, case.received_at, referral.deadline, referral.category, at, but=case.pk)
    before = {"number": case.number, "category": case.category, **_due(case)}
    was = (case.category, case.deadline_at)
    case.number, case.deadline_at = number, referral.deadline or case.deadline_at
    case.category = referral.category or case.category
    case.authority = _line(referral.authority, LONGEST_AUTHORITY, "authority") or case.authority
    case.save(update_fields=["number", "deadline_at", "category", "authority"])
    if was != (case.category, case.deadline_at):
        _move(case, known)
    said = {"case": case.pk, "profile": case.profile, "number": case.number, "category": case.category, **_due(case)}
    events.record(complaint, Event.Kind.REFERRAL_AMENDED, actor=actor, at=at, before=before, **said)


@transaction.atomic
def ask_for_time(case: RegulatoryCase, *, reason: str, actor: Actor, at: datetime) -> None:
    """More time, as far as the profile's own rule knows any: the next class above, or its own longer limit."""
    complaint, known = _held(case)
    if not actor.may(Right.ASK_EXTENSION) or actor.member is None:
        raise MayNot()
    rung = next_rung(known, case)
    if rung is None:
        raise GuardFailed("case", _("这项监管要求没有（更多的）延长规则；受理机构同意延期的，请更正给定期限。"))
    if case.asked_at is not None:
        raise GuardFailed("case", _("已经申请过，正等待审批。"))
    main = _main(case)
    if main is None or main.is_late(at):
        raise GuardFailed("case", _("须在到期之前申请；这项时限已经到期或已经结束。"))
    if not reason.strip():
        raise GuardFailed("reason", _("请写明延长的理由。"))
    remark = noting.reason(complaint, reason, actor=actor, at=at)
    case.asked_for, case.asked_by, case.asked_at = rung.id, actor.member, at
    case.asked_because_id = remark["reason"]
    case.save(update_fields=["asked_for", "asked_by", "asked_at", "asked_because"])
    events.record(
        complaint, Event.Kind.REGULATORY_ASKED, actor=actor, at=at, case=case.pk, profile=case.profile, rung=rung.id,
        **remark,
    )  # fmt: skip


@transaction.atomic
def decide_on_time(case: RegulatoryCase, *, grant: bool, actor: Actor, at: datetime, reason: str = "") -> None:
    """By another than who asked, of the level that the rule names, before the old deadline; the customer informed where
    the rule says so. A deadline that the authority gave is the authority's to extend."""
    complaint, known = _held(case)
    rung = known.limit(case.asked_for)
    if case.asked_at is None or rung is None:
        raise GuardFailed("case", _("没有等待审批的延长申请。"))
    if not may_decide(rung, actor) or actor.member is None:
        raise MayNot(_("这一级延长须由更高一级负责人审批。") if "higher_approval" in rung.needs else "")
    if actor.member.pk == case.asked_by_id:
        raise MayNot(_("自己申请的延期须由另一位主管审批。"))
    if not grant and not reason.strip():
        raise GuardFailed("reason", _("请写明不同意的理由。"))
    if grant:
        _must_be_grantable(case, rung, complaint, at)
    remark = noting.reason(complaint, reason, actor=actor, at=at) if reason.strip() else {}
    before = _due(case)
    asked_for, case.asked_for, case.asked_at, case.asked_by, case.asked_because = case.asked_for, "", None, None, None
    if grant:
        case.category = asked_for
        _move(case, known, is_extension=True)
    case.save(update_fields=["asked_for", "asked_by", "asked_at", "asked_because", "category"])
    said = {"case": case.pk, "profile": case.profile, "rung": asked_for, "granted": grant}
    events.record(
        complaint, Event.Kind.REGULATORY_DECIDED, actor=actor, at=at, before=before, **said, **_due(case), **remark
    )


def may_decide(rung: Limit, actor: Actor) -> bool:
    wanted = HIGHER if "higher_approval" in rung.needs else HIGHER | frozenset(current().extension.approvers)
    return bool(wanted & actor.roles)


def next_rung(known: Profile, case: RegulatoryCase) -> Limit | None:
    """The class above; or the same one, where its text has a longer limit of its own."""
    mine = known.limit(case.category)
    return known.next_rung(case.category) or (mine if mine is not None and mine.more else None)


def missing(case: RegulatoryCase, known: Profile, *, negotiated: bool) -> list[str]:
    """What the reply package still lacks, in sentences (reply package complete before "answered")."""
    found = []
    told = Letter.objects.filter(complaint=case.complaint_id, purpose=Letter.Purpose.FINAL, status=Letter.Status.SENT)
    if not told.exists():
        found.append(_("还没有答复客户。"))
    if known.needs_negotiation and not negotiated:
        found.append(_("还没有协商的时间、方式和结果。"))
    return found


@transaction.atomic
def answer(
    case: RegulatoryCase,
    *,
    words: str,
    outcome: str,
    actor: Actor,
    at: datetime,
    negotiated_at: datetime | None = None,
    negotiated_by: str = "",
    anyway: str = "",
    breach_reason: str = "",
) -> None:
    """The authority has our answer: its clock stops. Only with a complete package, or with the reason why not; and,
    where it is late, with the reason of that (C027)."""
    if not actor.may(Right.REPLY) or actor.member is None:
        raise MayNot()
    complaint, known = _held(case)
    if not words.strip():
        raise GuardFailed("words", _("请写明给受理机构的答复。"))
    if outcome not in RegulatoryCase.Outcome.values:
        raise GuardFailed("outcome", _("请选择处理结果。"))
    if negotiated_at is not None and not case.received_at - timedelta(days=1) <= negotiated_at <= at + AHEAD:
        raise GuardFailed("negotiated_at", _("协商时间须在转办之后、现在之前。"))
    lacks = missing(case, known, negotiated=bool(negotiated_at and negotiated_by))
    if lacks and not anyway.strip():
        raise GuardFailed("anyway", _("答复材料还不齐：%s仍要答复的，请写明原因。") % "".join(lacks), "anyway")
    about = Q(code__in=AUTHORITY, subject__startswith=case.key)
    must_be_explained(complaint, reason=breach_reason, actor=actor, at=at, about=about)
    told = "\n".join(part.strip() for part in (words, anyway) if part.strip())
    remark = noting.reason(complaint, told, actor=actor, at=at)
    case.answered_at, case.answered_by, case.outcome = at, actor.member, outcome
    case.answer_id, case.negotiated_at, case.negotiated_by = remark["reason"], negotiated_at, negotiated_by
    case.asked_for, case.asked_at = "", None
    case.save()
    for clock in _clocks(case, clocks.REGULATORY, clocks.DIRECT):
        clocks.stop(complaint, clock.code, at=at, subject=clock.subject)
    _begin(case, known, regulations.ANSWERED, since=at)
    events.record(
        complaint, Event.Kind.AUTHORITY_ANSWERED, actor=actor, at=at, case=case.pk, profile=case.profile,
        number=case.number, outcome=outcome, complete=not lacks, **remark,
    )  # fmt: skip


def hints(case_profile: Profile, complaint: Complaint, *, at: datetime) -> list[str]:
    """The profile's eligibility rule as warnings; nobody is turned away by them."""
    is_billing = (complaint.confirmed_category or complaint.category).code in BILLING
    found = regulations.hints(case_profile, occurred=complaint.occurred_at, at=at, is_billing=is_billing)
    words = {
        "months": _("费用争议发生已超过 %d 个月，受理机构可能不受理；我们照常处理。"),
        "years": _("争议发生已超过 %d 年，受理机构可能不受理；我们照常处理。"),
    }
    return [words[unit] % count for unit, count in found]


def _must_fit(
    known: Profile,
    number: str,
    received: datetime,
    due: datetime | None,
    category: str,
    at: datetime,
    *,
    but: int = 0,
    came: tuple[str, str] = ("", ""),
) -> None:
    if not number and known.authority:
        raise GuardFailed("number", _("请填写对方的转办编号。"))
    same = RegulatoryCase.objects.filter(profile=known.code, number=number).exclude(pk=but)
    if came[1]:
        same = same.exclude(complaint__channel=came[0], complaint__external_id=came[1])
    if number and same.exists():
        raise GuardFailed("number", _("这个编号已经登记过：%s。") % number)
    if received > at + AHEAD:
        raise GuardFailed("received_at", _("转办时间不能在未来。"))
    if due is not None and due <= received:
        raise GuardFailed("deadline", _("给定的期限须在转办时间之后。"))
    if category and category not in known.choose:
        raise GuardFailed("category", _("这项监管要求没有这种情形：%s。") % category[:24])


def _must_be_grantable(case: RegulatoryCase, rung: Limit, complaint: Complaint, at: datetime) -> None:
    main = _main(case)
    if main is None or main.is_late(at):
        raise GuardFailed("case", _("原定时限已过，延期不再有效。"))
    if case.deadline_at is not None:
        raise GuardFailed("case", _("期限是受理机构给定的，须由其同意；同意后请更正给定期限。"))
    if "customer_informed" in rung.needs:
        told = complaint.letters.filter(status=Letter.Status.SENT, sent_at__gte=case.asked_at)
        if not told.exists():
            raise GuardFailed("customer", _("请先告知客户需要延期及原因，再批准。"))


def _held(case: RegulatoryCase) -> tuple[Complaint, Profile]:
    complaint = case.complaint
    hold(complaint)
    case.refresh_from_db()
    case.complaint = complaint
    known = profile(case.profile)
    if known is None or case.answered_at is not None:
        raise GuardFailed("case", _("这件监管案件已经答复。"))
    return complaint, known


def _begin(case: RegulatoryCase, known: Profile, event: str, *, since: datetime) -> None:
    policy = current()
    begun = known.begun(event, is_direct=case.is_direct, chosen=case.category)
    main = next((each for each in begun if not each.is_watched), None)
    made = []
    for limit in begun:
        code = clocks.WATCHED if limit.is_watched else clocks.DIRECT if case.is_direct else clocks.REGULATORY
        if limit is main and case.deadline_at is not None and event == regulations.REFERRED:
            due = _given(case, known, limit, code)
        else:
            due = regulations.deadline(policy, known, limit, code=code, start=since)
        clock = Clock(
            complaint=case.complaint, code=code, subject=f"{case.key}{limit.id}"[:32], policy_version=policy.number,
            started_at=since, due_at=due.due_at, why=due.why,
        )  # fmt: skip
        clock.attention_at = None if limit.is_watched else clocks.next_attention(clock, policy)
        made.append(clock)
    Clock.objects.bulk_create(made)
    if not case.complaint.is_ended:
        clocks.follow_due(case.complaint)


def _given(case: RegulatoryCase, known: Profile, limit: Limit, code: str) -> promises.Deadline:
    assert case.deadline_at is not None
    return regulations.given(
        current(), known, limit, code=code, start=case.received_at, due=case.deadline_at, number=case.number
    )


def _move(case: RegulatoryCase, known: Profile, *, is_extension: bool = False) -> None:
    """Its own clock by what the case says now, from its own start."""
    main = _main(case)
    limit = known.limit(case.category) or known.limit(str(main.why.get("limit_id", "")) if main else "")
    if main is None or limit is None:
        return
    if case.deadline_at is not None:
        due = _given(case, known, limit, main.code)
    else:
        amount = limit.more if is_extension and limit.more else None
        due = regulations.deadline(
            numbered(main.policy_version), known, limit, code=main.code, start=main.started_at, amount=amount
        )
    if is_extension:
        due.why["before_extension"] = main.why.get("due", "")
    # not as a pause or an extension of ours moves it: a calendar's change must not bring the old moment back
    main.due_at, main.why, main.first_due_at = due.due_at, due.why, None
    main.attention_at = clocks.next_attention(main, numbered(main.policy_version))
    main.save(update_fields=list(clocks.MOVED))
    if not case.complaint.is_ended:
        clocks.follow_due(case.complaint)


def running(case: RegulatoryCase) -> Sequence[Clock]:
    return _clocks(case, clocks.REGULATORY, clocks.DIRECT, clocks.WATCHED)


def _clocks(case: RegulatoryCase, *codes: str) -> Sequence[Clock]:
    found = Clock.objects.running().filter(complaint=case.complaint_id, code__in=codes)
    return list(found.filter(subject__startswith=case.key).order_by("id"))


def _main(case: RegulatoryCase) -> Clock | None:
    """The first of its own that still runs."""
    return next(iter(_clocks(case, clocks.REGULATORY, clocks.DIRECT)), None)


def _due(case: RegulatoryCase) -> dict[str, str | None]:
    main = _main(case)
    given = events.timestamp(case.deadline_at) if case.deadline_at else None
    return {"given": given, "due": events.timestamp(main.due_at) if main else None}


def _line(value: str, longest: int, field: str) -> str:
    try:
        return clean_line(value, limit=longest).strip()
    except TooLong as too_long:
        raise GuardFailed(field, _("最多 %d 个字。") % longest) from too_long
