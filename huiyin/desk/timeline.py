"""The record, folded and readable: each event with the words that go with it, newest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from huiyin.complaints.models import Attachment, Complaint, Event, Letter, Note, Validity
from huiyin.desk import listening
from huiyin.desk.attached import shown
from huiyin.desk.reading import Reader
from huiyin.desk.saying import Words, body
from huiyin.desk.wordings import pause_heading
from huiyin.knowledge import queries
from huiyin.lib import statements
from huiyin.lib.phrasing import listed, noted
from huiyin.org.models import Member, Unit
from huiyin.org.queries import reasons_of
from huiyin.redchannel.queries import decisions_of
from huiyin.surveys.queries import answers as ratings

Kind = Event.Kind
_ICONS: dict[str, str] = {
    Kind.FILED: "inbox", Kind.TAKEN_UP: "user-check", Kind.REVIEWED: "clipboard-check", Kind.RETURNED: "arrow-back-up",
    Kind.RESUBMITTED: "arrow-forward-up", Kind.DISPATCHED: "send", Kind.SIGNED: "user-check",
    Kind.DECLINED: "arrow-back-up", Kind.HANDLED: "clipboard-list", Kind.PASSED: "circle-check",
    Kind.SENT_BACK: "arrow-back-up", Kind.AUDITED: "check", Kind.CLOSED: "archive", Kind.REOPENED: "refresh",
    Kind.MERGED: "git-merge", Kind.ABSORBED: "git-merge", Kind.ATTACHED: "paperclip", Kind.REVEALED: "eye",
    Kind.OFFERED: "send", Kind.OFFER_APPROVED: "circle-check", Kind.OFFER_REFUSED: "x",
    Kind.OFFER_CHOSEN: "user-check", Kind.OFFER_DECLINED: "x", Kind.OFFER_FULFILLED: "check",
    Kind.ESCALATED: "alert-triangle",
    Kind.BREACHED: "alert-triangle", Kind.INCIDENT_OPENED: "flame", Kind.INVESTIGATED: "search",
    Kind.JUDGED: "scale", Kind.VALIDITY_CONFIRMED: "scale", Kind.NUDGED: "bell",
    Kind.RATED: "star", Kind.RECKONED: "refresh", Kind.PAGED: "flame", Kind.PAGE_CONFIRMED: "check",
    Kind.TASK_FORCE: "users", Kind.WAR_ROOM_CALLED: "users", Kind.DECIDED: "clipboard-check",
    Kind.REGULATED: "scale", Kind.AUTHORITY_ANSWERED: "scale", Kind.ARCHIVED: "book", Kind.VALUED: "star",
    Kind.SCORE_APPEALED: "checklist", Kind.APPEAL_DECIDED: "checklist",
}  # fmt: skip
FOLDED = frozenset({Kind.BREACHED, Kind.WARNED, Kind.REVEALED, Kind.ATTACHED, Kind.EXPORTED, Kind.PAGED})
_GRADES: dict[str, Any] = {
    "category": lambda: _("类型"),
    "severity": lambda: _("等级"),
    "complexity": lambda: _("复杂度"),
}


def timeline(
    complaint: Complaint, events: Sequence[Event], *, letters: Iterable[Letter], attachments: Iterable[Attachment],
    validities: Iterable[Validity], notes: Iterable[Note], clocks: Mapping[str, str], people: Mapping[int, Member],
    units: Iterable[Unit], reader: Reader,
) -> list[dict[str, Any]]:  # fmt: skip
    """Entries for desk/parts/timeline_entry.html; one query where other units are named."""
    words = Words(
        notes={note.pk: note for note in notes},
        letters={letter.pk: letter for letter in letters},
        attachments={each.pk: each for each in attachments},
        validities={each.pk: each for each in validities},
        members=people,
        units=_units(events, {each.code: each for each in units}),
        clocks=clocks,
        methods=_methods(events),
        answers=_answers(complaint) if any(event.kind == Kind.RATED for event in events) else {},
        reckonings=reasons_of({each.particulars.get("change") for each in events if each.kind == Kind.RECKONED}),
        number=complaint.number,
        decisions=decisions_of(complaint, reader.member) if any(event.kind == Kind.DECIDED for event in events) else {},
    )
    return list(_folded(events, words, reader))


def _answers(complaint: Complaint) -> dict[int, str]:
    return {each.pk: each.words for each in ratings(complaint)}


def _folded(events: Sequence[Event], words: Words, reader: Reader) -> Iterator[dict[str, Any]]:
    """Newest first; several small things of one kind in a row make one entry."""
    for (kind, _actor_id), run in groupby(reversed(events), key=lambda event: (event.kind, event.actor_id)):
        entries = [_entry(event, words, reader) for event in run]
        if kind not in FOLDED or len(entries) == 1:
            yield from entries
            continue
        bodies = dict.fromkeys(entry["body"] for entry in entries if entry["body"])
        yield entries[0] | {"heading": f"{entries[0]['heading']} ×{len(entries)}", "body": "\n".join(bodies)}


def people_in(events: Iterable[Event]) -> set[int]:
    """The members whom the events name beside who did it."""
    found: set[int] = set()
    for event in events:
        given = event.particulars
        found.update(pk for pk in (given.get("to"), given.get("assignee"), given.get("member")) if isinstance(pk, int))
        found.update(pk for pk in given.get("members", ()) if isinstance(pk, int))
    return found


def _methods(events: Iterable[Event]) -> dict[str, str]:
    """The names of the general methods, where one was followed."""
    return dict(queries.choices()[0]) if any(event.kind == Kind.GUIDED for event in events) else {}


def _units(events: Iterable[Event], known: Mapping[str, Unit]) -> Mapping[str, Unit]:
    named = {
        str(code)
        for event in events
        for code in (event.particulars.get("unit"), event.particulars.get("owner"))
        if code
    }
    others = named - known.keys()
    found = statements.fetch(Unit, "code = ANY(%s::text[])", [statements.array(others)]) if others else []
    return {**known, **{each.code: each for each in found}}


def _entry(event: Event, words: Words, reader: Reader) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": f"event-{event.seq}",
        "kind": "change",
        "at": event.at,
        "heading": _heading(event),
        "icon": _ICONS.get(event.kind, ""),
        "actor": _actor(event, reader),
        "is_me": event.actor_id == reader.member.pk,
        "body": body(event, words, reader),
        "changes": _changes(event),
    }
    letter = words.letters.get(event.particulars.get("letter", 0))
    note = words.notes.get(event.particulars.get("note", 0))
    if letter is not None:
        entry |= _letter(letter, reader) | _enclosed(letter, words, reader)
        if event.particulars.get("next") == "none":
            entry["status_label"] = _("没有约定下次什么时候答复")
        entry["listened"] = listed(listening.names_of(event.particulars.get("listened", ())))
    elif note is not None and event.kind != Kind.NOTE_WITHDRAWN:  # which says itself by whom and when
        entry |= _note(note, event, reader) | _enclosed(note, words, reader)
    return entry


def _enclosed(kept: Letter | Note, words: Words, reader: Reader) -> dict[str, Any]:
    if not kept.enclosed or reader.correspondence == "-":
        return {}
    rows = [words.attachments[pk] for pk in kept.enclosed if pk in words.attachments]
    return {"attachments": [shown(each, words.number) for each in rows]}


def _heading(event: Event) -> str:
    if event.kind == Kind.PAUSED:
        return pause_heading(str(event.particulars.get("pause", "")))
    return str(Kind(event.kind).label) if event.kind in Kind else event.kind


def _actor(event: Event, reader: Reader) -> str:
    if event.actor is not None:
        return event.actor.name
    return {"customer": _("客户"), "system": _("系统")}.get(event.actor_kind, "")


def _letter(letter: Letter, reader: Reader) -> dict[str, Any]:
    if reader.correspondence == "-":
        return {"body": ""}
    is_spoken = letter.channel in {Letter.Channel.PHONE, Letter.Channel.COUNTER}
    heading = {
        Letter.Purpose.FINAL: _("致客户的最终答复"),
        Letter.Purpose.PROGRESS: _("告知客户进展"),
        Letter.Purpose.QUESTION: _("请客户补充"),
    }[Letter.Purpose(letter.purpose)]
    return {
        "kind": "call" if is_spoken else "letter",
        "icon": "",
        "heading": noted(heading, letter.get_channel_display()),
        "subject": "" if is_spoken else letter.subject,
        "body": reader.words(letter.body),
        "status_label": "" if letter.status == Letter.Status.SENT else letter.get_status_display(),
    }


def _note(note: Note, event: Event, reader: Reader) -> dict[str, Any]:
    if reader.correspondence == "-":
        return {"body": ""}
    if note.withdrawn_at is not None:
        return {"heading": _("内部备注（已撤回）"), "body": ""}
    is_customer = note.kind == Note.Kind.CUSTOMER
    return {
        "id": f"note-{note.pk}",
        "kind": "customer" if is_customer else "note",
        "icon": "",
        "heading": _("客户补充说明") if is_customer else note.get_kind_display(),
        "body": reader.words(note.text),
    }


def _changes(event: Event) -> list[dict[str, Any]]:
    """What a review altered, old and new (A29)."""
    before, after = event.particulars.get("before"), event.particulars.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        {"label": label(), "before": before.get(name), "after": after.get(name)}
        for name, label in _GRADES.items()
        if before.get(name) != after.get(name)
    ]
