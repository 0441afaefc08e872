"""What waits goes out once, by real servers; what fails comes again, or is shown to have failed."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from huiyin.channels.tests.conftest import Post
from huiyin.duty.models import Absence, Assignment, Desk, Shift
from huiyin.notices import guards
from huiyin.notices.actions import delivering, taking, telling
from huiyin.notices.carriers import wire
from huiyin.notices.models import Delivery, Lane, Notice
from huiyin.notices.tests.factories import NOON, NUMBER, later, member, members, prefers, target, tell, unit
from huiyin.notices.tests.vendors import Vendor
from huiyin.org.models import Member

pytestmark = pytest.mark.django_db
Start = Callable[[str], Vendor]
SOON = NOON + telling.SETTLE
NIGHT = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
MORNING = datetime(2026, 11, 18, 0, 0, tzinfo=UTC)  # 08:00


@pytest.fixture(autouse=True)
def _nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every number may be known, unless a test says otherwise."""
    monkeypatch.setattr(guards, "_seen", [lambda who, numbers: numbers])
    monkeypatch.setattr(guards, "_kept", [])


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def rounds(lane: str, *minutes: int) -> int:
    return sum(delivering.deliver_lane(lane, at=SOON + timedelta(minutes=each)) for each in minutes)


def test_a_notice_arrives_in_the_members_language_with_its_link_and_the_same_name_at_every_try(post: Post) -> None:
    post.refusals = ["451 mailbox busy"]
    tell(member(language="en"), number=NUMBER)
    assert rounds("email", 0) == 0
    [waiting] = Delivery.objects.all()
    assert (waiting.state, waiting.attempts, waiting.error) == ("waiting", 1, "SMTP 451")
    assert rounds("email", 1, 2) == 1
    [mail] = post.taken
    assert str(mail["Subject"]) == f"{NUMBER} is urged"
    assert mail["Message-ID"] == f"<notice.{waiting.message}@huiyin.example>"
    assert f"/desk/complaints/{NUMBER}" in mail.get_content()
    assert rounds("email", 3, 30) == 0


def test_a_storm_becomes_one_digest_and_no_hour_holds_more_than_the_number(post: Post, settings: Settings) -> None:
    settings.HUIYIN_NOTICES_AN_HOUR = 4
    lilei = member()
    for n in range(200):
        tell(lilei, key=f"k{n}")
    assert rounds("email", 0) == 1
    assert str(post.taken[0]["Subject"]) == "200 条通知"
    assert "还有 180 条" in post.taken[0].get_content()
    for minute in range(1, 90):
        tell(lilei, key=f"m{minute}", at=NOON + timedelta(minutes=minute))
        rounds("email", minute)
    assert len(post.taken) <= 2 * 4
    assert states() == {"sent": Delivery.objects.filter(state="sent").count(), "waiting": states().get("waiting", 0)}


def test_at_night_only_what_is_urgent_goes_and_the_rest_is_one_digest_in_the_morning(post: Post) -> None:
    lilei = member()
    for n in range(3):
        tell(lilei, key=f"k{n}", at=NIGHT)
    tell(lilei, key="rot", kind="red_channel", urgent=True, at=NIGHT, values={"reason": "全网中断", "unit": "网络部"})
    assert delivering.lanes_due(at=NIGHT + telling.SETTLE) == ["email"]
    assert delivering.deliver_lane("email", at=NIGHT + telling.SETTLE) == 1
    assert "红色通道" in str(post.taken[0]["Subject"])
    assert delivering.lanes_due(at=MORNING - timedelta(minutes=1)) == []
    assert delivering.deliver_lane("email", at=MORNING) == 1
    assert str(post.taken[1]["Subject"]) == "3 条通知"


def test_who_is_in_another_zone_has_another_night(post: Post) -> None:
    here, there = member("here"), member("there", of=unit("LDN", zone="Europe/London"))
    tell(here, there, at=NIGHT)
    assert delivering.deliver_lane("email", at=NIGHT + telling.SETTLE) == 1
    assert post.recipients == [["there@example.com"]]


