"""A half-written note, answer or registration is kept for its writer, and forgotten in time. None is on the record."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint, Draft
from huiyin.complaints.models.draft import KEPT
from huiyin.org.models import Member

LONGEST = 100_000
Values = Mapping[str, Sequence[str]]


@transaction.atomic
def keep(
    *,
    member: Member,
    form: Draft.Form,
    complaint: Complaint | None,
    values: Values,
    seen_seq: int | None,
    at: datetime,
    about: str = "",
) -> Draft:
    """It stands so from now on; one for each form, complaint and what of it. Raises GuardFailed when too long."""
    written = json.dumps({name: list(each) for name, each in values.items()}, ensure_ascii=False)
    if len(written) > LONGEST:
        raise GuardFailed("values", _("草稿太长，没有存到服务器；本机上仍有一份。"))
    kept, _is_new = Draft.objects.update_or_create(
        member=member,
        form=form,
        complaint=complaint,
        about=about,
        defaults={"values": written, "seen_seq": seen_seq, "saved_at": at},
    )
    return kept


@transaction.atomic
def discard(*, member: Member, form: Draft.Form, complaint: Complaint | None, about: str = "") -> int:
    """It was sent, or is not wanted any more."""
    return Draft.objects.filter(member=member, form=form, complaint=complaint, about=about).delete()[0]


@transaction.atomic
def forget(*, at: datetime) -> int:
    """What nobody touched for thirty days is gone; returns how many."""
    return Draft.objects.filter(saved_at__lt=at - KEPT).delete()[0]
