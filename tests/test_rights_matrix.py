"""Member x row x every URL and endpoint: who must not know of a complaint finds it nowhere and moves nothing.

The expectation is written down by hand in SEES, not asked of the code. Each complaint carries its own sign in its text,
title, names and files; an answer that shows the sign of a hidden complaint is a leak, whatever the page. It is searched
for by its mark, its number and its phone, so that what was asked may be repeated and the sign may not.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from huiyin.api.interface import interface
from huiyin.compensation.models import Offer
from huiyin.complaints.models import Complaint, Event
from huiyin.desk import quality
from huiyin.desk import urls as desk
from huiyin.desk.deeds import ON_COMPLAINTS
from huiyin.desk.offers import ON_OFFERS
from huiyin.desk.order_deeds import ON_ORDERS
from huiyin.desk.views.board import DEEDS as BOARD_DEEDS
from huiyin.desk.views.incidents import DEEDS as INCIDENT_DEEDS
from huiyin.desk.views.red import DEEDS as RED_DEEDS
from huiyin.dispatch.models import WorkOrder
from huiyin.insight import elsewhere
from huiyin.org.actions.tokens import create
from tests import refusals
from tests.cast import member
from tests.visiting.hidden import ROWS, complaints, mark, sign

pytestmark = pytest.mark.django_db

NOUNS: dict[str, Sequence[Any]] = {
    "order-deed": ON_ORDERS, "board-act": tuple(BOARD_DEEDS.values()), "offer-deed": ON_OFFERS,
    "red-deed": tuple(RED_DEEDS.values()),
}  # fmt: skip
_OPEN = set(ROWS) - {"secret"}
# who may know of which complaint: own unit, sub-unit, sibling unit, foreign row, confidential, and those named in it
SEES: dict[str, set[str]] = {
    "agent": {"centre", "quality", "county", "secret"},  # assigned the secret one; named in the last
    "agent2": {"centre", "quality", "county", "names-agent"},
    "reviewer": _OPEN,
    "auditor": _OPEN,
    "supervisor": set(ROWS) - {"names-agent"},  # line manager of the one it names
    "supervisor2": set(ROWS),
    "manager": set(ROWS),
    "director": _OPEN,
    "executive": set(ROWS),
    "legal": set(ROWS),
    "analyst": _OPEN,
    "outlet": _OPEN,
    "lead": {"quality"},
    "handler": {"quality"},
    "quality": {"quality"},
    "handler2": set(),
    "branch": {"county"},
    "outsider": {"south"},
    "admin": set(),
}
DEIDENTIFIED = {"analyst", "outlet"}
# rows that differ by their place only: those without a work order, those with one, the confidential one, the recused
SORTS = (("centre", "outlet", "south"), ("quality", "county"), ("secret",), ("names-agent",))


@pytest.fixture
def rows() -> dict[str, Complaint]:
    return complaints(SEES)


@pytest.mark.req("A18", "A58", "C103", "D25")
@pytest.mark.parametrize("username", sorted(SEES))
def test_nobody_finds_what_they_must_not_know(
    rows: dict[str, Complaint], username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals.laid_out_once(monkeypatch)
    visible = SEES[username]
    seen = set(Complaint.objects.visible_to(member(username)).values_list("number", flat=True))
    assert seen == {rows[row].number for row in visible}
    assert WorkOrder.objects.visible_to(member(username)).count() == len(visible & {"quality", "county"})

    hidden = set(ROWS) - visible
    readings = {url: client for client, url in _every_reading(username, rows)}
    answers = ((url, _body(client, url)) for url, client in readings.items())  # each asked for once
    leaks = [(url, row) for url, body in answers for row in hidden if sign(row) in body]

    assert leaks == []


def test_every_row_is_tried_by_several_who_must_not_know_of_it() -> None:
    walked = [row for username in SEES for row in _walked(username)]

    assert {row: walked.count(row) >= 2 for row in ROWS} == dict.fromkeys(ROWS, True)


@pytest.mark.parametrize("username", sorted(SEES))
def test_nobody_moves_what_they_must_not_know(
    rows: dict[str, Complaint], username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals.bare(monkeypatch)
    hidden = [rows[row] for row in _walked(username)]
    before = _everything()

    browser, machine = _browser(username), _machine(username)
    answers = {
        (url, _moved(browser, machine, method, url)) for complaint in hidden for method, url in _every_doing(complaint)
    }

    assert _everything() == before
    assert {status for _url, status in answers} <= {404, 403, 405, 422}
    assert {url for url, status in answers if status == 422 and "/api/" not in url} == set()


BODIES = {"approval": {}, "refusal": {"reason": "x"}, "choice": {}, "fulfilment": {"reference": "x"}}


def _moved(browser: Client, machine: Client, method: str, url: str) -> int:
    if "/api/" in url:
        body = json.dumps(BODIES.get(url.rpartition("/")[2], {"reason": "x", "text": "x"}))
        return int(machine.generic(method, url, body, content_type="application/json").status_code)
    return int(browser.post(url, {"reason": "x", "text": "x", "body": "x", "reference": "x"}).status_code)


@pytest.mark.parametrize("username", sorted(DEIDENTIFIED))
def test_who_reads_without_the_person_reads_no_name_and_no_contact(rows: dict[str, Complaint], username: str) -> None:
    """Neither on the lists nor, of one complaint, on any page or endpoint that hangs on it."""
    browser, machine = _browser(username), _machine(username)
    own = rows["quality"]
    readings = [
        *_every_reading(username, rows),
        *((browser, url) for url in (*_desk_urls(own, every_noun=False), *_quality_urls(own))),
        *((machine, url) for url in _api_urls(own, "get")),
    ]
    answers = ((url, _body(client, url)) for client, url in readings if "1390000" not in url)
    traces = ("张伟wvk", "wvk0centre@", "wvk1quality@", "139000000")
    found = [url for url, body in answers if any(trace in body for trace in traces)]

    assert found == []


@pytest.mark.parametrize("username", ["agent2", "handler"])
def test_who_reads_contacts_masked_never_gets_them_in_full(rows: dict[str, Complaint], username: str) -> None:
    found = [
        url
        for client, url in _every_reading(username, rows)
        if "1390000" not in url and "139000000" in _body(client, url)
    ]

    assert found == []


def _walked(username: str) -> list[str]:
    """Of each sort of row that is hidden from them, one whose own addresses they try: which, the members take in turn.

    What all of them show elsewhere is looked for in every answer, and which of them exist for the member is compared.
    """
    turn = sorted(SEES).index(username)
    hidden = [[row for row in sort if row not in SEES[username]] for sort in SORTS]
    return [rows[turn % len(rows)] for rows in hidden if rows]


def _every_reading(username: str, rows: dict[str, Complaint]) -> Iterator[tuple[Client, str]]:
    browser, machine = _browser(username), _machine(username)
    walked = _walked(username)
    for row, complaint in rows.items():
        if row in SEES[username]:  # their own page may still show what stands beside it
            yield browser, reverse("desk:complaint", args=[complaint.number])
            yield machine, f"/api/v1/complaints/{complaint.number}"
            continue
        if row not in walked:
            continue
        for url in _desk_urls(complaint, every_noun=False):
            yield browser, url
        for url in _api_urls(complaint, "get"):
            yield machine, url
        for url in _quality_urls(complaint):
            yield browser, url
    yield browser, f"{reverse('desk:board')}?hours=336"
    yield browser, f"{reverse('desk:attainment-rows')}?to=2027-06-01&from=2026-11-01"
    for code in elsewhere.ELSEWHERE:
        yield browser, f"{reverse('desk:attainment-rows')}?to=2027-06-01&from=2026-11-01&clock={code}"
    for of in ("satisfaction", "repeats", "received", "open", "orders", "returns"):
        yield browser, f"{reverse('desk:figure-rows')}?of={of}&to=2027-06-01&from=2026-11-01"
    for start in ("2026-11", f"{timezone.localdate():%Y-%m}"):
        yield browser, f"{reverse('desk:monthly')}?month={start}"
    yield browser, f"{reverse('desk:knowledge')}?shelf=drafts"
    for tab in quality.TABS:
        yield browser, f"{reverse('desk:quality')}?tab={tab}"
    yield browser, reverse("desk:red")
    yield from ((browser, f"{reverse('desk:reviews')}?tab={tab}") for tab in ("waiting", "done", "appeals"))
    for view in (
        "mine",
        "unit",
        "to_sign",
        "to_handle",
        "to_review",
        "to_redispatch",
        "to_audit",
        "to_reply",
        "overdue",
        "all",
    ):
        yield browser, f"{reverse('desk:queue')}?view={view}"
    for row, complaint in rows.items():
        for query in (mark(row), complaint.number, f"1390000{ROWS.index(row):04d}"):
            yield browser, f"{reverse('desk:queue')}?view=all&q={query}"
            yield machine, f"/api/v1/complaints?q={query}"
        yield browser, f"{reverse('desk:intake-caller')}?phone=1390000{ROWS.index(row):04d}&order_no={mark(row)}"


def _browser(username: str) -> Client:
    browser = Client()
    browser.force_login(member(username), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _machine(username: str) -> Client:
    _token, raw = create(member=member(username), name="矩阵", scopes=("read", "write"), at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {raw}"})


def _quality_urls(complaint: Complaint) -> Iterator[str]:
    """The pages of what hangs on the complaint by numbers of its own."""
    yield from (reverse("desk:incident", args=[each.incident.number]) for each in complaint.incident_links.all())
    yield reverse("desk:investigation", args=[complaint.investigation.number])


def _quality_deeds(complaint: Complaint) -> Iterator[str]:
    for link in complaint.incident_links.all():
        number = link.incident.number
        yield from (reverse("desk:incident-duty", args=[number, duty.pk]) for duty in link.incident.duties.all())
        yield from (reverse("desk:incident-deed", args=[number, noun]) for noun in INCIDENT_DEEDS)
    steps = complaint.investigation.steps.all()
    yield from (
        reverse("desk:investigation-step", args=[complaint.investigation.number, each.code.lower()]) for each in steps
    )


def _desk_urls(complaint: Complaint, *, every_noun: bool) -> Iterator[str]:
    """Every address of the desk, filled with this complaint's parts; of the forms for its moves one, or all."""
    order = complaint.work_orders.first()
    attachment = complaint.attachments.first()
    offer = complaint.offers.first()
    for pattern in _patterns():
        wanted = pattern.pattern.converters
        deeds = NOUNS.get(str(pattern.name), ON_COMPLAINTS)
        nouns = [each.noun for each in deeds]
        hanging: Any = offer if "/offers/" in str(pattern.pattern) else attachment
        hanging = complaint.regulatory_cases.first() if "reply-packages" in str(pattern.pattern) else hanging
        is_setting = str(pattern.name).startswith("settings")
        code = "QM" if is_setting else "TR-02"
        known = {"kind": "csv", "pk": hanging.pk if hanging else 0, "code": code, "username": "agent", "step": "name"}
        known |= {"seq": 1}
        known |= {"day": "2026-11-22", "language": "zh", "key": f"notes:{complaint.number}", "channel": "sms"}
        known |= {"kind": "urged"} if is_setting else {}
        known |= {"pk": complaint.sampled.get().pk} if str(pattern.name).startswith("review") else {}
        for noun in (nouns if every_noun else nouns[:1]) if "noun" in wanted else [""]:
            number: str | int = 1 if is_setting else complaint.number
            if order and ("work-orders" in str(pattern.pattern) or pattern.name == "board-act"):
                number = order.number
            values = {**known, "number": number, "noun": noun}
            yield reverse(f"desk:{pattern.name}", kwargs={name: values[name] for name in wanted})