def test_who_is_on_shift_at_night_is_told_then_and_who_begins_later_when_they_begin(post: Post) -> None:
    home = unit()
    desk = Desk.objects.create(code="night", name_zh="夜班台", unit=home, time_zone="Asia/Shanghai")
    for name, starts in (("on", time(22)), ("soon", time(23, 30)), ("away", time(22))):
        shift = Shift.objects.create(desk=desk, name=name, starts=starts, ends=time(6))
        Assignment.objects.create(member=member(name), shift=shift, first=NIGHT.date() - timedelta(days=1))
    gone = Member.objects.get(username="away")
    Absence.objects.create(
        member=gone, starts_at=NIGHT - timedelta(days=1), ends_at=NIGHT + timedelta(days=1), made_at=NIGHT
    )
    tell(*Member.objects.all(), member("asleep"), at=NIGHT)

    assert delivering.deliver_lane("email", at=NIGHT + telling.SETTLE) == 1
    assert post.taken[0]["To"] == "on@example.com"
    held = dict(Delivery.objects.filter(state="waiting").values_list("member__username", "next_try_at"))
    assert held == {"soon": NIGHT + timedelta(minutes=30), "away": MORNING, "asleep": MORNING}


def test_what_was_read_in_the_inbox_is_not_mailed_as_well(post: Post) -> None:
    tell(member(), at=NIGHT)
    Notice.objects.update(seen_at=NIGHT)
    assert delivering.deliver_lane("email", at=MORNING) == 0
    assert states() == {"dropped": 1}


