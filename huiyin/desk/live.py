"""The event streams of the live process: who looks at a complaint is told at once that somebody else changed it.

One look at the chain heads every two seconds serves all who watch. PostgreSQL's NOTIFY would tell at once, but every
commit that notifies waits for one lock of the whole server: too dear for each event of each intake.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path

from huiyin.complaints.models import ChainHead, Complaint, Event
from huiyin.org.models import Member

EVERY = 2.0
BEAT = 20.0  # seconds of silence after which a proxy is told that we are still here
LONGEST = 900.0  # then the browser comes again, and its session is looked at anew


@dataclass(eq=False)
class Watch:
    """One open page. `news` holds (seq, actor's id) of each change that its member may know of."""

    complaint_id: int
    member_id: int
    seq: int
    news: asyncio.Queue[tuple[int, int | None]] = field(default_factory=asyncio.Queue)


class Watchers:
    """All open pages of this process, and the one task that looks for them."""

    def __init__(self) -> None:
        self.watches: set[Watch] = set()
        self.task: asyncio.Task[None] | None = None

    def add(self, watch: Watch) -> None:
        self.watches.add(watch)
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while self.watches:
            await asyncio.sleep(EVERY)
            try:
                for watch, seq, actor in await in_thread(changes)(list(self.watches)):
                    watch.seq = seq
                    watch.news.put_nowait((seq, actor))
            except DatabaseError:
                continue  # the database is away: the pages wait for it with us


watchers = Watchers()
in_thread = sync_to_async(thread_sensitive=False)


def changes(watches: list[Watch]) -> list[tuple[Watch, int, int | None]]:
    """What is new for each, as far as its member may still see the complaint."""
    try:
        heads = dict(ChainHead.objects.filter(pk__in={each.complaint_id for each in watches}).values_list("pk", "seq"))
        return [
            (watch, heads[watch.complaint_id], _last_actor(watch.complaint_id, heads[watch.complaint_id]))
            for watch in watches
            if heads.get(watch.complaint_id, 0) > watch.seq and _may_see(watch)
        ]
    finally:
        connection.close()


def _may_see(watch: Watch) -> bool:
    member = Member.objects.active().filter(pk=watch.member_id).first()
    return member is not None and Complaint.objects.visible_to(member).filter(pk=watch.complaint_id).exists()


def _last_actor(complaint_id: int, seq: int) -> int | None:
    return Event.objects.filter(complaint_id=complaint_id, seq=seq).values_list("actor_id", flat=True).first()


def begin(request: HttpRequest, number: str) -> Watch | None:
    """None for who is not signed in, or may not see it."""
    try:
        member = request.user
        if not isinstance(member, Member) or not member.is_authenticated:
            return None
        seen = Complaint.objects.visible_to(member).filter(number=number)
        found = seen.values_list("pk", "chain_head__seq").first()
        return Watch(found[0], member.pk, found[1] or 0) if found else None
    finally:
        connection.close()


async def complaint(request: HttpRequest, number: str) -> HttpResponseBase:
    """GET: `changed` events with the chain's `seq` and the `by` of who changed it."""
    watch = await in_thread(begin)(request, number)
    response: HttpResponseBase = HttpResponse(status=404)
    if watch:
        response = StreamingHttpResponse(_told(watch), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return allow_same_host(request, response)


async def _told(watch: Watch) -> AsyncIterator[str]:
    watchers.add(watch)
    end = asyncio.get_running_loop().time() + LONGEST
    try:
        yield "retry: 5000\n\n"
        while asyncio.get_running_loop().time() < end:
            try:
                seq, actor = await asyncio.wait_for(watch.news.get(), BEAT)
                yield f"event: changed\ndata: {json.dumps({'seq': seq, 'by': actor})}\n\n"
            except TimeoutError:
                yield ": still here\n\n"
    finally:
        watchers.watches.discard(watch)


def allow_same_host(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page of the same host may read this, though it came from another port."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).hostname == urlsplit(f"//{request.get_host()}").hostname:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Vary"] = "Origin"
    return response


urlpatterns = [path("live/complaints/<str:number>", complaint, name="live-complaint")]
