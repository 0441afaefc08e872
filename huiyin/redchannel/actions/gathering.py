"""会诊的群: who is called into the war room finds a group of the company's WeCom, made for it (C039)."""

import re
from datetime import datetime

from django.conf import settings

from huiyin.notices.carriers import groupchat
from huiyin.notices.carriers.errors import NotTaken, Throttled, Unreachable
from huiyin.redchannel.actions.paging import link_to
from huiyin.redchannel.models import Participant, WarRoom


def gather(complaint_id: int, *, at: datetime) -> WarRoom | None:
    """The open room's group stands, and everybody who was called is in it; None where there is nothing to do, or no
    WeCom. What WeCom refuses is written down for the page and not tried again; raises NotTaken where it may go later.

    The group hears the number, the place and the link, and nothing of the complaint: it is kept outside.
    """
    rooms = WarRoom.objects.open().filter(case__complaint=complaint_id).select_related("case__complaint")
    room = rooms.first() if groupchat.is_configured() else None
    if room is None:
        return None
    called = list(room.participants.select_related("member").exclude(called_at=None).order_by("pk"))
    new = [each for each in called if each.in_group_at is None]
    if not new or len(called) < groupchat.LEAST:
        return None
    number = room.case.complaint.number
    lines = [f"会诊 {number}，请马上加入。", room.place, settings.HUIYIN_PUBLIC_URL + link_to(number)]
    try:
        groupchat.gather(
            f"hy{re.sub('[^0-9a-zA-Z]', '', number)}r{room.position}"[:32],
            name=f"会诊 {number}",
            people=[each.member.username for each in called],
            new=[each.member.username for each in new],
            words="\n".join(line for line in lines if line),
        )
    except NotTaken as reason:
        WarRoom.objects.filter(pk=room.pk).update(group_fault=str(reason))
        if isinstance(reason, Unreachable | Throttled):
            raise
        return None
    WarRoom.objects.filter(pk=room.pk).update(group_at=room.group_at or at, group_fault="")
    Participant.objects.filter(pk__in=[each.pk for each in new]).update(in_group_at=at)
    room.refresh_from_db()
    return room
