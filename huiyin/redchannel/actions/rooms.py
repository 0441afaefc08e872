"""会诊: a war room is called, those who come are timed, one of each side makes the quorum (C039); what is decided is
frozen, and it ends with minutes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import clocks
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.dispatch.actions.dispatching import let_see
from huiyin.duty import queries as duty
from huiyin.lib.canonical import sha256_hex
from huiyin.notices.actions.telling import Telling, tell_many
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.redchannel import rules
from huiyin.redchannel.actions.force import must_be_able, must_see
from huiyin.redchannel.actions.paging import begin, link_to, lock
from huiyin.redchannel.models import Decision, Participant, RedCase, WarRoom
from huiyin.redchannel.queries import arrangements, could_come, of_units

QUORUM = "CK-WARROOM"
ASKS = {"zh": "请马上加入", "en": "please join at once"}
OF_A_SIDE = 3  # so many are called of a side that the task force has nobody of


@transaction.atomic
def call(
    case: RedCase, *, topic: str, actor: Actor, at: datetime, place: str = "", invited: Iterable[Member] = ()
) -> WarRoom:
    """The task force, those invited, and of each side that would be missing whoever can be reached are called; the
    group's robot says so. Half an hour for the quorum begins. Raises MayNot, GuardFailed."""
    complaint = case.complaint
    if actor.member is None:
        raise MayNot()
    hold(complaint)
    lock(case)
    if not rules.may_call(case, actor.member):
        raise MayNot()
    if case.rooms.open().exists():
        raise GuardFailed("topic", _("已经有一场会诊在进行。"))
    if not topic.strip():
        raise GuardFailed("topic", _("请写明会诊的议题。"))
    invited = list(invited)
    must_be_able(complaint, invited)
    sides = _sides(complaint)
    named = Member.objects.active().filter(pk__in=case.force.values("member")).select_related("unit")
    called = {member.pk: member for member in [*named, *invited]}
    for side in sides:
        if not of_units(called.values(), side["units"]):
            called |= {member.pk: member for member in _at_hand(side, complaint, at)}
    vacant = [side for side in sides if not of_units(called.values(), side["units"])]
    room = WarRoom.objects.create(
        case=case, position=case.rooms.count() + 1, topic=topic.strip(), place=place.strip(), called_at=at,
        called_by=actor.member, sides=[side for side in sides if side not in vacant], vacant=vacant,
    )  # fmt: skip
    _call_in(room, called.values(), at)
    let_see(complaint)
    must_see(complaint, called.values())
    begin(complaint, QUORUM, since=at, at=at)
    events.record(complaint, Event.Kind.WAR_ROOM_CALLED, actor=actor, at=at, room=room.position, members=sorted(called))
    _tell(room, complaint, called.values(), ASKS, "called", actor, at, urgent=True)
    return room


def _sides(complaint: Complaint) -> list[dict[str, Any]]:
    owner = complaint.owner_unit.code
    return [
        {**side, "units": [owner if code == "@owner" else code for code in side["units"]]}
        for side in arrangements().quorum
    ]


def _at_hand(side: dict[str, Any], complaint: Complaint, at: datetime) -> list[Member]:
    """Those of the side who can be reached now, else any of it; nobody who must keep away."""
    able = could_come(complaint).select_related("unit").order_by("unit__path", "name")
    there = of_units(able, side["units"])
    awake = duty.reachable(there, at)
    return ([member for member in there if member.pk in awake] or there)[:OF_A_SIDE]


@transaction.atomic
def invite(room: WarRoom, *, members: Iterable[Member], actor: Actor, at: datetime) -> list[Member]:
    """Others are called in while it goes on; their half hour to come is their own. Returns those who were not called
    yet. Raises MayNot, GuardFailed."""
    complaint = _hold(room)
    if actor.member is None or not rules.may_invite(room, actor.member):
        raise MayNot()
    known = set(room.participants.values_list("member", flat=True))
    wanted = {member.pk: member for member in members}
    new = [member for member in wanted.values() if member.pk not in known]
    if not new:
        raise GuardFailed("members", _("请选择还没有叫到的人。"))
    must_be_able(complaint, new)
    _call_in(room, new, at)
    let_see(complaint)
    must_see(complaint, new)
    keys = sorted(member.pk for member in new)
    said = {"room": room.position, "members": keys, "invited": 1}
    events.record(complaint, Event.Kind.WAR_ROOM_CALLED, actor=actor, at=at, **said)
    act = f"called:{keys[0]}"
    _tell(room, complaint, new, ASKS, act, actor, at, urgent=True)
    return new