def _patterns() -> Iterator[URLPattern]:
    """Of the desk and of its settings."""
    for pattern in desk.urlpatterns:
        found = pattern.url_patterns if isinstance(pattern, URLResolver) else [pattern]
        for each in found:
            assert isinstance(each, URLPattern)
            yield each


@cache
def _operations() -> dict[str, Any]:
    paths: dict[str, Any] = interface.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    return paths


def _api_urls(complaint: Complaint, method: str) -> Iterator[str]:
    """Every endpoint of the interface with this method."""
    order = complaint.work_orders.first()
    attachment, offer = complaint.attachments.first(), complaint.offers.first()
    for path, operations in _operations().items():
        if method not in operations:
            continue
        if "/work-orders/{" in path and order is None:
            continue
        number = order.number if order is not None and "/work-orders/{" in path else complaint.number
        path = path.replace("{offer}", str(offer.pk if offer else 0))
        path = path.replace("{extension}", "1").replace("{letter}", "1").replace("{waiting}", "1")
        case = complaint.regulatory_cases.first()
        path = path.replace("{case}", str(case.pk if case else 0))
        yield path.replace("{number}", number).replace("{id}", str(attachment.pk if attachment else 0))


def _body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code < 500, (url, response.status_code)
    return b"".join(response).decode("utf-8", "replace")


def _every_doing(complaint: Complaint) -> Iterator[tuple[str, str]]:
    for url in _desk_urls(complaint, every_noun=True):
        if complaint.number[2:] in url:
            yield "POST", url
    yield from (("POST", url) for url in _quality_deeds(complaint))
    for method in ("post", "put"):
        for url in _api_urls(complaint, method):
            if complaint.number[2:] in url or "/offers/" in url:
                yield method.upper(), url


def _everything() -> tuple[int, list[tuple[str, str, int]], list[tuple[str, str]]]:
    complaints = Complaint.objects.order_by("id").values_list("number", "state", "version")
    orders = WorkOrder.objects.order_by("id").values_list("number", "state")
    offers = Offer.objects.order_by("id").values_list("complaint__number", "state")
    return Event.objects.count(), list(complaints), [*orders, *offers]
