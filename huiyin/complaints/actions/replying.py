"""反馈: what is said to the customer, and the proof that it was said. Only customer service writes to them (A35)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.channels.actions import sending
from huiyin.channels.models import Message
from huiyin.complaints import events, wording
from huiyin.complaints.actions import attaching, clocks, pausing, promising
from huiyin.complaints.actions.attributing import attribute
from huiyin.complaints.actions.explaining import must_be_explained
from huiyin.complaints.actions.moving import change, followed_up, hold, move
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Complaint, Event, Letter
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import ENDED, MAY_BECOME, State
from huiyin.knowledge import phrases, queries
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

Files = Iterable[tuple[str, Iterable[bytes]]]
MOST_MAILED = 15 * 1024 * 1024  # encoded a third more, which is what most mail servers still take
FACE_TO_FACE = frozenset({"counter", "outlet", "franchise", "key_account"})


def begun(complaint: Complaint, author: Member | None, channel: str) -> Letter | None:
    """The author's draft that goes on with these words: what was noted of a call is no letter, nor a letter a call."""
    own = Letter.objects.filter(complaint=complaint, author=author, status=Letter.Status.DRAFT)
    spoken = Q(channel__in=wording.SPOKEN)
    return own.filter(spoken if channel in wording.SPOKEN else ~spoken).first()


@transaction.atomic
def draft(
    complaint: Complaint,
    *,
    channel: Letter.Channel,
    body: str,
    actor: Actor,
    at: datetime,
    subject: str = "",
    promise_until: datetime | None = None,
    files: Files = (),
    kept: Iterable[int] | None = None,
) -> Letter:
    """Begin, or go on with, this member's draft; each has one of a letter and one of a call for a complaint."""
    _must_reply(actor)
    hold(complaint)  # of two tabs one begins the draft and the other goes on with it
    said: dict[str, Any] = {"channel": channel, "body": body, "subject": subject, "promise_until": promise_until}
    letter = begun(complaint, actor.member, channel) or Letter(complaint=complaint, author=actor.member, created_at=at)
    held = attaching.standing(complaint, letter.enclosed) if kept is None else kept
    said["enclosed"] = attaching.enclose(complaint, files=files, kept=held, actor=actor, at=at)
    for name, value in said.items():
        setattr(letter, name, value)
    letter.save()
    return letter


@transaction.atomic
def send(
    complaint: Complaint,
    *,
    channel: Letter.Channel,
    body: str,
    actor: Actor,
    at: datetime,
    is_final: bool,
    reached: bool = True,
    subject: str = "",
    ask: bool = False,
    cause: str = "",
    breach_reason: str = "",
    letter: Letter | None = None,
    listened: Sequence[str] = (),
    promise_until: datetime | None = None,
    files: Files = (),
    kept: Iterable[int] | None = None,
) -> Letter:
    """Say it: a mail is queued in this transaction, a call, visit or posted letter is recorded as done.

    A final letter that reached the customer brings the complaint to `resolved`. An unreached call counts as an
    attempt; three of them within two days stand for the contact. `cause`: why the customer complained (A23), to be
    known by the final letter where the category has causes of its own. Raises PhraseBlocked where the words may not
    go to a customer; those that were doubtful are named in the event. `letter`: one that has waited; else the
    author's draft is used up. `breach_reason`: why a final answer is late, where it is and nobody has filed it (C027).
    `listened`: the steps of listening that were ticked for a call (C069). `promise_until`: by when the customer was
    told that they hear from us again; a contact before the answer that gives none says so in its event (B45).
    `files`, and of the complaint's attachments those `kept` (None: what the letter had already), go with a mail.
    """
    _must_reply(actor)
    promising.must_be_said(promise_until, at, reached=reached)
    hold(complaint)
    if complaint.state in ENDED:
        raise MoveRefused(complaint, State.RESOLVED)
    if is_final and State.RESOLVED not in MAY_BECOME[complaint.state]:
        raise MoveRefused(complaint, State.RESOLVED)
    if not body.strip():
        raise GuardFailed("reply_recorded", _("请先写好答复。"), "body")
    if is_final and reached:
        must_be_explained(complaint, reason=breach_reason, actor=actor, at=at)
    doubtful = _read(complaint, body, channel, is_final=is_final) if reached else {}
    if reached and listened and channel in wording.SPOKEN:
        doubtful |= {"listened": list(listened)}
    attributed = attribute(complaint, cause, is_last=is_final)
    letter = letter or begun(complaint, actor.member, channel) or Letter(complaint=complaint, author=actor.member)
    letter.channel, letter.body, letter.promise_until = channel, body.strip(), promise_until
    held = letter.enclosed if kept is None else kept
    letter.enclosed = attaching.enclose(complaint, files=files, kept=held, actor=actor, at=at)
    if letter.enclosed:
        doubtful |= {"files": letter.enclosed}
    _keep(complaint, letter, subject, at, is_final=is_final, reached=reached, ask=ask)
    _note_contact(complaint, letter, at)
    if not is_final:
        kind = Event.Kind.INFORMED if reached else Event.Kind.NOT_REACHED
        if reached:
            followed_up(complaint)
        doubtful |= promising.goes_on(complaint, letter, until=promise_until)
        events.record(complaint, kind, actor=actor, at=at, letter=letter.pk, channel=str(channel), **doubtful)
    else:
        _resolve(complaint, letter, actor, at, {**attributed, **doubtful}, breach_reason)
    if promise_until is not None:
        promising.promise(complaint, until=promise_until, actor=actor, at=at, is_told=reached)
    return letter


