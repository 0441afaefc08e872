"""What comes in is kept as it came, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from huiyin.channels.actions.erasing import StillWaiting, erase
from huiyin.channels.actions.receiving import Incoming, keep, keep_many
from huiyin.channels.actions.sending import queue
from huiyin.channels.models import REFERRED, Channel, Message
from huiyin.lib.canonical import sha256_hex
from huiyin.lib.tests.plans import indexes_used
from huiyin.org.tests.factories import company, member

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RAW = "洗衣机漏水，要求退货。".encode("gb18030")


@pytest.mark.django_db
def test_the_raw_bytes_are_kept_with_their_hash_and_sealed() -> None:
    message = keep(Incoming(Channel.LETTER, RAW, sender="张伟", subject="投诉"), at=NOW).message
    found = Message.objects.get(pk=message.pk)
    assert (found.raw, found.sha256, found.sender, found.received_at) == (RAW, sha256_hex(RAW), "张伟", NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw, sender FROM channels_message")
        raw, sender = (bytes(column) for column in cursor.fetchone() or ())
    assert RAW not in raw
    assert "张伟".encode() not in sender


@pytest.mark.django_db
def test_the_same_message_brought_twice_is_one() -> None:
    first = keep(Incoming(Channel.HOTLINE_12345, RAW, external_id="12345-1"), at=NOW)
    again = keep(Incoming(Channel.HOTLINE_12345, b"other", external_id="12345-1"), at=NOW)
    other = keep(Incoming(Channel.HOTLINE_12315, RAW, external_id="12345-1"), at=NOW)
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.message == first.message
    assert Message.objects.get(pk=first.message.pk).raw == RAW


@pytest.mark.django_db
def test_without_a_number_each_is_its_own() -> None:
    kept = keep_many([Incoming(Channel.PHONE, RAW), Incoming(Channel.PHONE, RAW)], at=NOW)
    assert [each.is_new for each in kept] == [True, True]
    assert Message.objects.count() == 2


@pytest.mark.django_db
def test_many_are_kept_in_order_and_doubles_among_them_once(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    incoming = [Incoming(Channel.IMPORT, str(n).encode(), external_id=f"A{n % 150}") for n in range(200)]
    with django_assert_max_num_queries(7):  # five, and the savepoint's two
        kept = keep_many([*incoming, Incoming(Channel.PHONE, RAW)], at=NOW)
    assert [each.is_new for each in kept] == [True] * 150 + [False] * 50 + [True]
    assert [each.message.external_id for each in kept[:-1]] == [each.external_id for each in incoming]
    assert kept[0].message == kept[150].message
    assert [each.is_new for each in keep_many(incoming, at=NOW)] == [False] * 200


@pytest.mark.django_db
def test_a_long_list_is_still_looked_up_in_the_index() -> None:
    with CaptureQueriesContext(connection) as captured:
        keep_many([Incoming(Channel.IMPORT, RAW, external_id=f"A{n}") for n in range(300)], at=NOW)
    look = next(
        query["sql"] for query in captured if query["sql"].startswith("SELECT") and "external_id" in query["sql"]
    )
    assert "message_taken_once" in indexes_used(look)


@pytest.mark.usefixtures("committed")
def test_of_many_who_bring_the_same_messages_at_once_one_stores_each() -> None:
    incoming = [Incoming(Channel.IMPORT, RAW, external_id=f"B{n}") for n in range(20)]
    start = Barrier(6)

    def bring(turn: int) -> int:
        try:
            start.wait()
            return sum(each.is_new for each in keep_many(incoming if turn % 2 else incoming[::-1], at=NOW))
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(6) as pool:
            counts = list(pool.map(bring, range(6)))
        assert Message.objects.count() == 20
        assert sum(counts) == 20
    finally:
        Message.objects.all().delete()


@pytest.mark.django_db
def test_only_who_reads_everything_of_a_complaint_sees_raw_messages() -> None:
    message = keep(Incoming(Channel.LETTER, RAW), at=NOW).message
    units = company()
    assert list(Message.objects.visible_to(member(units["CC"], "frontline"))) == [message]
    for role in ("analyst", "admin"):
        assert list(Message.objects.visible_to(member(units["CC"], role))) == []


def test_the_channels_are_those_of_the_trade_in_its_own_words() -> None:
    with translation.override("zh-hans"):
        labels = {str(channel): channel.label for channel in Channel}
    assert {
        "outlet": "营业厅",
        "counter": "营业前台",
        "key_account": "大客户中心",
        "franchise": "特许经营店",
        "hq_forward": "总部转办",
        "consumer_association": "消协转办",
        "phone": "电话热线",
        "other": "其他渠道",
    }.items() <= labels.items()
    assert {Channel.HOTLINE_12345, Channel.HOTLINE_12315, Channel.CONSUMER_ASSOCIATION} == REFERRED


@pytest.mark.django_db
def test_an_erased_message_is_known_by_its_number_and_hash_alone() -> None:
    given = Incoming(Channel.LETTER, RAW, external_id="信-1", sender="张伟", subject="张伟的投诉")
    message = keep(given, at=NOW).message
    other = keep(Incoming(Channel.LETTER, RAW, sender="张伟"), at=NOW).message
    assert erase([message.pk]) == 1
    left = Message.objects.get(pk=message.pk)
    assert (left.raw, left.sender, left.subject, left.sha256) == (b"", "", "", sha256_hex(RAW))
    assert keep(given, at=NOW).is_new is False
    assert Message.objects.get(pk=other.pk).raw == RAW


@pytest.mark.django_db
def test_a_message_that_waits_to_be_sent_is_not_erased() -> None:
    waiting = queue(to="zhang@example.com", subject="答复", body="您好", at=NOW)
    with pytest.raises(StillWaiting):
        erase([waiting.pk])
    assert Message.objects.get().text == "您好"
