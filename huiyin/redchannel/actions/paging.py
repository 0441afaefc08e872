"""呼叫: the executive emergency group is told by every way there is, again and again, until somebody confirms.

The group, or who stands in for those away; while none of them can be reached, or nobody confirms for some rounds, the
next rung of the tree too. Never nobody: whoever may see the complaint comes last, and if there is none, the
administrators are told that there is none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks, hurrying, keeping
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.duty import queries as duty
from huiyin.lib.sweeping import PUT_OFF, one_by_one
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member
from huiyin.org.rules import Role
from huiyin.redchannel import rules
from huiyin.redchannel.models import RedCase, RedPolicy
from huiyin.redchannel.queries import arrangements, may_be_red, of_units, why_red
from huiyin.sla import promises
from huiyin.sla.queries import current
from huiyin.supervision.directory import Directory, Sight

TASK_FORCE = "CK-TASKFORCE"
LATELY = timedelta(days=1)  # what became red before that is known by other ways
LAST_RESORT = 10  # so many of those who may see it at all
WHY = {
    RedCase.Reason.LEVEL: {"zh": "一级投诉（紧急/重大）", "en": "Level 1 complaint"},
    RedCase.Reason.LINE: {"zh": "400 紧急专线来件", "en": "Came in on the emergency line"},
    RedCase.Reason.MENTIONS: {"zh": "舆情发酵", "en": "An outbreak in public opinion"},
    RedCase.Reason.RULE: {"zh": "触发红色通道规则", "en": "A rule of the red channel holds"},
}


@transaction.atomic
def consider(complaint: Complaint, *, at: datetime) -> RedCase | None:
    """A complaint that is red now has its case, and the first round of pages is out; one that was graded level 1 has
    half an hour for its task force. May run twice without harm. Returns the case, where there is one."""
    hold(complaint)
    case = RedCase.objects.select_for_update().filter(complaint=complaint).first()
    policy = arrangements()
    why = why_red(complaint, policy) if may_be_red(complaint) and not _is_over(complaint) else None
    since = _graded_at(complaint) or complaint.effective_at or complaint.filed_at
    if why is None or (case is None and at - since > LATELY):
        return case
    if case is None:
        case = RedCase.objects.create(complaint=complaint, reason=why[0], rule=why[1], called_at=at)
        keeping.mark_red(complaint, is_red=True)
        _page(case, complaint, policy, at)
    elif case.ended_at is not None:  # it proved to be one after all
        case.reason, case.rule, case.called_at, case.ended_at = why[0], why[1], at, None
        keeping.mark_red(complaint, is_red=True)
        _page(case, complaint, policy, at)
    hurrying.hurry(complaint, at=at)  # severity.yaml red_channel: first_response_30min
    _count_down(case, complaint, policy, at)
    return case


def _is_over(complaint: Complaint) -> bool:
    return complaint.is_ended or complaint.put_away_at is not None


def _count_down(case: RedCase, complaint: Complaint, policy: RedPolicy, at: datetime) -> None:
    """From the moment a person set the level; once."""
    if complaint.severity not in policy.levels or complaint.effective_at is None or case.formed_at is not None:
        return
    if Clock.objects.filter(complaint=complaint, code=TASK_FORCE).exists():
        return
    begin(complaint, TASK_FORCE, since=_graded_at(complaint) or complaint.effective_at, at=at)


def _graded_at(complaint: Complaint) -> datetime | None:
    graded = complaint.events.filter(kind__in=(Event.Kind.REVIEWED, Event.Kind.REGRADED)).order_by("-seq").first()
    return graded.at if graded else None


def begin(complaint: Complaint, code: str, *, since: datetime, at: datetime) -> Clock | None:
    category = complaint.confirmed_category or complaint.category
    inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
    policy = current()
    if code not in policy.clocks:
        return None
    deadline = promises.deadline(policy, code, start=since, inputs=inputs)
    return clocks.start(complaint, code, deadline, at=at, since=since) if deadline else None


def sweep(*, at: datetime, limit: int = 100) -> int:
    """Whoever has not confirmed is paged again: one round each, however many sweeps run and however long none did."""
    ripe = RedCase.objects.unanswered(at).select_related("complaint").order_by("next_at")[:limit]
    return one_by_one(ripe, lambda case: _again(case, at), put_off=lambda case: _put_off(case, at))


def _put_off(case: RedCase, at: datetime) -> None:
    RedCase.objects.unanswered(at).filter(pk=case.pk).update(next_at=at + PUT_OFF)


def _again(case: RedCase, at: datetime) -> bool:
    complaint = case.complaint
    hold(complaint)
    mine = RedCase.objects.unanswered(at).select_for_update().filter(pk=case.pk).first()
    if mine is None:
        return False
    policy = arrangements()
    if _is_over(complaint) or why_red(complaint, policy) is None:
        mine.next_at, mine.ended_at = None, at
        mine.save(update_fields=["next_at", "ended_at"])
        keeping.mark_red(complaint, is_red=False)
    else:
        _page(mine, complaint, policy, at)
    return True


def _page(case: RedCase, complaint: Complaint, policy: RedPolicy, at: datetime) -> None:
    rung, members = _whom(case, complaint, policy, at)
    case.rounds += 1
    case.paged = list(dict.fromkeys([*case.paged, *(member.pk for member in members)]))
    case.next_at = at + policy.every
    case.save()
    said = {"round": case.rounds, "rung": rung, "reason": str(case.reason), "rule": case.rule}
    events.record(complaint, Event.Kind.PAGED, actor=SYSTEM, at=at, members=[member.pk for member in members], **said)
    unit = complaint.owner_unit
    told = Telling(
        members=members,
        kind="red_channel",
        values={
            "reason": WHY[RedCase.Reason(case.reason)],
            "unit": {"zh": unit.name_zh, "en": unit.name_en or unit.name_zh},
        },
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"page:{case.pk}:{case.rounds}",
        urgent=True,
    )
    tell_many([told] if members else [_nobody(case, at)], at=at)


def _whom(case: RedCase, complaint: Complaint, policy: RedPolicy, at: datetime) -> tuple[int, list[Member]]:
    """The highest rung that is asked, and all who are paged now."""
    directory = Directory(at=at)
    wide, found, is_heard, rung = case.rounds // policy.widen_after, dict[int, Member](), False, 0
    for number, wanted in enumerate(_rungs(complaint, policy, directory)):
        if number > wide and is_heard:
            break
        there = _seeing(complaint, directory.present(wanted))
        found |= {member.pk: member for member in there}
        is_heard = is_heard or bool(duty.reachable(there, at))
        rung = number
    if not found:
        anybody = _seeing(complaint, directory.everybody.values())
        found = {member.pk: member for member in anybody[:LAST_RESORT]}
    return rung, list(found.values())


def _rungs(complaint: Complaint, policy: RedPolicy, directory: Directory) -> list[list[Member]]:
    group = of_units(_with_units(directory), [policy.group_code]) or directory.anywhere(*policy.group_else)
    above = [
        [member for role in roles for member in directory.nearest(complaint.owner_unit_id, role)]
        for roles in policy.rungs
    ]
    return [group, *above]


def _with_units(directory: Directory) -> list[Member]:
    return list(Member.objects.filter(pk__in=directory.everybody).select_related("unit").order_by("name", "pk"))


def _seeing(complaint: Complaint, members: Iterable[Member]) -> list[Member]:
    sees = Sight([complaint])
    return [member for member in members if sees(member, complaint.pk)]


def _nobody(case: RedCase, at: datetime) -> Telling:
    """Without the complaint's number: administrators may not know of it."""
    return Telling(
        members=list(Member.objects.active().with_role(Role.ADMIN)),
        kind="announcement",
        values={
            "title": {"zh": "红色通道没有人可以呼叫", "en": "The red channel has nobody to page"},
            "text": {
                "zh": "有一件红色通道投诉，应急小组和上级都没有人能收到呼叫。请马上检查成员、角色和代理人。",
                "en": "Nobody can be paged of a red case. Please look at members, roles and deputies now.",
            },
        },
        number="",
        link="/desk/settings/members/",
        key=f"page-nobody:{case.pk}",
        urgent=True,
    )


