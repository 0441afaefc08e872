"""One look for all open pages: what each of them is told of what it found, as far as its member may know of it."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.complaints import watching
from huiyin.complaints.models import Event
from huiyin.complaints.watching import Link
from huiyin.desk import notices
from huiyin.desk.watchers import EVERY, Memory, Told, Watch
from huiyin.notices.models import Notice
from huiyin.org.models import Member

MANY = 40  # complaints named one by one in what a list is told
UNTOLD = frozenset({Event.Kind.REVEALED, Event.Kind.EXPORTED})  # nothing that is shown changes by them


def look(watches: Sequence[Watch], memory: Memory) -> list[tuple[Watch, Told]]:
    """What is to be told to whom. The number of statements does not depend on the number of pages."""
    moment = time.monotonic()
    fresh = memory.fresh(moment)
    members = {each.pk: each for each in memory.members(sorted({each.member_id for each in watches}), moment)}
    awake = [each for each in watches if each.member_id in members]
    late, moved, met = _missed(awake), _moved(awake), _met(memory)
    rows = {watch: _rows(watch, fresh, late, memory, moment) for watch in awake if watch.is_list}
    seen = watching.seen_by(_wanted(awake, members, rows, moved, met, memory))
    personal = _personal(awake, fresh, late, members, memory.just_told(timezone.now(), members))
    found: list[tuple[Watch, Told]] = []
    for watch in awake:
        visible = seen.get(watch.member_id, set())
        is_beyond = memory.is_flooded or (watch.is_new and watch.age is None and len(late) == watching.MOST)
        told = [
            *_changed(watch, moved, visible, members[watch.member_id]),
            *_listed(rows.get(watch, []), visible, is_beyond=watch.is_list and is_beyond),
            *_present(watch, memory, met, visible),
            *personal.get(watch, []),
        ]
        watch.is_new = False
        found += [(watch, each) for each in told]
    return found


def _missed(watches: Iterable[Watch]) -> list[Link]:
    """What was added while pages that come back were away."""
    away = [watch.since for watch in watches if watch.is_new and watch.since is not None]
    return watching.links_after(min(away)) if away else []


def _moved(watches: Iterable[Watch]) -> dict[int, list[Link]]:
    """Of the complaints that are open on a page: the links that some page does not show yet."""
    shown: dict[int, int] = {}
    for watch in watches:
        if watch.complaint_id is not None:
            shown[watch.complaint_id] = min(watch.seq, shown.get(watch.complaint_id, watch.seq))
    longer = {pk: shown[pk] for pk, seq in watching.heads(shown).items() if seq > shown[pk]} if shown else {}
    links: dict[int, list[Link]] = {}
    for link in watching.links_beyond(longer):
        links.setdefault(link.complaint_id, []).append(link)
    return links


def _met(memory: Memory) -> set[int]:
    """The complaints where people came, went, or began to write."""
    now = watching.here(timezone.now())
    changed = {pk for pk in {*now, *memory.here} if now.get(pk) != memory.here.get(pk)}
    memory.numbers = {pk: number for pk, number in memory.numbers.items() if pk in now or pk in changed}
    if unknown := changed - set(memory.numbers):
        memory.numbers |= watching.numbers(unknown)
    memory.here = now
    return changed


def _wanted(
    watches: Iterable[Watch], members: dict[int, Member], rows: dict[Watch, list[Link]],
    moved: dict[int, list[Link]], met: set[int], memory: Memory,
) -> dict[Member, set[int]]:  # fmt: skip
    """By member, the complaints of which something might be told."""
    wanted: dict[Member, set[int]] = {}
    for watch in watches:
        ids = wanted.setdefault(members[watch.member_id], set())
        if watch.is_list:
            ids.update(link.complaint_id for link in rows[watch])
            ids.update(memory.here if watch.is_new else met)
        one = watch.complaint_id
        if one is not None and (watch.is_new or one in moved or one in met):
            ids.add(one)
    return wanted


def _rows(watch: Watch, fresh: list[Link], late: list[Link], memory: Memory, moment: float) -> list[Link]:
    if not watch.is_new:
        links = fresh
    elif watch.age is None:
        links = [link for link in late if watch.since is not None and link.pk > watch.since]
    else:
        links = [link for seen, link in memory.recent if seen >= moment - watch.age - EVERY]
    return [link for link in links if link.kind not in UNTOLD]


def _changed(watch: Watch, moved: dict[int, list[Link]], visible: set[int], member: Member) -> Iterable[Told]:
    """To a complaint's page: what others did, in the member's language."""
    links = [link for link in moved.get(watch.complaint_id or 0, []) if link.seq > watch.seq]
    if not links or watch.complaint_id not in visible:
        return
    watch.seq = links[-1].seq
    others = [link for link in links if link.actor_id != member.pk and link.kind not in UNTOLD]
    if others:
        with translation.override(member.language):
            done = [{"who": _who(link), "what": _done(link.kind)} for link in others]
        yield "changed", {"seq": watch.seq, "number": links[-1].number, "done": done}


def _done(kind: str) -> str:
    """Why it is paused, the record says; it need not be for the customer."""
    return _("暂停") if kind == Event.Kind.PAUSED else str(Event.Kind(kind).label)


def _who(link: Link) -> str:
    return link.actor or (_("客户") if link.actor_kind == "customer" else _("系统"))


def _listed(links: list[Link], visible: set[int], *, is_beyond: bool) -> Iterable[Told]:
    numbers = sorted({link.number for link in links if link.complaint_id in visible})
    if numbers or is_beyond:
        yield "rows", {"numbers": numbers[:MANY], "more": is_beyond or len(numbers) > MANY}


def _present(watch: Watch, memory: Memory, met: set[int], visible: set[int]) -> Iterable[Told]:
    """Who else has it open; only what differs from what this page was told."""
    concerned = ({*memory.here} if watch.is_new else met) if watch.is_list else set()
    if watch.complaint_id is not None:
        concerned = concerned | {watch.complaint_id}
    people: dict[str, list[dict[str, Any]]] = {}
    for pk in concerned & visible:
        others = tuple(each for each in memory.here.get(pk, ()) if each.member_id != watch.member_id)
        number = memory.numbers.get(pk, "")
        if number and others != watch.told.get(number, ()):
            watch.told[number] = others
            people[number] = [{"id": each.member_id, "name": each.name, "is": each.status} for each in others]
    if people:
        yield "presence", people


def _personal(
    watches: Sequence[Watch], fresh: list[Link], late: list[Link], members: dict[int, Member], just_told: list[Notice]
) -> dict[Watch, list[Told]]:
    """Notices, and their count: at the beginning, and when something was done for the member or by them."""
    links = {link.pk: link for link in [*late, *fresh] if link.kind not in UNTOLD}
    given = notices.notices(list(links.values()), list(members.values())) if links else {}
    addressed = notices.told(just_told, members) if just_told else {}
    concerned = {*given, *(link.actor_id for link in fresh), *(each.member_id for each in watches if each.is_new)}
    concerned |= {notice.member_id for notice in just_told}
    counts = notices.waiting([member for pk, member in members.items() if pk in concerned])
    just_now = {link.pk for link in fresh}
    told: dict[Watch, list[Told]] = {}
    for watch in watches:
        since = watch.since if watch.since is not None else max(links, default=0)
        done = given.get(watch.member_id, [])
        new = [each for each in done if (each["key"] > since if watch.is_new else each["key"] in just_now)]
        new += addressed.get(watch.member_id, [])
        if new:
            said = notices.in_one(new, members[watch.member_id])
            told.setdefault(watch, []).extend(("notice", notice) for notice in said)
        if watch.member_id in counts:
            told.setdefault(watch, []).append(("inbox", {"count": counts[watch.member_id]}))
    return told
