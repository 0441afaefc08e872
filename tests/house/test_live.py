"""The event stream of a complaint, through the real live process."""

import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from tests.house.prepared import prepared
from tests.house.running import Up, huiyin

PASSWORD = "渔舟唱晚响穷彭蠡之滨"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(prepared(tmp_path_factory.mktemp("live") / "home"))
    try:
        running.wait_until_ready()
        for name, unit, role in (
            ("lilei", "CC", "frontline"),
            ("mei", "CC", "supervisor"),
            ("fang", "OUT-002", "store_agent"),
        ):
            add = ("member", "add", name, "--unit", unit, "--role", role, "--password-stdin")
            assert huiyin(running.home, *add, stdin=PASSWORD).returncode == 0
        yield running
    finally:
        running.end()


@pytest.fixture(scope="module")
def number(up: Up, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One complaint, taken in."""
    file = tmp_path_factory.mktemp("in") / "one.csv"
    file.write_text("投诉内容\n宽带三天没有网，报修两次没人上门\n", "utf-8")
    assert huiyin(up.home, "import", str(file)).returncode == 0
    status, body = up.get("/api/v1/complaints", Authorization=f"Bearer {token(up, 'mei')}")
    assert status == 200, body
    found = re.search(r"TS\d+-\d+", body)
    assert found
    return found.group()


def token(up: Up, member: str) -> str:
    made = huiyin(up.home, "token", "create", "--member", member)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def signed_in(up: Up, member: str) -> urllib.request.OpenerDirector:
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    login = f"http://127.0.0.1:{up.port}/accounts/login/"
    opener.open(login, timeout=20).read()
    csrf = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    form = urllib.parse.urlencode({"login": member, "password": PASSWORD, "csrfmiddlewaretoken": csrf})
    opener.open(urllib.request.Request(login, form.encode(), {"Referer": login}), timeout=20).read()
    return opener


def stream(up: Up, number: str) -> urllib.request.Request:
    origin = f"http://127.0.0.1:{up.port}"
    return urllib.request.Request(
        f"http://127.0.0.1:{up.port + 1}/live/desk?complaint={number}&seq=1&age=1", headers={"Origin": origin}
    )


def heard(answer: Iterator[bytes], event: str) -> dict[str, object]:
    """What the next event of that name says."""
    for line in answer:
        if line == f"event: {event}\n".encode():
            told = json.loads(next(answer).removeprefix(b"data: "))
            assert isinstance(told, dict)
            return told
    raise AssertionError("the stream ended")


def test_a_change_by_another_reaches_the_open_page(up: Up, number: str) -> None:
    with signed_in(up, "lilei").open(stream(up, number), timeout=30) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Access-Control-Allow-Origin"] == f"http://127.0.0.1:{up.port}"
        assert answer.readline() == b"retry: 5000\n"
        note = urllib.request.Request(
            f"http://127.0.0.1:{up.port}/api/v1/complaints/{number}/notes",
            json.dumps({"text": "已联系装维"}).encode(),
            {"Authorization": f"Bearer {token(up, 'mei')}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(note, timeout=20) as made:
            assert made.status in {200, 201}
        told = heard(iter(answer.readline, b""), "changed")
        assert told == {"seq": 2, "number": number, "done": [{"who": "mei", "what": "内部备注"}]}


def test_who_may_not_see_the_complaint_hears_nothing(up: Up, number: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        signed_in(up, "fang").open(stream(up, number), timeout=20)
    assert refused.value.code == 404
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(stream(up, number), timeout=20)
    assert refused.value.code == 404


def test_a_stream_ends_soon_after_its_member_has_signed_out(up: Up, number: str) -> None:
    agent = signed_in(up, "lilei")
    with agent.open(stream(up, number), timeout=30) as answer:
        heard(iter(answer.readline, b""), "inbox")
        out = f"http://127.0.0.1:{up.port}/accounts/logout/"
        page = agent.open(out, timeout=20).read().decode()
        token_field = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
        assert token_field
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token_field.group(1)})
        begun = time.monotonic()
        agent.open(urllib.request.Request(out, form.encode(), {"Referer": out}), timeout=20).read()
        answer.read()  # to its end
        assert time.monotonic() - begun < 30
    with pytest.raises(urllib.error.HTTPError):
        agent.open(stream(up, number), timeout=20)


def test_another_site_may_not_listen(up: Up, number: str) -> None:
    request = stream(up, number)
    request.add_header("Origin", "http://evil.example")
    with signed_in(up, "lilei").open(request, timeout=20) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_the_page_may_connect_to_the_stream_and_to_nothing_else(up: Up) -> None:
    with signed_in(up, "lilei").open(f"http://127.0.0.1:{up.port}/desk/", timeout=20) as page:
        policy = page.headers["Content-Security-Policy"]
    assert policy.endswith(f"; connect-src 'self' http://127.0.0.1:{up.port + 1}")
