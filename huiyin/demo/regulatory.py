"""One matter that the market regulator sent, under its number and with its deadline; and somebody who waits."""

from datetime import datetime, timedelta

from huiyin.complaints.actions import regulating
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Kind
from huiyin.complaints.states import State
from huiyin.demo.staff import Staff
from huiyin.intake.actions import papers, queueing


def make(staff: Staff, *, at: datetime) -> None:
    working = Complaint.objects.filter(state=State.IN_PROGRESS, owner_unit__code="CC", is_confidential=False)
    complaint = working.filter(kind=Kind.COMPLAINT).order_by("-received_at", "-id").first()
    clerk = staff.actor("agent")
    if complaint is not None:
        last: datetime = complaint.events.order_by("-seq").values_list("at", flat=True)[0]
        moment = last + (at - last) / 2
        sent = Referral(
            profile="CN-12315", number=f"1101012026{at:%m%d}0077", received_at=moment,
            deadline=(at + timedelta(days=6)).replace(hour=9, minute=0, second=0, microsecond=0),
            authority="东城区市场监督管理局",
        )  # fmt: skip
        regulating.refer(complaint, sent, actor=clerk, at=moment)
    queueing.enter(reference="A023", unit=staff.units["CC"], way="phone", actor=clerk, at=at - timedelta(minutes=4))
    papers.register(label="临江县寄来的挂号信", actor=clerk, at=at - timedelta(minutes=1))
