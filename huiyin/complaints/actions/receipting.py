"""受理回执: the customer is told the number and where to look."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from huiyin.channels.actions import sending
from huiyin.channels.models import Channel, Message
from huiyin.complaints.models import Complaint
from huiyin.customers.actions import proving
from huiyin.customers.models import Customer
from huiyin.knowledge.queries import letter


@transaction.atomic
def acknowledge(complaint: Complaint, *, at: datetime) -> None:
    """Queue one receipt by e-mail if the customer left an address. Not a first response: no human spoke."""
    name = f"{complaint.number}.receipt"
    address = complaint.customer.email
    if not address or Message.objects.filter(channel=Channel.EMAIL, external_id=name).exists():
        return
    said = letter("receipt", number=complaint.number, link=tracking_url(complaint))
    sending.queue(to=address, subject=said.subject, body=said.body, external_id=name, at=at)


@transaction.atomic
def send_code(customer: Customer, *, ticket: str, by: Channel, at: datetime) -> None:
    """Queue a code to the customer's own address, with which they come back to their complaints. Raises NoGateway."""
    code = proving.issue(customer=customer, ticket=ticket, at=at)
    if by == Channel.SMS:
        sending.queue_sms(to=customer.phone, body=letter("code_sms", code=code).body, at=at)
        return
    said = letter("code_mail", code=code)
    sending.queue(to=customer.email, subject=said.subject, body=said.body, at=at)


def tracking_url(complaint: Complaint) -> str:
    """Where the customer follows it, without an account; whoever has the link sees the progress."""
    return f"{settings.HUIYIN_PUBLIC_URL}/portal/t/{complaint.tracking_code}"
