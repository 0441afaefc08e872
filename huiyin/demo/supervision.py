"""Letters of supervision on what has waited longest, and what the last days told people, by the product's own deeds."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from huiyin.complaints.models import Clock, Complaint, Event
from huiyin.complaints.states import State
from huiyin.demo.staff import Staff
from huiyin.notices.models import Notice
from huiyin.supervision.actions import supervising, telling

LATELY = timedelta(days=3)  # what is older was told, and read
UNREAD = timedelta(hours=20)
ASKED = "已超过承诺时限，请说明目前进展、卡在哪里、何时答复客户。"
ANSWERED = "已催部门，缺的备件今天下午到货，明天上午上门，完成后当天答复客户。"


def make(staff: Staff, *, at: datetime) -> None:
    """Three letters: one answered, one whose answer is late, one still in time; and the notices of three days."""
    manager, agent = staff.actor("manager"), staff.actor("agent")
    stages = ((26, 4, True), (22, 20, False), (3, -5, False))
    for complaint, (ago, until, is_answered) in zip(_waiting_longest(at), stages, strict=False):
        issued, answer_by = at - timedelta(hours=ago), at - timedelta(hours=until)
        letter = supervising.supervise(complaint, words=ASKED, answer_by=answer_by, actor=manager, at=issued)
        if is_answered:
            supervising.answer(letter, words=ANSWERED, actor=agent, at=issued + timedelta(hours=3))
    supervising.sweep(at=at)
    _tell(at)
    Notice.objects.filter(at__lt=at - UNREAD).update(seen_at=at - UNREAD)


def _tell(at: datetime) -> None:
    """Of what is older everybody has been told; a breach was told when it came."""
    Clock.objects.filter(due_at__lt=at - LATELY).update(told=F("reached"))
    telling.tell_of_time(list(Clock.objects.untold().values_list("complaint", flat=True)), at=at)
    due = {f"clock:{pk}:{reached}": due_at for pk, reached, due_at in Clock.objects.filter(
        due_at__range=(at - LATELY, at)).values_list("pk", "reached", "due_at")}  # fmt: skip
    notices = list(Notice.objects.filter(key__in=due))
    for notice in notices:
        notice.at = due[notice.key]
    Notice.objects.bulk_update(notices, ["at"], batch_size=500)


def _waiting_longest(at: datetime) -> list[Complaint]:
    """Late ones of the head office's own desk that nobody has touched for a day and more."""
    quiet = Complaint.objects.open().overdue(at).filter(owner_unit__code="CC", is_confidential=False)
    quiet = quiet.exclude(state__in=[State.RECEIVED, State.REOPENED])
    touched = Event.objects.filter(complaint=OuterRef("pk"), at__gte=at - timedelta(hours=27))
    return list(quiet.exclude(Exists(touched)).order_by("due_at", "id")[:3])