def test_who_may_not_know_of_it_any_more_is_not_told(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    out, left = member("out"), member("left")
    tell(out, left, number=NUMBER)
    monkeypatch.setattr(guards, "_seen", [lambda who, numbers: set() if who == out else numbers])
    left.is_active = False
    left.save()
    assert rounds("email", 0) == 0
    assert set(Delivery.objects.values_list("state", "error")) == {("dropped", "not visible")}


def test_a_group_is_not_told_of_what_is_confidential(vendor: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    group = target(address=vendor("wecom").url)
    tell(member(email=""), number=NUMBER)
    monkeypatch.setattr(guards, "_kept", [lambda numbers: {NUMBER}])
    assert rounds(group.lane, 0) == 0
    assert set(Delivery.objects.values_list("state", "error")) == {("dropped", "confidential")}


def test_yesterdays_notices_are_one_digest_after_a_stop(post: Post) -> None:
    lilei = member()
    for hour in range(5):
        tell(lilei, key=f"k{hour}", at=later(hours=-28 + hour))
    tell(lilei, key="new")
    assert rounds("email", 0) == 1
    assert str(post.taken[0]["Subject"]) == "6 条通知"


def test_a_robot_that_hangs_rests_and_the_others_go_on(
    vendor: Start, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.2)
    bad, good = vendor("wecom"), vendor("dingtalk")
    bad.hangs = threading.Event()
    hanging, working = target(address=bad.url), target("dingtalk", address=good.url)
    lilei = member()
    for n in range(4):
        tell(lilei, key=f"k{n}")
    assert set(delivering.lanes_due(at=SOON)) == {hanging.lane, working.lane, "email"}
    assert (rounds(hanging.lane, 0), rounds(working.lane, 0), rounds("email", 0)) == (0, 4, 4)
    assert len(bad.posts) == 1  # the other three did not wait for it too
    assert delivering.lanes_due(at=SOON + timedelta(seconds=59)) == []
    assert rounds(hanging.lane, 0) == 0
    assert len(bad.posts) == 1
    for minute in (1, 2, 3):  # rests longer each time
        rounds(hanging.lane, minute)
    assert (len(bad.posts), Lane.objects.get(pk=hanging.lane).failures) == (3, 3)


def test_a_robot_that_fails_for_a_day_has_failed_and_administrators_are_told_once(vendor: Start) -> None:
    server = vendor("wecom")
    server.url = server.url.replace("7f3c", "abgelaufen")
    group, admin = target(address=server.url, name="值班群"), member("admin", roles=["admin"], email="")
    tell(member(email=""), key="a")
    tell(member("b", email=""), key="b")
    for minute in range(0, 26 * 60, 5):
        rounds(group.lane, minute)
    assert states() == {"failed": 2}
    lane = Lane.objects.get(pk=group.lane)
    assert lane.error.startswith("93000")
    assert "abgelaufen" not in lane.error
    told = Notice.objects.get(member=admin)
    assert (told.kind, told.values["channel"], told.seen_at) == ("delivery_failed", "值班群", None)

    group.address = group.address.replace("abgelaufen", "7f3c")
    group.save()
    assert delivering.try_again(Delivery.objects.filter(target=group), at=later(hours=27)) == 2
    Lane.objects.all().delete()
    assert delivering.deliver_lane(group.lane, at=later(hours=27)) == 1
    assert "2 条通知" in server.taken[0].body.decode()


def test_what_queued_up_behind_a_robot_that_was_away_comes_in_digests(vendor: Start) -> None:
    server = vendor("wecom")
    server.answers = [(503, {}, b"")] * 60
    group, lilei = target(address=server.url), member(email="")
    for minute in range(0, 120, 2):
        tell(lilei, key=f"k{minute}", at=NOON + timedelta(minutes=minute))
        rounds(group.lane, minute)
    server.answers = []
    for minute in range(120, 200):
        rounds(group.lane, minute)
    assert states() == {"sent": 60}
    assert len(server.taken) <= 2  # what waited for its own next try comes behind the rest
    assert Lane.objects.get(pk=group.lane).failures == 0


def test_no_more_a_minute_than_the_maker_takes_and_what_it_refuses_waits(vendor: Start, settings: Settings) -> None:
    settings.HUIYIN_NOTICES_AN_HOUR = 1000
    server = vendor("wecom")
    group = target(address=server.url)
    for n in range(25):
        tell(member(f"n{n}", email=""), key=f"k{n}", urgent=True)
    assert rounds(group.lane, 0) == 20
    assert len(server.posts) == 20  # the next five did not even try
    server.limit = 22
    assert rounds(group.lane, 1) == 2
    assert Lane.objects.get(pk=group.lane).error.startswith("45009")
    server.limit = 100
    assert rounds(group.lane, 2) == 3
    assert (len(server.taken), states()) == (25, {"sent": 25})


def test_a_short_message_goes_where_a_member_left_a_number_and_only_once_to_the_gateway(
    vendor: Start, settings: Settings
) -> None:
    server = vendor("webhook")
    settings.HUIYIN_SMS_URL, settings.HUIYIN_SMS_KEY = server.url, "schluessel"
    lilei = member(email="")
    prefers(lilei, phone="13900001111")
    tell(lilei, kind="red_channel", urgent=True, number=NUMBER, values={"reason": "全网中断", "unit": "网络部"})
    assert delivering.deliver_lane("sms", at=NOON) == 1
    told = server.taken[0].json
    assert (told["to"], told["id"]) == ("13900001111", str(Delivery.objects.get().message))
    assert told["text"].startswith(f"红色通道：{NUMBER}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM notices_preference")
        assert b"13900001111" not in bytes((cursor.fetchone() or [b""])[0])


def test_an_address_that_the_server_refuses_for_good_fails_at_once_and_holds_up_nobody(post: Post) -> None:
    post.refusals = ["550 no such user"]
    tell(*members(3))
    assert rounds("email", 0) == 2
    assert states() == {"failed": 1, "sent": 2}


def test_a_lane_of_many_recipients_takes_few_statements_to_plan(post: Post) -> None:
    from django.test.utils import CaptureQueriesContext

    everybody = members(40)
    lane = Lane.objects.create(name="email")

    def asked(count: int, key: str) -> int:
        tell(*everybody[:count], key=key)
        with CaptureQueriesContext(connection) as made:
            assert len(taking.take(lane, at=SOON)) == count
        return len(made)

    few = asked(3, "a")
    assert asked(30, "b") - few == 27  # one more statement for each message, and none for each question


def test_retired_targets_get_nothing_any_more(vendor: Start) -> None:
    group = target(address=vendor("wecom").url)
    tell(member(email=""))
    group.is_active = False
    group.save()
    assert rounds(group.lane, 0) == 0
    assert states() == {"dropped": 1}


def test_address_and_secret_are_sealed_and_in_no_message_of_a_failure(vendor: Start) -> None:
    server = vendor("feishu")
    group = target("feishu", address=server.url + "geheim", secret="auch-geheim")
    tell(member(email=""))
    rounds(group.lane, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM notices_target")
        assert b"geheim" not in b"".join(bytes(each) for each in cursor.fetchone() or ())
    assert "geheim" not in Delivery.objects.get().error + Lane.objects.get().error


def test_a_message_that_a_carrier_stumbles_over_fails_alone(vendor: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    server = vendor("wecom")
    group = target(address=server.url)
    lilei = member(email="")
    tell(lilei, key="a", kind="announcement", values={"title": "坏", "text": "坏"})
    tell(lilei, key="b", kind="announcement", values={"title": "好", "text": "好"})
    sound = wire.post

    def stumble(url: str, body: bytes, headers: dict[str, str]) -> wire.Answer:
        if "坏" in body.decode():
            raise ZeroDivisionError
        return sound(url, body, headers)

    monkeypatch.setattr(wire, "post", stumble)
    assert rounds(group.lane, 0) == 1
    assert sorted(Delivery.objects.values_list("state", "error")) == [("failed", "ZeroDivisionError"), ("sent", "")]


def test_who_took_the_address_away_meanwhile_is_no_mail_to_nobody(post: Post) -> None:
    tell(lilei := member())
    lilei.email = ""
    lilei.save()
    assert rounds("email", 0) == 0
    assert (post.taken, states()) == ([], {"failed": 1})