@transaction.atomic
def confirm(case: RedCase, *, actor: Actor, at: datetime) -> None:
    """Somebody has it: nobody is paged any more, and those who were know who it is. Raises MayNot, and GuardFailed
    where another was faster."""
    complaint = case.complaint
    hold(complaint)
    lock(case)
    if case.confirmed_by is not None:
        raise GuardFailed("page", _("%s 已经确认。") % case.confirmed_by.name)
    if actor.member is None or not rules.may_confirm(case, actor.member):
        raise MayNot()
    case.confirmed_at, case.confirmed_by, case.next_at = at, actor.member, None
    case.save(update_fields=["confirmed_at", "confirmed_by", "next_at"])
    seconds = int((at - case.called_at).total_seconds())
    events.record(complaint, Event.Kind.PAGE_CONFIRMED, actor=actor, at=at, seconds=seconds, rounds=case.rounds)
    others = Member.objects.active().filter(pk__in=case.paged).exclude(pk=actor.member.pk)
    told = Telling(
        members=_seeing(complaint, list(others)),
        kind="red_confirmed",
        values={"who": actor.member.name},
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"page-confirmed:{case.pk}:{case.rounds}",
    )
    tell_many([told], at=at)


def lock(case: RedCase) -> None:
    """The row, read afresh; the caller holds the complaint."""
    held = RedCase.objects.select_for_update(of=("self",)).select_related("confirmed_by", "lead").get(pk=case.pk)
    complaint = case.complaint
    for field in RedCase._meta.concrete_fields:
        setattr(case, field.attname, getattr(held, field.attname))
    case.confirmed_by, case.lead, case.complaint = held.confirmed_by, held.lead, complaint


def link_to(number: str) -> str:
    return f"/desk/red/{number}"  # where the desk shows it; a test compares
