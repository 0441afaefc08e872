"""All open pages of one live process, what is remembered between two looks, and the one task that looks for all.

PostgreSQL's NOTIFY would tell at once, but every commit that notifies waits for one lock of the whole server
(docs/decisions/0014-live-by-looking.md).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection

from huiyin.complaints import watching
from huiyin.complaints.watching import Here, Link
from huiyin.notices.inbox import told_since
from huiyin.notices.models import Notice
from huiyin.org.models import Member

log = structlog.get_logger(__name__)
EVERY = 2.0
CHECKED_EVERY = 10.0  # seconds between two questions whether those who listen still may
KNOWN_FOR = 15.0  # seconds that a member's roles and unit are remembered
REMEMBERED = 60.0  # seconds of links kept, for pages that were loaded just before their stream began
JUST_TOLD = timedelta(minutes=3)  # so old may a notice be that a page hears of for the first time
MARGIN = 50  # keys: what was given one before, and committed after
in_thread = sync_to_async(thread_sensitive=False)

Told = tuple[str, dict[str, Any]]


@dataclass(eq=False)
class Watch:
    """One open page: of a complaint, with rows of complaints, with both, or with neither.

    `seq`: the length of the chain it shows. `since`: the newest key its browser was told. `age`: seconds for which a
    page that was loaded anew has been there; None for one that comes back after a while. `session`: by which it came.
    """

    member_id: int
    complaint_id: int | None = None
    session: str = ""
    seq: int = 0
    is_list: bool = False
    since: int | None = None
    age: float | None = None
    is_new: bool = True
    told: dict[str, tuple[Here, ...]] = field(default_factory=dict)
    news: asyncio.Queue[tuple[int, str, dict[str, Any]] | None] = field(default_factory=asyncio.Queue)


class Memory:
    """What one look leaves for the next."""

    def __init__(self) -> None:
        self.position: int | None = None
        self.is_flooded = False  # there was more than is told one by one
        self.recent: deque[tuple[float, Link]] = deque()
        self.here: dict[int, tuple[Here, ...]] = {}
        self.numbers: dict[int, str] = {}
        self.told: set[int] | None = None  # keys of the notices of the last minutes
        self._members: dict[int, tuple[float, Member]] = {}

    def fresh(self, moment: float) -> list[Link]:
        """Links not seen before; at the first look none, though the latest are remembered."""
        is_first = self.position is None
        position = watching.position() if self.position is None else self.position
        known = {link.pk for _seen, link in self.recent}
        rows = watching.links_after(position - MARGIN)
        found = [link for link in rows if link.pk not in known]
        self.is_flooded = len(rows) == watching.MOST
        self.position = watching.position() if self.is_flooded else max([position, *(link.pk for link in found)])
        self.recent.extend((moment, link) for link in found)
        while len(self.recent) > 2 * MARGIN and self.recent[0][0] < moment - REMEMBERED:
            self.recent.popleft()
        return [] if is_first else found

    def just_told(self, at: datetime, ids: Collection[int]) -> list[Notice]:
        """Notices not seen before; at the first look none, though they are remembered. One statement."""
        rows = told_since(at - JUST_TOLD, ids)
        found = [row for row in rows if self.told is not None and row.pk not in self.told]
        self.told = {row.pk for row in rows}
        return found

    def members(self, ids: Collection[int], moment: float) -> list[Member]:
        """Active ones, with their reach; those of one unit and the same roles share it."""
        stale = [pk for pk in ids if pk not in self._members or self._members[pk][0] < moment - KNOWN_FOR]
        if stale:
            self._members = {pk: kept for pk, kept in self._members.items() if pk in ids and pk not in stale}
            reaches: dict[tuple[Any, ...], Any] = {}
            for member in Member.objects.active().filter(pk__in=stale).select_related("unit"):
                key = (member.unit_id, *sorted(member.roles))
                reaches[key] = member.__dict__["reach"] = reaches.get(key) or member.reach
                self._members[member.pk] = (moment, member)
        return [self._members[pk][1] for pk in ids if pk in self._members]


Look = Callable[[Sequence[Watch], Memory], list[tuple[Watch, Told]]]
Lapsed = Callable[[Sequence[Watch], Memory], list[Watch]]


class Watchers:
    def __init__(self, look: Look, lapsed: Lapsed) -> None:
        self.look, self.lapsed = look, lapsed
        self.checked_at = 0.0
        self.watches: set[Watch] = set()
        self.memory = Memory()
        self.task: asyncio.Task[None] | None = None

    def add(self, watch: Watch) -> None:
        self.watches.add(watch)
        if self.task is None or self.task.done():
            self.memory = Memory()
            self.task = asyncio.get_running_loop().create_task(self._look_on())

    async def _look_on(self) -> None:
        while self.watches:
            begun = time.monotonic()
            try:
                for watch, told in await in_thread(self._found)(list(self.watches)):
                    watch.news.put_nowait((self.memory.position or 0, *told) if told else None)
            except DatabaseError:  # the database is away: the pages wait for it with us
                log.exception("a look for the open pages failed")
            await asyncio.sleep(max(EVERY - (time.monotonic() - begun), EVERY / 4))

    def _found(self, watches: list[Watch]) -> list[tuple[Watch, Told | None]]:
        """What is told to whom; None ends the stream of one who may listen no more."""
        try:
            ended: set[Watch] = set()
            if time.monotonic() - self.checked_at >= CHECKED_EVERY:
                ended = set(self.lapsed(watches, self.memory))
                self.checked_at = time.monotonic()
            told = self.look([each for each in watches if each not in ended], self.memory)
            return [*((each, None) for each in ended), *told]
        finally:
            connection.close()