def _call_in(room: WarRoom, members: Iterable[Member], at: datetime) -> None:
    Participant.objects.bulk_create([Participant(room=room, member=member, called_at=at) for member in members])


@transaction.atomic
def join(room: WarRoom, *, actor: Actor, at: datetime) -> bool:
    """They are in the room from now on. Returns whether that makes the quorum. Raises MayNot, GuardFailed."""
    complaint = _hold(room)
    if actor.member is None or not rules.may_join(room, actor.member):
        raise MayNot(_("您已加入，或这场会诊没有叫您。"))
    came, _is_new = Participant.objects.update_or_create(room=room, member=actor.member, defaults={"joined_at": at})
    joined = [each.member for each in _joined(room)]
    makes_it = room.quorum_at is None and all(room.has_come(side, joined) for side in room.sides)
    if makes_it:
        room.quorum_at = at
        room.save(update_fields=["quorum_at"])
        clocks.stop(complaint, QUORUM, at=at)
    came.room = room
    seconds = int((came.joined_after or timedelta()).total_seconds())
    events.record(
        complaint, Event.Kind.WAR_ROOM_JOINED, actor=actor, at=at,
        room=room.position, seconds=seconds, quorum=int(makes_it),
    )  # fmt: skip
    return makes_it


def _joined(room: WarRoom) -> Iterable[Participant]:
    return room.participants.exclude(joined_at=None).select_related("member__unit")


@transaction.atomic
def decide(room: WarRoom, *, text: str, actor: Actor, at: datetime) -> Decision:
    """It is decided, by somebody in the room, and stays as it was written."""
    complaint = _hold(room)
    if actor.member is None or not rules.may_decide(room, actor.member):
        raise MayNot(_("请先加入会诊，再记录决定。"))
    if not text.strip():
        raise GuardFailed("text", _("请写明决定。"))
    made = Decision.objects.create(
        room=room, position=room.decisions.count() + 1, text=text.strip(), author=actor.member, decided_at=at
    )
    digest = sha256_hex(made.text.encode())
    events.record(
        complaint, Event.Kind.DECIDED, actor=actor, at=at, room=room.position, decision=made.position, digest=digest
    )
    return made


@transaction.atomic
def end(room: WarRoom, *, minutes: str, actor: Actor, at: datetime) -> None:
    """It is over, with minutes; a quorum that never came is a broken promise, where its time was up."""
    complaint = _hold(room)
    if actor.member is None or not rules.may_end(room, actor.member):
        raise MayNot()
    if not minutes.strip():
        raise GuardFailed("minutes", _("请写会议纪要。"))
    room.ended_at, room.ended_by, room.minutes = at, actor.member, minutes.strip()
    room.save(update_fields=["ended_at", "ended_by", "minutes"])
    clocks.stop(complaint, QUORUM, at=at)
    digest = sha256_hex(room.minutes.encode())
    events.record(complaint, Event.Kind.WAR_ROOM_ENDED, actor=actor, at=at, room=room.position, digest=digest)
    called = [each.member for each in room.participants.select_related("member")]
    _tell(room, complaint, called, {"zh": "已结束，有纪要", "en": "is over; there are minutes"}, "ended", actor, at)


def _hold(room: WarRoom) -> Complaint:
    complaint = room.case.complaint
    hold(complaint)
    held = WarRoom.objects.select_for_update().get(pk=room.pk)
    for field in WarRoom._meta.concrete_fields:
        setattr(room, field.attname, getattr(held, field.attname))
    if room.ended_at is not None:
        raise GuardFailed("room", _("这场会诊已经结束。"))
    return complaint


def _tell(
    room: WarRoom,
    complaint: Complaint,
    members: Iterable[Member],
    event: dict[str, str],
    act: str,
    actor: Actor,
    at: datetime,
    *,
    urgent: bool = False,
) -> None:
    """To those called; the unit's and the company's group robots have it too, since it is urgent."""
    told = Telling(
        members=list(members),
        kind="war_room",
        values={"event": event, "who": actor.member.name if actor.member else ""},
        number=complaint.number,
        link=link_to(complaint.number),
        key=f"war-room:{room.pk}:{act}",
        urgent=urgent,
    )
    tell_many([told], at=at)
