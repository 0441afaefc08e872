"""受理回执: the customer is told the number and where to look."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.channels.actions import sending
from huiyin.channels.models import Channel, Message
from huiyin.complaints.models import Complaint


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
def send_link(complaint: Complaint, *, at: datetime) -> None:
    """Queue the tracking link once more to the address left with the complaint, if there is one."""
    address = complaint.customer.email
    if not address:
        return
    body = _("您好：\n\n您要的查询链接（投诉编号 %(number)s）：%(link)s\n\n如果不是您要的，请不用理会。") % {
        "number": complaint.number,
        "link": tracking_url(complaint),
    }
    sending.queue(to=address, subject=_("投诉查询链接：%s") % complaint.number, body=body, at=at)


def tracking_url(complaint: Complaint) -> str:
    """Where the customer follows it, without an account; whoever has the link sees the progress."""
    return f"{settings.HUIYIN_PUBLIC_URL}/portal/t/{complaint.tracking_code}"
