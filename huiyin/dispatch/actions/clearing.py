"""The demo company is cleared away: its complaints hidden, its members gone. Real rows are never touched."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from huiyin.complaints.actions.putting_away import put_away
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint
from huiyin.dispatch.actions import dispatching
from huiyin.dispatch.models import WorkOrder
from huiyin.lib.phrasing import listed
from huiyin.org.actions import members
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Change, Member, SetupStep

STEP = "demo"
AT_ONCE = 20
GIVEN_UP_AFTER = timedelta(minutes=10)  # a job that was lost may be begun again; what it did is not done twice


class WrongWords(Refused):
    def __init__(self, wanted: str) -> None:
        super().__init__(_("请照样输入“%s”，确认要这样做。") % wanted)


class StillDemo(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("您正用演示账号操作，它也会被停用。请先建立自己的系统管理员账号，用它登录后再移除演示数据。")
        )


class RealWorkTouched(Refused):
    """Real complaints hang on the demo's members or complaints; names them."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self.numbers = tuple(numbers)
        super().__init__(
            _("有 %(n)d 件真实投诉由演示成员负责或与演示投诉合并，请先转给您自己的成员或解除合并：%(named)s")
            % {"n": len(numbers), "named": listed(self.numbers[:10])}
        )


class AlreadyBegun(Refused):
    def __init__(self) -> None:
        super().__init__(_("演示数据正在移除，或已经移除。"))


class Remains(NamedTuple):
    """What there is of the demo company, and how much of it is put away."""

    complaints: int
    put_away: int
    members: int


def remains() -> Remains:
    demo = Complaint.objects.filter(is_demo=True)
    together = demo.count()
    away = demo.exclude(put_away_at=None).count()
    return Remains(together, away, Member.objects.active().filter(is_demo=True).count())


def confirmation() -> str:
    """What has to be typed."""
    return _("移除演示数据")


@transaction.atomic
def begin(*, typed: str, actor: Actor, at: datetime) -> SetupStep:
    """The job may run. Raises MayNotConfigure, WrongWords, StillDemo, AlreadyBegun, RealWorkTouched."""
    must_configure(actor)
    if typed.strip() != confirmation():
        raise WrongWords(confirmation())
    if actor.member is not None and actor.member.is_demo:
        raise StillDemo
    step, _is_new = SetupStep.objects.select_for_update().get_or_create(code=STEP)
    is_running = step.started_at is not None and at - step.started_at < GIVEN_UP_AFTER
    if is_running or (step.started_at is not None and step.done_at is not None):
        raise AlreadyBegun
    if touched := real_work_touched():
        raise RealWorkTouched(touched)
    step.started_at, step.done_at, step.is_skipped, step.done_by = at, None, False, actor.member
    step.save()
    left = remains()
    told = {"complaints": left.complaints - left.put_away, "members": left.members}
    label = confirmation()
    record(Change.Area.SETUP, STEP, label=label, verb=Change.Verb.REMOVED, before=told, actor=actor, at=at)
    return step


def real_work_touched() -> list[str]:
    """Numbers of the real complaints that clearing the demo away would leave without somebody."""
    real = Complaint.objects.filter(is_demo=False)
    held = real.open().filter(assignee__is_demo=True)
    ordered = real.open().filter(
        Exists(WorkOrder.objects.active().filter(complaint=OuterRef("pk"), assignee__is_demo=True))
    )
    merged = real.filter(merged_into__is_demo=True)
    into = Complaint.objects.filter(is_demo=True, merged_into__is_demo=False)
    rows = held.values_list("number").union(
        ordered.values_list("number"), merged.values_list("number"), into.values_list("number")
    )
    return sorted(number for (number,) in rows)


def clear_some(*, at: datetime) -> int:
    """Put the next few complaints away, each in a transaction of its own; returns how many. Nothing of a real row."""
    waiting = Complaint.objects.filter(is_demo=True, put_away_at=None).order_by("id")[:AT_ONCE]
    reason = _("演示数据移除")
    done = 0
    for complaint in waiting:
        with transaction.atomic():
            put_away(complaint, reason=reason, actor=SYSTEM, at=at)
            dispatching.cancel_all(complaint, at=at)
        done += 1
    return done


@transaction.atomic
def finish(*, at: datetime) -> int:
    """The demo's members have left; returns how many. Their names stay in the record of what they did.

    Who was given real work since it began stays, with that work, and the step is to be done again.
    """
    leaving = list(Member.objects.select_for_update().active().filter(is_demo=True).order_by("id"))
    busy = _with_real_work()
    gone = [member for member in leaving if member.pk not in busy]
    for member in gone:
        members.deactivate(member, actor=SYSTEM, at=at)
    is_done = len(gone) == len(leaving)
    SetupStep.objects.filter(code=STEP).update(**({"done_at": at} if is_done else {"started_at": None}))
    return len(gone)


def _with_real_work() -> set[int]:
    held = Complaint.objects.filter(is_demo=False).open().filter(assignee__is_demo=True)
    ordered = WorkOrder.objects.active().filter(complaint__is_demo=False, assignee__is_demo=True)
    pairs = held.values_list("assignee_id").union(ordered.values_list("assignee_id"))
    return {pk for (pk,) in pairs if pk is not None}
