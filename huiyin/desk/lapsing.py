"""Which open streams end: their member has signed out, left, has another password, or may see the complaint no more.

Two statements for all that are open, and one more for each further hundred members.
"""

import time
from collections.abc import Sequence

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from huiyin.complaints import watching
from huiyin.desk.watchers import Memory, Watch
from huiyin.org.models import Member


def lapsed(watches: Sequence[Watch], memory: Memory) -> list[Watch]:
    ids = sorted({each.member_id for each in watches})
    members = {each.pk: each for each in memory.members(ids, time.monotonic())}
    owners = _owners({each.session for each in watches}, members)
    wanted: dict[Member, set[int]] = {}
    for watch in watches:
        if watch.complaint_id is not None and watch.member_id in members:
            wanted.setdefault(members[watch.member_id], set()).add(watch.complaint_id)
    seen = watching.seen_by(wanted)
    return [
        watch
        for watch in watches
        if owners.get(watch.session) != watch.member_id
        or not (watch.complaint_id is None or watch.complaint_id in seen.get(watch.member_id, ()))
    ]


def _owners(keys: set[str], members: dict[int, Member]) -> dict[str, int]:
    """By session that still stands: whose it is."""
    found: dict[str, int] = {}
    for session in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()):
        told = session.get_decoded()
        member = members.get(int(told.get(SESSION_KEY) or 0))
        if member is None or BACKEND_SESSION_KEY not in told:
            continue
        if constant_time_compare(told.get(HASH_SESSION_KEY, ""), member.get_session_auth_hash()):
            found[session.session_key] = member.pk
    return found
