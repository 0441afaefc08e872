"""受理回执: the customer is told the number and where to look."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.channels.actions import sending
from huiyin.channels.models import Channel, Message
from huiyin.complaints.models import Complaint
from huiyin.customers.actions import proving
from huiyin.customers.models import Customer


@transaction.atomic
def acknowledge(complaint: Complaint, *, at: datetime) -> None:
    """Queue one receipt by e-mail if the customer left an address. Not a first response: no human spoke."""
    name = f"{complaint.number}.receipt"
    address = complaint.customer.email
    if not address or Message.objects.filter(channel=Channel.EMAIL, external_id=name).exists():
        return
    body = _(
        "您好：\n\n您的投诉已受理，编号 %(number)s。\n您可以随时查看进度：%(link)s\n\n我们会尽快由专人与您联系。"
    ) % {"number": complaint.number, "link": tracking_url(complaint)}
    sending.queue(to=address, subject=_("投诉已受理：%s") % complaint.number, body=body, external_id=name, at=at)


@transaction.atomic
def send_code(customer: Customer, *, ticket: str, by: Channel, at: datetime) -> None:
    """Queue a code to the customer's own address, with which they come back to their complaints. Raises NoGateway."""
    code = proving.issue(customer=customer, ticket=ticket, at=at)
    if by == Channel.SMS:
        text = _("验证码 %s，10 分钟内有效，用于查看您的投诉进度。请不要告诉任何人。") % code
        sending.queue_sms(to=customer.phone, body=text, at=at)
        return
    body = _(
        "您好：\n\n您的验证码是 %s，10 分钟内有效，用于查看您的投诉进度。请不要告诉任何人，我们也不会向您要。\n\n"
        "如果不是您本人在查询，请不用理会。"
    )
    sending.queue(to=customer.email, subject=_("查询投诉进度的验证码"), body=body % code, at=at)


def tracking_url(complaint: Complaint) -> str:
    """Where the customer follows it, without an account; whoever has the link sees the progress."""
    return f"{settings.HUIYIN_PUBLIC_URL}/portal/t/{complaint.tracking_code}"
