"""待发出: a letter that waits a moment, or until a time of one's choice, and can be taken back until then."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from huiyin.complaints.actions import attaching, promising, replying
from huiyin.complaints.actions.explaining import must_be_explained
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, Refused
from huiyin.complaints.models import Complaint, Letter
from huiyin.org.actors import Actor
from huiyin.org.rules import Right

log = logging.getLogger(__name__)
TASK = "complaints.release_letter"
FARTHEST = timedelta(days=30)
LOST_AFTER = timedelta(minutes=1)  # then the sweep releases what its own job did not


class AlreadyGone(Refused):
    """It was sent, or taken back, before."""

    code = "already_gone"

    def __init__(self) -> None:
        super().__init__(_("这封答复已经发出或撤回，不能再撤回。"))


class _NotNow(Exception):
    """Rolls a trial back."""


@transaction.atomic
def schedule(
    complaint: Complaint,
    *,
    channel: Letter.Channel,
    body: str,
    actor: Actor,
    at: datetime,
    send_at: datetime,
    is_final: bool,
    subject: str = "",
    ask: bool = False,
    cause: str = "",
    breach_reason: str = "",
    promise_until: datetime | None = None,
    files: replying.Files = (),
    kept: Iterable[int] | None = None,
) -> Letter:
    """The letter waits and goes out at `send_at`, as if its author had sent it then. What could not be sent now is
    refused now. The author's draft becomes the letter. No event: nothing has been said to the customer yet; but why
    it is late is filed now, where it is.
    """
    promising.must_be_said(promise_until, send_at)
    hold(complaint)  # sent twice at once, the second finds the first waiting
    if complaint.letters.filter(author=actor.member, status=Letter.Status.WAITING).exists():
        raise GuardFailed("waiting", _("您写给这位客户的一封邮件正等着发出；要改写请先撤回。"), "body")
    if not at <= send_at <= at + FARTHEST:
        raise GuardFailed("send_at", _("发出时间须在三十天以内，且不早于现在。"), "send_at")
    if is_final and actor.may(Right.REPLY):
        must_be_explained(complaint, reason=breach_reason, actor=actor, at=at)
    given: dict[str, Any] = {"is_final": is_final, "ask": ask, "cause": cause, "promise_until": promise_until}
    letter = replying.begun(complaint, actor.member, channel) or Letter(complaint=complaint, author=actor.member)
    held = letter.enclosed if kept is None else kept
    enclosed = attaching.enclose(complaint, files=files, kept=held, actor=actor, at=at)
    _try(complaint, {"channel": channel, "body": body, "subject": subject, "kept": enclosed, **given}, actor, at)
    letter.channel, letter.body, letter.subject = channel, body.strip(), subject
    letter.purpose = Letter.Purpose.FINAL if is_final else Letter.Purpose.QUESTION if ask else Letter.Purpose.PROGRESS
    letter.status, letter.created_at, letter.send_at = Letter.Status.WAITING, at, send_at
    letter.cause, letter.returned_because, letter.promise_until = cause, "", promise_until
    letter.enclosed = enclosed
    letter.save()
    jobs.configure_task(TASK, schedule_at=send_at).defer(letter_id=letter.pk)
    return letter


def _try(complaint: Complaint, words: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Send it and take it all back: whatever refuses it refuses it now."""
    try:
        with transaction.atomic():
            replying.send(complaint, **words, actor=actor, at=at)
            raise _NotNow
    except _NotNow:
        complaint.refresh_from_db()


@transaction.atomic
def take_back(letter: Letter, *, actor: Actor) -> Letter:
    """A draft again, its author's; joined to the draft that they have begun since. Raises AlreadyGone."""
    held = _hold(letter)
    if held is None or actor.member is None or held.author_id != actor.member.pk:
        raise AlreadyGone
    _become_draft(held)
    return held


def _become_draft(letter: Letter, because: str = "") -> None:
    """Its author has one draft of a letter for a complaint: what they have begun since is put under it."""
    other = replying.begun(letter.complaint, letter.author, letter.channel)
    if other is not None and other.pk != letter.pk:
        letter.body = f"{letter.body}\n\n{other.body}".strip()
        letter.enclosed = [*letter.enclosed, *(pk for pk in other.enclosed if pk not in letter.enclosed)]
        other.delete()
    letter.enclosed = attaching.standing(letter.complaint, letter.enclosed)
    letter.status, letter.send_at, letter.returned_because = Letter.Status.DRAFT, None, because
    letter.save()


@transaction.atomic
def release(letter: Letter, *, at: datetime) -> bool:
    """Send it, if it still waits and its time has come; one that cannot go any more is its author's draft again,
    with the reason. True if it went.
    """
    held = _hold(letter)
    if held is None or held.send_at is None or held.send_at > at or held.author is None:
        return False
    if not Complaint.objects.visible_to(held.author).filter(pk=held.complaint_id).exists():
        _become_draft(held, because=_("您已不能查看这件投诉，这封信没有发出。"))
        return False
    with translation.override(held.author.language or None):
        try:
            with transaction.atomic():
                replying.send(
                    held.complaint,
                    channel=Letter.Channel(held.channel),
                    body=held.body,
                    subject=held.subject,
                    letter=held,
                    is_final=held.is_final,
                    ask=held.purpose == Letter.Purpose.QUESTION,
                    cause=held.cause,
                    promise_until=held.promise_until,
                    actor=Actor.of(held.author),
                    at=at,
                )
        except Refused as refusal:
            held.refresh_from_db()
            _become_draft(held, because=str(refusal))
            return False
    return True


def release_lost(*, at: datetime, limit: int = 200) -> int:
    """Release what waits past its time, its job gone with a worker; returns how many went."""
    waiting = Letter.objects.filter(status=Letter.Status.WAITING, send_at__lte=at - LOST_AFTER).order_by("send_at")
    gone = 0
    for letter in waiting[:limit]:
        try:
            gone += release(letter, at=at)
        except Exception:  # whatever is wrong with one letter, those behind it go out
            log.exception("letter %s could not be released", letter.pk)
    return gone


def _hold(letter: Letter) -> Letter | None:
    """The complaint first, as every action does, so that two never wait for each other."""
    hold(letter.complaint)
    found = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk, status=Letter.Status.WAITING)
    return found.select_related("complaint", "author").first()
