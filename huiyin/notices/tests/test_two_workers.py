"""Two workers at one lane, or one that dies: each message goes once, none is lost, no hour holds more than it may."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import Settings

from huiyin.channels.tests.conftest import Post
from huiyin.lib.models import Window
from huiyin.notices import guards
from huiyin.notices.actions import delivering, taking, telling
from huiyin.notices.models import Delivery, Lane, Notice
from huiyin.notices.tests.factories import NOON, member, members, tell
from huiyin.org.models import Member

SOON = NOON + telling.SETTLE


def let_everybody_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_seen", [lambda who, numbers: numbers])


def round_at(minute: int) -> int:
    return delivering.deliver_lane("email", at=SOON + timedelta(minutes=minute))


@pytest.fixture
def everybody(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Member]]:
    let_everybody_see(monkeypatch)
    made = members(12)
    try:
        yield made
    finally:
        for model in (Delivery, Notice, Lane, Window):
            model.objects.all().delete()
        home = made[0].unit
        Member.objects.filter(unit=home).delete()
        home.delete()


def at_once(workers: int) -> int:
    start = Barrier(workers)

    def work(_: int) -> int:
        try:
            start.wait()
            return delivering.deliver_lane("email", at=SOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(work, range(workers)))


def test_each_message_is_sent_once_however_many_work(everybody: list[Member], post: Post) -> None:
    tell(*everybody, key="a")
    Lane.objects.create(name="email")
    assert at_once(4) == 12
    assert sorted(address for [address] in post.recipients) == sorted(each.email for each in everybody)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_two_workers_together_keep_within_the_hourly_number(
    everybody: list[Member], post: Post, settings: Settings
) -> None:
    settings.HUIYIN_NOTICES_AN_HOUR = 4
    lilei = everybody[0]
    Lane.objects.create(name="email")
    for n in range(4):
        tell(lilei, key=f"k{n}", urgent=n == 0)
        at_once(2)
    assert len(post.taken) <= 4


def killed_at(step: str) -> None:
    """A worker of its own process, which kill -9 meets at that step of its round."""
    connection.close()
    if (child := os.fork()) == 0:
        setattr(delivering, step, lambda *_args: os.kill(os.getpid(), signal.SIGKILL))
        round_at(0)
        os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(("step", "mails"), [("_send", 3), ("_sent", 4)])
def test_after_kill_9_nothing_is_lost_and_what_went_twice_is_seen_to_be_one(
    everybody: list[Member], post: Post, step: str, mails: int
) -> None:
    tell(*everybody[:3])
    killed_at(step)
    assert round_at(9) == 0
    assert round_at(10) == 3
    assert len(post.taken) == mails
    assert len({mail["Message-ID"] for mail in post.taken}) == 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db
def test_a_worker_that_died_between_claim_and_sending_loses_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(member())
    let_everybody_see(monkeypatch)
    lane = Lane.objects.create(name="email")
    [parcel] = taking.take(lane, at=SOON)  # and then it was killed
    assert sum(round_at(each) for each in (0, 5, 9)) == 0
    assert round_at(10) == 1
    assert post.taken[0]["Message-ID"] == f"<notice.{parcel.message}@huiyin.example>"
    assert Delivery.objects.get().state == "sent"


@pytest.mark.django_db
def test_a_worker_that_was_slow_and_not_dead_does_not_undo_what_another_did(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(member())
    let_everybody_see(monkeypatch)
    lane = Lane.objects.create(name="email")
    [slow] = taking.take(lane, at=SOON)
    assert round_at(10) == 1
    delivering._put_back([slow], SOON)
    delivering._sent(slow, SOON)
    assert list(Delivery.objects.values_list("state", "attempts")) == [("sent", 1)]
