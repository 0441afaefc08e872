"""Who is told something has it in the inbox once, however often and by however many it is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from huiyin.notices import tasks
from huiyin.notices.actions import telling
from huiyin.notices.actions.telling import Telling
from huiyin.notices.kinds import LANGUAGES, UnknownKind, kinds
from huiyin.notices.models import Delivery, Notice
from huiyin.notices.tests.factories import NOON, NUMBER, member, members, prefers, target, tell, unit
from huiyin.org.models import Member


def ways(who: Member) -> set[str]:
    return set(Delivery.objects.filter(member=who).values_list("way", flat=True))


@pytest.mark.django_db
def test_each_member_is_told_once_for_each_key() -> None:
    lilei, meimei = member("lilei"), member("hanmeimei")
    assert tell(lilei, lilei, key="a") == 1
    assert tell(lilei, meimei, key="a") == 1
    assert tell(lilei, key="b") == 1
    assert sorted(Notice.objects.values_list("member__username", "key")) == [
        ("hanmeimei", "a"), ("lilei", "a"), ("lilei", "b")
    ]  # fmt: skip
    assert Delivery.objects.count() == 3


@pytest.mark.django_db
def test_what_is_told_is_kept_as_values_and_not_as_words() -> None:
    due = datetime(2026, 11, 17, 9, tzinfo=UTC)
    values = {"clock": {"zh": "方案时限", "en": "proposal"}, "share": 80, "due_at": due, "left": "3小时"}
    tell(member(), kind="clock_warned", values=values, number=NUMBER)
    notice = Notice.objects.get()
    assert (notice.kind, notice.number, notice.link, notice.at, notice.seen_at) == (
        "clock_warned", NUMBER, f"/desk/complaints/{NUMBER}", NOON, None
    )  # fmt: skip
    assert notice.values == {
        "clock": {"zh": "方案时限", "en": "proposal"}, "share": 80, "left": "3小时",
        "due_at": "2026-11-17T09:00:00+00:00",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_kind_that_nobody_has_words_for_is_refused_and_nothing_told() -> None:
    with pytest.raises(UnknownKind):
        tell(member(), kind="没有这种")
    assert Notice.objects.count() == 0


@pytest.mark.django_db
def test_a_hundred_members_cost_as_many_statements_as_forty() -> None:
    everybody = members(110)
    target(of=unit(), takes_below=True)
    tell(*everybody[:10], key="first")  # the temporary tables of this connection

    def asked(count: int, key: str) -> int:
        with CaptureQueriesContext(connection) as made:
            assert tell(*everybody[:count], key=key, urgent=True) == count
        return len(made)

    forty = asked(40, "a")
    assert asked(100, "b") == forty
    assert forty <= 14
    assert Delivery.objects.filter(key="b", target=None).count() == 100
    assert Delivery.objects.filter(key="b").exclude(target=None).count() == 1


@pytest.mark.django_db
def test_many_things_are_told_in_as_many_statements_as_few() -> None:
    everybody = members(3)

    def asked(count: int, name: str) -> int:
        told = [Telling(everybody, "urged", {}, "", "", f"{name}{n}") for n in range(count)]
        with CaptureQueriesContext(connection) as made:
            assert telling.tell_many(told, at=NOON) == 3 * count
        return len(made)

    asked(20, "first")
    assert asked(20, "a") == asked(60, "b")


@pytest.mark.django_db
def test_a_fact_that_is_taken_back_takes_notice_delivery_and_job_along() -> None:
    lilei = member()
    with transaction.atomic():
        tell(lilei, urgent=True)
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Delivery.objects.count(), ProcrastinateJob.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_only_what_is_urgent_asks_for_a_round_at_once() -> None:
    lilei = member()
    tell(lilei, key="a")
    assert ProcrastinateJob.objects.count() == 0
    tell(lilei, key="b", urgent=True)
    assert [job.task_name for job in ProcrastinateJob.objects.all()] == ["notices.deliver_due"]


@pytest.mark.django_db
def test_a_round_gives_each_lane_a_job_of_its_own_and_only_one_at_a_time(settings: Settings) -> None:
    settings.HUIYIN_SMS_URL = "http://127.0.0.1:1/"
    lilei, group = member(), target()
    prefers(lilei, phone="13900001111", ways={"urged": ["email", "sms"]})
    tell(lilei)
    tasks.deliver_due()
    jobs = ProcrastinateJob.objects.order_by("args__lane").values_list("args", "lock", "queueing_lock")
    lanes = sorted(["email", "sms", group.lane])
    assert list(jobs) == [({"lane": lane}, f"notices:{lane}", f"notices:{lane}") for lane in lanes]


@pytest.mark.django_db
def test_a_notice_goes_by_the_ways_chosen_and_what_is_urgent_by_all_there_are(settings: Settings) -> None:
    settings.HUIYIN_SMS_URL = "http://127.0.0.1:1/"
    plain, chooser, silent = member("plain"), member("chooser"), member("silent", email="")
    prefers(chooser, ways={"urged": []}, phone="13900001111")
    tell(plain, chooser, silent, key="a")
    assert (ways(plain), ways(chooser), ways(silent)) == ({"email"}, set(), set())
    tell(chooser, silent, key="b", urgent=True)
    assert (ways(chooser), ways(silent)) == ({"email", "sms"}, set())


@pytest.mark.django_db
def test_who_has_left_is_told_nothing() -> None:
    assert tell(member(is_active=False)) == 0


@pytest.mark.django_db
def test_a_group_is_told_once_of_what_its_unit_and_those_below_are_told() -> None:
    centre = unit("CC")
    team, other = unit("CC-1", parent=centre), unit("QM")
    group = target(of=centre, takes_below=True)
    narrow = target("dingtalk", of=centre)
    company = target("webhook", kinds=["urged"])
    choosy = target("feishu", kinds=["clock_breached"], of=centre)
    tell(member("a", of=team), member("b", of=team), member("c", of=centre), key="a")
    tell(member("d", of=team), key="b")
    tell(member("e", of=other), key="c")
    told = sorted(Delivery.objects.exclude(target=None).values_list("target__way", "key"))
    assert told == [
        ("dingtalk", "a"), ("webhook", "a"), ("webhook", "b"), ("webhook", "c"), ("wecom", "a"), ("wecom", "b")
    ]  # fmt: skip
    assert {group.way, narrow.way, company.way, choosy.way} == {"wecom", "dingtalk", "webhook", "feishu"}


@pytest.mark.usefixtures("committed")
def test_of_many_who_tell_the_same_at_once_one_tells_each_member() -> None:
    made = members(12)
    home = made[0].unit
    start = Barrier(4)

    def bring(turn: int) -> int:
        try:
            start.wait()
            return tell(*(made if turn % 2 else made[::-1]), key="同一件事")
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(bring, range(4))) == 12
        assert (Notice.objects.count(), Delivery.objects.count()) == (12, 12)
    finally:
        Delivery.objects.all().delete()
        Notice.objects.all().delete()
        Member.objects.filter(unit=home).delete()
        home.delete()


def test_every_kind_has_words_in_both_languages_and_speaks_only_of_its_values() -> None:
    from huiyin.notices.wording import placeholders

    for kind in kinds().values():
        for language in LANGUAGES:
            words = kind.words[language]
            assert words.title
            assert placeholders(words.title + words.body) <= set(kind.placeholders), kind.code
