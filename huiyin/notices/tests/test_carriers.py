"""What the makers of group robots document, their refusals included, and a signed webhook: against local servers."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from huiyin.notices.carriers import longtail, wire
from huiyin.notices.carriers.carrying import CARRIERS
from huiyin.notices.carriers.errors import Misconfigured, NotTaken, Refused, Throttled, Unreachable
from huiyin.notices.carriers.robots import Robot
from huiyin.notices.kinds import Words
from huiyin.notices.outgoing import Outgoing, compose
from huiyin.notices.tests.vendors import SECRET, Vendor, as_json

NOW = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)
Start = Callable[[str], Vendor]
ROBOTS = ("wecom", "dingtalk", "feishu")


def message(count: int = 1, *, title: str = "TS20261117-00001 已超时", urgent: bool = False) -> Outgoing:
    given = {"values": {}, "url": "https://huiyin.example/desk/complaints/TS20261117-00001", "kind": "clock_breached",
             "number": "TS20261117-00001", "at": NOW}  # fmt: skip
    words = Words(title, "方案时限应于 11月17日 11:00 完成。")
    return compose("5f0c", [(words, given)] * count, language="zh", zone=ZoneInfo("Asia/Shanghai"),
                   inbox_url="https://huiyin.example/desk/inbox/", is_urgent=urgent)  # fmt: skip


def send(way: str, server: Vendor, told: Outgoing | None = None, *, secret: str = "", keyword: str = "") -> None:
    CARRIERS[way](Robot(server.url, secret, keyword), told or message(), at=NOW)


@pytest.mark.parametrize("way", ROBOTS)
def test_a_robot_gets_the_words_the_number_and_the_link(vendor: Start, way: str) -> None:
    server = vendor(way)
    server.secret = SECRET if way != "wecom" else ""
    send(way, server, secret=server.secret)
    [post] = server.taken
    text = post.body.decode()
    assert "TS20261117-00001 已超时" in text
    assert "https://huiyin.example/desk/complaints/TS20261117-00001" in text


@pytest.mark.parametrize("way", ROBOTS)
def test_a_digest_of_hundreds_is_one_message_that_fits(vendor: Start, way: str) -> None:
    server = vendor(way)
    send(way, server, message(300))
    assert "300 条通知" in server.taken[0].body.decode()


@pytest.mark.parametrize("way", ROBOTS)
def test_beyond_the_makers_limit_we_are_told_to_wait(vendor: Start, way: str) -> None:
    server = vendor(way)
    server.limit = 2
    send(way, server)
    send(way, server)
    with pytest.raises(Throttled) as refusal:
        send(way, server)
    assert refusal.value.seconds == (600 if way == "dingtalk" else 60)
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("way", "server_has", "we_have", "code"),
    [
        ("dingtalk", {"secret": SECRET}, {"secret": "falsch"}, "310000"),
        ("dingtalk", {"secret": SECRET}, {}, "310000"),
        ("dingtalk", {"keyword": "投诉"}, {}, "310000"),
        ("feishu", {"secret": SECRET}, {"secret": "falsch"}, "19021"),
        ("feishu", {"keyword": "投诉"}, {}, "19024"),
    ],
)
def test_a_wrong_signature_or_keyword_is_the_robots_fault_and_not_the_messages(
    vendor: Start, way: str, server_has: dict[str, str], we_have: dict[str, str], code: str
) -> None:
    server = vendor(way)
    for name, value in server_has.items():
        setattr(server, name, value)
    with pytest.raises(Misconfigured, match=code) as refusal:
        send(way, server, secret=we_have.get("secret", ""))
    assert server.taken == []
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize("way", ["dingtalk", "feishu"])
def test_a_keyword_that_the_robot_asks_for_is_put_before_the_words(vendor: Start, way: str) -> None:
    server = vendor(way)
    server.keyword = "投诉"
    send(way, server, keyword="投诉")
    assert len(server.taken) == 1


@pytest.mark.parametrize("way", ROBOTS)
def test_an_unknown_key_says_so_without_telling_the_key(vendor: Start, way: str) -> None:
    server = vendor(way)
    server.url = server.url.replace("7f3c", "geheim")
    with pytest.raises(Misconfigured) as refusal:
        send(way, server)
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("way", "told", "kind"),
    [
        ("wecom", {"errcode": -1, "errmsg": "system busy"}, Unreachable),
        ("wecom", {"errcode": 40058, "errmsg": "exceed max length"}, Refused),
        ("dingtalk", {"errcode": 410100, "errmsg": "发送速度太快而限流"}, Throttled),
        ("dingtalk", {"errcode": 400102, "errmsg": "机器人已停用"}, Misconfigured),
        ("feishu", {"code": 9499, "msg": "too many requests"}, Throttled),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, Refused),
        ("feishu", {"StatusCode": 0, "StatusMessage": "success"}, None),
        ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, Misconfigured),
        ("wecom", {"errcode": "0"}, Unreachable),
        ("dingtalk", {}, Unreachable),
    ],
)
def test_what_the_body_says_counts_and_not_the_200(
    vendor: Start, way: str, told: dict[str, Any], kind: type[NotTaken] | None
) -> None:
    server = vendor(way)
    server.answers = [as_json(200, **told)]
    if kind is None:
        send(way, server)
    else:
        with pytest.raises(kind):
            send(way, server)


@pytest.mark.parametrize("way", [*ROBOTS, "webhook"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((500, {}, b"down"), Unreachable),
        ((429, {"Retry-After": "7"}, b""), Throttled),
        ((302, {"Location": "http://169.254.169.254/"}, b""), Misconfigured),
        ((404, {}, b"<html>"), Misconfigured),
    ],
)
def test_an_answer_that_is_none_of_a_robot(
    vendor: Start, way: str, answer: tuple[int, dict[str, str], bytes], kind: type[NotTaken]
) -> None:
    server = vendor(way)
    server.answers = [answer]
    with pytest.raises(kind) as refusal:
        send(way, server)
    assert not isinstance(refusal.value, Throttled) or refusal.value.seconds == 7
    assert len(server.posts) == 1  # no redirect was followed


def test_a_webhook_is_signed_over_time_and_body_and_names_itself(vendor: Start) -> None:
    server = vendor("webhook")
    send("webhook", server, message(2, urgent=True), secret=SECRET)
    [post] = server.taken
    given = dict(part.split("=") for part in post.headers["Huiyin-Signature"].split(","))
    right = hmac.new(SECRET.encode(), f"{given['t']}.".encode() + post.body, hashlib.sha256).hexdigest()
    assert (given["v1"], int(given["t"])) == (right, int(NOW.timestamp()))
    told = json.loads(post.body)
    assert (post.headers["Huiyin-Delivery"], told["id"], told["urgent"], len(told["notices"])) == (
        "5f0c",
        "5f0c",
        True,
        2,
    )
    assert told["notices"][0]["kind"] == "clock_breached"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/a",  # not encrypted
        "https://user:pass@hooks.example.com/",
        "ftp://hooks.example.com/",
        "https://",
        "https://ho oks.example.com/",
        "https://hooks.example.com/\r\nX: y",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(wire.NotAllowed):
        wire.check(url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fd00::1",
     "::ffff:10.0.0.1", "224.0.0.1"],
)  # fmt: skip
def test_no_name_leads_into_our_own_network(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)),
             (family, socket.SOCK_STREAM, 6, "", (address, 443))]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: found)
    with pytest.raises(Misconfigured):
        wire.post("https://hooks.example.com/", b"{}", {})


def test_the_operator_and_nobody_else_opens_the_own_network(vendor: Start, settings: Settings) -> None:
    server = vendor("webhook")
    settings.HUIYIN_INTERNAL_HOSTS = []
    with pytest.raises(Misconfigured):
        send("webhook", server)
    assert server.posts == []


def test_who_does_not_answer_is_waited_for_no_longer_than_we_have_patience(
    vendor: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.2)
    server = vendor("wecom")
    server.hangs = threading.Event()
    with pytest.raises(Unreachable):
        send("wecom", server)


def test_a_host_that_is_away(settings: Settings) -> None:
    settings.HUIYIN_INTERNAL_HOSTS = ["127.0.0.1"]
    with pytest.raises(Unreachable):
        wire.post("http://127.0.0.1:9/", b"", {})


def test_values_become_no_links_mentions_or_headings_of_their_own() -> None:
    told = message(title="[点我](http://evil.example) <at id=all></at> **@所有人** # x").markdown
    assert "](http://evil" not in told
    assert "<at" not in told
    assert "@" not in told


def test_apprise_for_all_others_but_not_into_our_own_network_nor_on_our_own_machine(
    vendor: Start, settings: Settings
) -> None:
    server = vendor("webhook")
    server.answers = [(200, {}, b"{}"), (500, {}, b"")]
    address = server.url.replace("http://", "ntfy://").replace("/huiyin", "/complaints")
    longtail.send(Robot(address), message(), at=NOW)
    assert server.posts[0].json["title"] == "TS20261117-00001 已超时"
    with pytest.raises(Unreachable):
        longtail.send(Robot(address), message(), at=NOW)
    settings.HUIYIN_INTERNAL_HOSTS = []
    for bad in (
        address,
        "ntfy://localhost/topic",
        "syslog://",
        "json://example.com/",
        "没有",
        "mailto://a:b@example.com",
    ):
        with pytest.raises(Misconfigured):
            longtail.send(Robot(bad), message(), at=NOW)
    assert len(server.posts) == 2


@pytest.mark.parametrize(
    "bad",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?template=/etc/passwd",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?TEMPLATE=http://169.254.169.254/",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?%74emplate=file:///etc/passwd",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js/?a=b&template=/etc/passwd",
        "ntfys://ntfy.sh/topic?attach=http://10.0.0.1/",
        "fcm://project@apikey/device/?keyfile=/etc/passwd",
        "fcm://project/device/",
        "matrixs://user:pass@example.com/",
        "onebot://example.com/1",
        "gotify://8.8.8.8/abcdefghijklmno",
        "gotifys://127.0.0.1/abcdefghijklmno",
        "mmosts://[::ffff:10.0.0.1]/abcdefghijklmnopqrst",
    ],
)
def test_apprise_reads_no_file_and_no_other_address_and_keeps_to_the_list(bad: str, settings: Settings) -> None:
    settings.HUIYIN_INTERNAL_HOSTS = []
    with pytest.raises(Misconfigured):
        longtail.parsed(bad)


def test_apprise_services_of_the_list_are_known_to_it(settings: Settings) -> None:
    from apprise.manager_plugins import NotificationManager

    plugins: Any = NotificationManager()  # type: ignore[no-untyped-call]
    plugins.load_modules()
    assert [name for name in sorted(longtail.MAKERS_SCHEMAS | longtail.OWN_SCHEMAS) if name not in plugins] == []
    assert all("host" in plugins[name].template_tokens for name in longtail.OWN_SCHEMAS)
    assert all("host" not in plugins[name].template_tokens for name in longtail.MAKERS_SCHEMAS)
    assert longtail.parsed("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general")
