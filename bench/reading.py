"""Reading: the queue, a complaint, the search and the API list, at several sizes, for 8 clients that never rest, and
for 8 people, who look at each page for a second before they ask for the next."""

import random
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from bench.client import elsewhere, get
from bench.intake import summary
from bench.multiplying import grow_to
from bench.place import Place, now

SIZES = (10_000, 100_000, 1_000_000)
COMMON = ("退款", "客服", "手机", "态度", "投诉", "不能", "漏水", "老人")
LOOKING = 1.0  # seconds that a person looks at a page
SEARCHED = 40  # rare words that are looked for
Requests = list[bytes]


def measure(place: Place, *, requests: int, sizes: tuple[int, ...] = SIZES, connections: int = 8) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in sizes:
        grow_to(size)
        place.start_web()
        try:
            pages = _pages(requests)
            restless = {name: _one(place, made, connections) for name, made in pages.items()}
            people = {
                f"{name}{PEOPLE}": _one(place, made[: len(made) // 2], connections, resting=LOOKING)
                for name, made in pages.items()
                if not name.startswith("API")
            }
            found[f"{size:,}"] = restless | people
        finally:
            place.stop_web()
    return found


PEOPLE = ", people who look for a second"


def _one(place: Place, made: Requests, connections: int, *, resting: float = 0.0) -> dict[str, Any]:
    elsewhere(place.port, made[: max(24, len(made) // 10)], connections=connections)  # warm
    before = place.spent()
    outcome = elsewhere(place.port, made, connections=connections, resting=resting)
    after = place.spent()
    cpu = {f"{name}_cpu_ms": round((after[name] - before[name]) * 1000 / len(made), 2) for name in before}
    return summary(outcome) | cpu


def _pages(requests: int) -> Mapping[str, Requests]:
    """Each kind of page as a supervisor of the headquarters asks for it, who sees nearly everything, and as an agent
    of a branch does, who sees a tenth."""
    chance = random.Random(5)  # nothing is kept secret with it
    cookies = [_session("supervisor"), _session("outsider")]
    bearer = f"Authorization: Bearer {_token('supervisor')}"
    numbers, words = _numbers(), _rare_words()

    def page(path: Callable[[], str]) -> Requests:
        return [get(path(), chance.choice(cookies)) for _ in range(requests)]

    return {
        "queue": page(lambda: f"/desk/complaints/?view={chance.choice(('all', 'overdue', 'unit', 'all'))}"),
        "complaint": [get(f"/desk/complaints/{chance.choice(numbers)}", cookies[0]) for _ in range(requests)],
        "search, common word": page(lambda: f"/desk/complaints/?q={quote(chance.choice(COMMON))}"),
        "search, rare word": page(lambda: f"/desk/complaints/?q={quote(chance.choice(words))}"),
        "API list": [get(f"/api/v1/complaints?page_size=50{chance.choice(_FILTERS)}", bearer) for _ in range(requests)],
        "API search": [
            get(f"/api/v1/complaints?q={quote(chance.choice((*COMMON, *words)))}", bearer) for _ in range(requests)
        ],
    }


_FILTERS = (
    "",
    "",
    "&state=in_progress&sort=due_at",
    "&overdue=true&sort=due_at",
    "&severity=2",
    "&unit=QM",
    "&tier=STD",
)


def _numbers() -> list[str]:
    from huiyin.complaints.models import Complaint

    rows = Complaint.objects.order_by("tracking_digest")  # in no order that means anything
    return list(rows.values_list("number", flat=True)[:400])


def _rare_words() -> list[str]:
    """Two characters each that some copies have and no text does, and names that a few texts have."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme FROM complaints_searchable s, unnest(tsvector_to_array(s.vector)) lexeme"
            " WHERE s.complaint_id IN"
            " (SELECT complaint_id FROM complaints_searchable ORDER BY complaint_id DESC LIMIT 60)"
            " AND lexeme ~ '^[一-龥]{2}$' GROUP BY lexeme HAVING count(*) = 1 ORDER BY md5(lexeme) LIMIT %s",
            [SEARCHED],
        )
        return [row[0] for row in cursor.fetchall()]


def _session(username: str) -> str:
    return f"Cookie: {session_cookie(username)}"


def session_cookie(username: str) -> str:
    """NAME=VALUE of a signed-in session, without the slow hash of a password."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from huiyin.org.models import Member

    member = Member.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _token(username: str) -> str:
    from huiyin.org.actions import tokens
    from huiyin.org.models import Member, Token

    member = Member.objects.get(username=username)
    return tokens.create(member=member, name="bench", scopes=[str(Token.Scope.READ)], at=now())[1]
