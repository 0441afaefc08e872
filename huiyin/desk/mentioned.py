"""Whom an @ in a note did not reach, and why; and who hears of it later, being away."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.complaints.actions import noting
from huiyin.complaints.models import Note
from huiyin.duty import queries as duty
from huiyin.lib.phrasing import listed, noted
from huiyin.org.models import Member

MOST = 5
LONGEST = 20


def sentences(note: Note, *, to: Member, at: datetime) -> list[str]:
    """One for each way of not being reached, to the note's writer."""
    unknown, unseeing = noting.not_reached(note.complaint, note.text)
    called = _by_name(unknown, to)
    gone = set(Member.objects.filter(is_active=False, username__in=unknown).values_list("username", flat=True))
    nobody = [name for name in unknown if name not in called and name not in gone]
    told = [
        (_("没有工号是这样的同事：%s。"), [f"@{name[:LONGEST]}" for name in nobody]),
        (_("要写工号才送得到：%s。"), [_whom(same) for same in called.values()]),
        (_("账号已停用，没有送到：%s。"), [f"@{name}" for name in unknown if name in gone]),
        (_("看不到这件投诉，所以没有收到：%s。"), [member.name for member in unseeing]),
        (
            _("现在不在岗，回来才会看到：%s。"),
            _away([each.member for each in note.mentions.select_related("member")], at),
        ),
    ]
    return [words % listed(names[:MOST]) for words, names in told if names]


def _by_name(written: Iterable[str], to: Member) -> dict[str, list[Member]]:
    """Of what was written behind an @, what begins with the name of a colleague or of several: who these are."""
    runs = [each[:LONGEST] for each in written]
    beginnings = {run[:end] for run in runs for end in range(2, len(run) + 1)}
    known = Member.objects.visible_to(to).active().filter(name__in=beginnings).select_related("unit")
    found: dict[str, list[Member]] = {}
    for member in known.order_by("name", "username"):
        for name in written:
            if name.startswith(member.name):
                found.setdefault(name, []).append(member)
    return found


def _whom(same: Sequence[Member]) -> str:
    return noted(f"@{same[0].name}", *(f"@{each.username} {each.unit.name}" for each in same[:MOST]))


def _away(told: Sequence[Member], at: datetime) -> list[str]:
    away = duty.away(at) if told else frozenset()
    deputies = duty.deputies([each for each in told if each.pk in away], at)
    return [
        noted(each.name, _("代理人 %s") % deputies[each.pk].name) if each.pk in deputies else each.name
        for each in told
        if each.pk in away
    ]