def _read(complaint: Complaint, body: str, channel: Letter.Channel, *, is_final: bool) -> dict[str, Any]:
    """Refuse what is forbidden; what the event may say of what was sent all the same."""
    found = wording.findings(complaint, body, channel=channel, is_final=is_final)
    wording.refuse_blocked(found)
    codes = [each.code for each in phrases.warnings(found)]
    return {"phrases": codes} if codes else {}


def _resolve(
    complaint: Complaint, letter: Letter, actor: Actor, at: datetime, attributed: dict[str, Any], breach_reason: str
) -> None:
    if letter.status == Letter.Status.NOT_REACHED:
        attempts = complaint.letters.filter(
            status=Letter.Status.NOT_REACHED, created_at__gte=complaint.state_since
        ).count()
        if attempts < 3:
            events.record(complaint, Event.Kind.NOT_REACHED, actor=actor, at=at, letter=letter.pk, attempt=attempts)
            return
        must_be_explained(complaint, reason=breach_reason, actor=actor, at=at)
    step = move(complaint, State.RESOLVED, actor=actor, at=at, given={"letter": letter}, replied_at=at)
    pausing.end(complaint, by=actor, at=at)
    clocks.stop(complaint, *clocks.UNTIL_ANSWERED, promising.PROMISE, at=at)
    said = {"channel": letter.channel, **step, **attributed}
    events.record(complaint, Event.Kind.REPLIED, actor=actor, at=at, letter=letter.pk, **said)


@transaction.atomic
def resolve_on_spot(
    complaint: Complaint,
    *,
    explanation: str,
    customer_agreed: bool,
    actor: Actor,
    at: datetime,
    cause: str = "",
    breach_reason: str = "",
) -> None:
    """当场解决: the front desk explained or mended it and the customer agrees; no work order is needed (A22). The
    explanation is the customer's answer: raises PhraseBlocked like any other; `breach_reason` as with send()."""
    hold(complaint)
    said = wording.findings(complaint, explanation, channel=Letter.Channel.PHONE, is_final=True)
    wording.refuse_blocked(said, "explanation")
    step = move(
        complaint,
        State.RESOLVED,
        actor=actor,
        at=at,
        given={"explanation": explanation, "customer_agreed": customer_agreed},
        is_on_spot=True,
        replied_at=at,
        first_contact_at=complaint.first_contact_at or at,
        assignee=complaint.assignee or actor.member,
        outcome=Outcome.SATISFIED,
    )
    must_be_explained(complaint, reason=breach_reason, actor=actor, at=at)
    attributed = attribute(complaint, cause, is_last=True)
    letter = Letter.objects.create(
        complaint=complaint,
        channel=Letter.Channel.COUNTER
        if complaint.channel in {"counter", "outlet", "franchise"}
        else Letter.Channel.PHONE,
        purpose=Letter.Purpose.FINAL,
        status=Letter.Status.SENT,
        body=explanation.strip(),
        author=actor.member,
        created_at=at,
        sent_at=at,
    )
    clocks.stop_all(complaint, at=at, but=clocks.OUTLAST_AN_ANSWER)
    events.record(complaint, Event.Kind.RESOLVED_ON_SPOT, actor=actor, at=at, letter=letter.pk, **step, **attributed)


def _must_reply(actor: Actor) -> None:
    if actor.member is None or not may(actor.member, Right.REPLY):
        raise MayNot(_("只有客户服务人员可以答复客户。"))


def _keep(
    complaint: Complaint, letter: Letter, subject: str, at: datetime, *, is_final: bool, reached: bool, ask: bool
) -> None:
    letter.subject = subject or queries.letter("answer", number=complaint.number).subject[:200]
    letter.purpose = Letter.Purpose.FINAL if is_final else Letter.Purpose.QUESTION if ask else Letter.Purpose.PROGRESS
    letter.status = Letter.Status.SENT if reached else Letter.Status.NOT_REACHED
    letter.created_at = at
    letter.sent_at = at if reached else None
    if letter.channel == Letter.Channel.EMAIL and reached:
        letter.message = _post(complaint, letter, at)
    letter.save()


def _post(complaint: Complaint, letter: Letter, at: datetime) -> Message:
    address = complaint.customer.email
    if not address:
        raise GuardFailed("email", _("客户没有留下电子邮箱，请改用其他方式。"), "channel")
    name = f"{complaint.number}/{uuid4().hex}"
    try:
        return sending.queue(
            to=address, subject=letter.subject, body=letter.body, external_id=name, at=at, files=_files(letter)
        )
    except sending.BadAddress as bad:
        raise GuardFailed("email", _("客户留下的电子邮箱写法不对，请改用其他方式。"), "channel") from bad


def _files(letter: Letter) -> list[dict[str, str]]:
    """As the outbox keeps them. Refused where together they are more than mail servers take."""
    found = {each.pk: each for each in letter.complaint.attachments.filter(pk__in=letter.enclosed)}
    rows = [found[pk] for pk in letter.enclosed if pk in found]
    if sum(each.size for each in rows) > MOST_MAILED:
        raise GuardFailed("files", _("一封邮件的附件合计不能超过 %d MB，请少附几个。") % (MOST_MAILED // 1024 // 1024))
    return [{"name": each.name, "sha256": each.sha256, "media_type": each.media_type} for each in rows]


def _note_contact(complaint: Complaint, letter: Letter, at: datetime) -> None:
    """The first human contact stops the first-response clock; whatever reaches the customer is initial feedback."""
    if letter.status == Letter.Status.NOT_REACHED:
        return
    clocks.stop(complaint, "CK-FR", "CK-INITFB", at=at)
    if letter.purpose != Letter.Purpose.QUESTION:  # a judgement or a next step, not only a question back
        clocks.stop(complaint, "CK-SR", promising.PROMISE, at=at)
        clocks.repeat(complaint, "CK-PROGRESS", at=at)
    if complaint.first_contact_at is None:
        change(complaint, first_contact_at=at)
