"""Words kept with a complaint: notes, and the reasons that events refer to by id and digest."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.complaints import events
from huiyin.complaints.actions import attaching, clocks
from huiyin.complaints.actions.moving import followed_up, hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event, Mention, Note
from huiyin.lib.canonical import sha256_hex
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right

WITHIN = timedelta(minutes=10)  # a note may be taken back
_AT = re.compile(r"(?<![A-Za-z0-9.])@([\w.+-]{1,150})")
_GOES_ON = re.compile(r"[A-Za-z0-9_]")


@transaction.atomic
def note(
    complaint: Complaint,
    *,
    text: str,
    actor: Actor,
    at: datetime,
    mentions: Iterable[Member] = (),
    files: Iterable[tuple[str, Iterable[bytes]]] = (),
) -> Note:
    """Keep an internal note with its files; those mentioned (@name in the text, or given) who may see the complaint
    will be told."""
    if not text.strip():
        raise GuardFailed("text", _("请填写备注内容。"))
    hold(complaint)
    followed_up(complaint)
    enclosed = attaching.enclose(complaint, files=files, actor=actor, at=at)
    kept = _keep(complaint, Note.Kind.NOTE, text, actor, at, enclosed)
    told = _told(complaint, text, mentions)
    Mention.objects.bulk_create([Mention(note=kept, member=member) for member in told])
    events.record(
        complaint,
        Event.Kind.NOTED,
        actor=actor,
        at=at,
        note=kept.pk,
        digest=sha256_hex(text.encode()),
        mentions=[member.pk for member in told],
        **({"files": enclosed} if enclosed else {}),
    )
    return kept


def _told(complaint: Complaint, text: str, given: Iterable[Member]) -> list[Member]:
    everyone = {member.pk: member for member in [*given, *_named(text)]}
    visible = Complaint.objects.filter(pk=complaint.pk)
    return [member for member in everyone.values() if visible.visible_to(member).exists()]


@transaction.atomic
def withdraw(note: Note, *, actor: Actor, at: datetime) -> None:
    """Its author takes a note back that was just written: nobody is shown its words any more, and whoever was mentioned
    and has not looked yet is not led to it. The words stay with the record, as everything that was said."""
    hold(note.complaint)
    note.refresh_from_db()
    if actor.member is None or note.author_id != actor.member.pk or note.kind != Note.Kind.NOTE:
        raise MayNot(_("只能撤回自己写的备注。"))
    if note.withdrawn_at is not None:
        raise GuardFailed("note", _("这条备注已经撤回。"))
    if at > note.created_at + WITHIN:
        raise GuardFailed("note", _("备注写好 %d 分钟后不能再撤回，可以再写一条更正。") % (WITHIN.seconds // 60))
    if note.complaint.pauses.filter(evidence__in=[f"attachment:{pk}" for pk in note.enclosed]).exists():
        raise GuardFailed("note", _("备注的附件是暂停计时的依据，不能撤回，可以再写一条更正。"))
    note.withdrawn_at = at
    note.save(update_fields=["withdrawn_at"])
    note.mentions.filter(seen_at=None).delete()
    events.record(note.complaint, Event.Kind.NOTE_WITHDRAWN, actor=actor, at=at, note=note.pk)


def not_reached(complaint: Complaint, text: str) -> tuple[list[str], list[Member]]:
    """Of those named behind an @: the names that nobody here has, and who may not see the complaint and so hears
    nothing of it."""
    found = _behind_ats(text)
    told = {member.pk for member in _told(complaint, text, ())}
    unknown = [name for name, member in found if member is None]
    unseeing = [member for _name, member in found if member is not None and member.pk not in told]
    return list(dict.fromkeys(unknown)), list({member.pk: member for member in unseeing}.values())


def _named(text: str) -> list[Member]:
    return [member for _name, member in _behind_ats(text) if member is not None]


def _behind_ats(text: str) -> list[tuple[str, Member | None]]:
    """Whose name stands behind an @, the longest that fits; the sentence may go on in Chinese, or end there."""
    runs = [(run, _ends(run)) for run in _AT.findall(text)]
    known = {
        each.username: each
        for each in Member.objects.filter(is_active=True, username__in={name for _run, ends in runs for name in ends})
    }
    return [(run, next((known[name] for name in ends if name in known), None)) for run, ends in runs]


def _ends(run: str) -> list[str]:
    """The names that the run may be, the longest first: never one that ends within a word."""
    return [run[:end] for end in range(len(run), 0, -1) if not _GOES_ON.match(run, end)]


@transaction.atomic
def supplement(complaint: Complaint, *, text: str, actor: Actor, at: datetime) -> Note:
    """Keep what the customer added later; the original text stays as it was."""
    if not text.strip():
        raise GuardFailed("text", _("请填写补充内容。"))
    hold(complaint)
    kept = _keep(complaint, Note.Kind.CUSTOMER, text, actor, at)
    events.record(
        complaint, Event.Kind.SUPPLEMENTED, actor=actor, at=at, note=kept.pk, digest=sha256_hex(text.encode())
    )
    return kept


@transaction.atomic
def opine(complaint: Complaint, *, text: str, actor: Actor, at: datetime) -> Note:
    """Keep the legal department's opinion; some categories do not close without one (C049)."""
    if not actor.may(Right.OPINE):
        raise MayNot(_("法务意见由法务人员出具。"))
    if not text.strip():
        raise GuardFailed("text", _("请填写法务意见。"))
    hold(complaint)
    kept = _keep(complaint, Note.Kind.OPINION, text, actor, at)
    clocks.stop(complaint, "CK-LEGAL", at=at)
    events.record(complaint, Event.Kind.OPINED, actor=actor, at=at, note=kept.pk, digest=sha256_hex(text.encode()))
    return kept


def reason(complaint: Complaint, text: str, *, actor: Actor, at: datetime) -> dict[str, str | int]:
    """Keep the reason given with a move, and return what the event may say of it: id and digest."""
    if not text.strip():
        return {}
    kept = _keep(complaint, Note.Kind.REASON, text, actor, at)
    return {"reason": kept.pk, "reason_digest": sha256_hex(text.encode())}


def _keep(
    complaint: Complaint, kind: Note.Kind, text: str, actor: Actor, at: datetime, enclosed: Sequence[int] = ()
) -> Note:
    return Note.objects.create(
        complaint=complaint, kind=kind, text=text.strip(), author=actor.member, created_at=at, enclosed=list(enclosed)
    )


@transaction.atomic
def see(*, member: Member, mentions: Iterable[int], at: datetime) -> int:
    """These mentions of the member leave their list. Returns how many did."""
    return Mention.objects.filter(member=member, seen_at=None, pk__in=list(mentions)).update(seen_at=at)
