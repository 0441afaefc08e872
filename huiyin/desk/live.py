"""The event streams of the live process: each page of the desk has one, and is told what concerns it.

Events: `changed` (the open complaint), `rows` (complaints in lists), `presence` (who has what open), `notice` and
`inbox` (for this member), `beat`. Each carries as its id the newest event's key, from which a browser comes back.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import path

from huiyin.complaints.models import Complaint
from huiyin.desk.lapsing import lapsed
from huiyin.desk.telling import look
from huiyin.desk.watchers import Watch, Watchers, in_thread
from huiyin.lib.live import DOOR
from huiyin.org.models import Member

BEAT = 20.0  # seconds of silence after which page and proxies are told that we are still here
LONGEST = 900.0  # then the browser comes again

watchers = Watchers(look, lapsed)


def begin(request: HttpRequest) -> Watch | None:
    """None for who is not signed in, or may not see the complaint."""
    try:
        member = request.user
        if not isinstance(member, Member) or not member.is_authenticated:
            return None
        told = request.headers.get("Last-Event-ID", "")
        watch = Watch(
            member.pk,
            session=request.session.session_key or "",
            seq=_figure(request.GET.get("seq")) or 0,
            is_list="list" in request.GET,
            since=_figure(told or request.GET.get("last")),
            age=None if told else _figure(request.GET.get("age")),
        )
        if number := request.GET.get("complaint"):
            seen = Complaint.objects.visible_to(member).filter(number=number.replace("\x00", ""))
            watch.complaint_id = seen.values_list("pk", flat=True).first()
            return watch if watch.complaint_id is not None else None
        return watch
    finally:
        connection.close()


def _figure(given: str | None) -> int | None:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 19 else None


async def stream(request: HttpRequest) -> HttpResponseBase:
    """GET ?complaint=&seq= (a complaint's page) &list=on (rows of complaints) &age= (seconds) &last= (key)."""
    watch = await in_thread(begin)(request)
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
                news = await asyncio.wait_for(watch.news.get(), BEAT)
            except TimeoutError:
                news = (watchers.memory.position or 0, "beat", {})
            if news is None:
                return  # signed out, or may see it no more
            key, event, told = news
            yield f"id: {key}\nevent: {event}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
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


def answers(request: HttpRequest) -> HttpResponseBase:
    """That it is the live process who answers here, for a page whose stream does not open, and for `huiyin check`."""
    response = JsonResponse({"status": "live"})
    response.headers["Cache-Control"] = "no-store"
    return allow_same_host(request, response)


urlpatterns = [path("live/desk", stream, name="live"), path(DOOR.removeprefix("/"), answers, name="live-health")]
