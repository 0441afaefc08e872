"""A message is queued with the fact that asks for it and goes out once, through a real mail server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from huiyin.channels import tasks
from huiyin.channels.actions import sending
from huiyin.channels.models import Message
from huiyin.channels.tests.conftest import Post
from huiyin.lib import store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LETTER = "张伟先生：\n\n您好！洗衣机已安排更换。\n\n客户服务中心"


def queued(external_id: str = "TS20261122-00001/1") -> Message:
    return sending.queue(
        to="zhang@example.com",
        subject="关于您的投诉 TS20261122-00001 的答复",
        body=LETTER,
        at=NOW,
        external_id=external_id,
        reply_to="fuwu@huiyin.example",
    )


@pytest.mark.django_db
def test_a_queued_message_waits_with_its_job() -> None:
    message = queued()
    assert (message.status, message.attempts, message.sent_at, message.text) == ("queued", 0, None, LETTER)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name, job.args) == ("channels.deliver_message", "mail", {"message_id": message.pk})


@pytest.mark.django_db
def test_a_fact_that_is_taken_back_takes_its_message_and_job_along() -> None:
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert (Message.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_delivered_message_arrives_as_it_was_written(post: Post) -> None:
    message = queued()
    sending.deliver(message, at=NOW)
    (mail,) = post.taken
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER
    assert str(mail["Subject"]).strip() == "关于您的投诉 TS20261122-00001 的答复"
    assert (mail["To"], mail["Reply-To"]) == ("zhang@example.com", "fuwu@huiyin.example")
    assert mail["Message-ID"] == "<TS20261122-00001.1@huiyin.example>"
    assert post.recipients == [["zhang@example.com"]]
    found = Message.objects.get()
    assert (found.status, found.sent_at, found.attempts, found.error) == ("sent", NOW, 1, "")


@pytest.mark.django_db
def test_a_file_arrives_byte_by_byte_whatever_its_kind_and_under_its_own_name(post: Post) -> None:
    table, image = "编号,金额\n一,199\n".encode("gb18030"), b"\x89PNG\r\n\x1a\n\n" + bytes(range(256))
    given = [("明细表（十一月）.csv", "text/csv", table), ("说明.txt", "text/plain", "第一行\n第二行".encode()),
             ("插头.png", "image/png", image)]  # fmt: skip
    files = [
        {"name": name, "media_type": kind, "sha256": store.put([content], name=name, limit=1000).sha256}
        for name, kind, content in given
    ]
    message = sending.queue(to="zhang@example.com", subject="答复", body=LETTER, at=NOW, files=files)
    sending.deliver(message, at=NOW)
    (mail,) = post.taken
    parts = [
        (each.get_filename(), each.get_content_type(), each.get_payload(decode=True))
        for each in mail.iter_attachments()
    ]
    assert parts == given


@pytest.mark.django_db
def test_a_message_sent_is_not_sent_again(post: Post) -> None:
    message = queued()
    sending.deliver(message, at=NOW)
    sending.deliver(message, at=NOW + timedelta(days=1))
    assert len(post.taken) == 1
    assert Message.objects.get().sent_at == NOW


@pytest.mark.django_db
def test_a_refused_message_says_why_and_goes_at_the_next_try_under_the_same_name(post: Post) -> None:
    post.refusals = ["451 mailbox busy"]
    message = queued()
    with pytest.raises(sending.NotDelivered):
        sending.deliver(message, at=NOW)
    failed = Message.objects.get()
    assert (failed.status, failed.attempts, failed.sent_at) == ("failed", 1, None)
    assert "451" in failed.error
    assert "mailbox busy" in failed.error
    sending.deliver(message, at=NOW + timedelta(minutes=1))
    found = Message.objects.get()
    assert (found.status, found.attempts, found.error) == ("sent", 2, "")
    assert [mail["Message-ID"] for mail in post.taken] == [sending.message_id(message)]


@pytest.mark.django_db
def test_where_there_is_no_server_the_message_waits(settings: Settings, post: Post) -> None:
    settings.EMAIL_PORT = 9
    settings.EMAIL_TIMEOUT = 2
    message = queued()
    with pytest.raises(sending.NotDelivered):
        sending.deliver(message, at=NOW)
    assert (message.status, post.taken) == ("failed", [])


@pytest.mark.django_db
def test_a_worker_that_died_in_the_middle_holds_a_message_for_ten_minutes(post: Post) -> None:
    message = queued()
    Message.objects.update(status="sending", claimed_at=NOW, attempts=1)
    with pytest.raises(sending.NotClaimed):
        sending.deliver(message, at=NOW + timedelta(minutes=9))
    assert post.taken == []
    sending.deliver(message, at=NOW + timedelta(minutes=10))
    assert (len(post.taken), Message.objects.get().attempts) == (1, 2)


@pytest.mark.django_db
def test_the_sweep_sends_what_lost_its_job(post: Post) -> None:
    queued("甲/1")
    queued("乙/2")
    post.refusals = ["451 later"]
    assert sending.deliver_waiting(at=NOW + timedelta(minutes=9)) == 0
    assert sending.deliver_waiting(at=NOW + timedelta(minutes=11)) == 1
    assert sending.deliver_waiting(at=NOW + timedelta(minutes=12)) == 1
    assert len(post.taken) == 2


@pytest.mark.django_db
def test_the_same_letter_cannot_be_queued_twice() -> None:
    queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        queued()
    assert Message.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["", "张伟", "zhang@", "a@example.com, b@example.com", "zhang@example.com\nBcc: x@y.cn"])
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(sending.BadAddress):
        sending.queue(to=to, subject="答复", body="您好", at=NOW)
    assert (Message.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_subject_cannot_bring_headers_of_its_own(post: Post) -> None:
    message = sending.queue(to="zhang@example.com", subject="答复\r\nBcc: wang@example.com", body="您好", at=NOW)
    sending.deliver(message, at=NOW)
    assert post.recipients == [["zhang@example.com"]]
    assert post.taken[0]["Bcc"] is None


@pytest.mark.django_db
def test_the_job_delivers(post: Post) -> None:
    message = queued()
    tasks.deliver_message(message.pk)
    assert (len(post.taken), Message.objects.get().status) == (1, "sent")


@pytest.mark.usefixtures("committed")
def test_of_many_workers_one_sends(post: Post) -> None:
    message = queued()
    start = Barrier(5)

    def send(_: int) -> str:
        try:
            own = Message.objects.get(pk=message.pk)
            start.wait()
            sending.deliver(own, at=NOW)
        except sending.NotClaimed:
            return "busy"
        finally:
            connection.close()
        return "done"

    try:
        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(send, range(5)))
        assert "done" in answers
        assert len(post.taken) == 1
        assert Message.objects.get().attempts == 1
    finally:
        Message.objects.all().delete()
        ProcrastinateJob.objects.all()._raw_delete("default")
