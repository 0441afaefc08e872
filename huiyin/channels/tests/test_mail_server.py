"""Which server mail goes out by: set on screen, unless the environment says; and what becomes of its password."""

import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPConnectError
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from huiyin.channels import email, mail_faults, mail_server
from huiyin.channels.actions import connecting, sending, trying
from huiyin.channels.models import MailServer, Message
from huiyin.channels.tests.conftest import ACCOUNT, PASSWORD, Post
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Change

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def set_up(port: int | None, **given: Any) -> None:
    values = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": ACCOUNT,
        "password": PASSWORD,
        "sender": "fuwu@huiyin.example",
        "sender_name": '回音"客服", 一号',
        "at": NOW,
    }
    connecting.set_up(**(values | given), actor=SYSTEM)


def sent() -> Message:
    message = sending.queue(
        to="zhang@example.com", subject="答复", body="您好", at=NOW, external_id="TS20261122-00001/1"
    )
    sending.deliver(message, at=NOW)
    return message


def test_the_next_mail_goes_by_the_server_that_was_set_with_its_account_and_sender(guarded_post: Post) -> None:
    set_up(guarded_post.port)
    guarded_post.logins.clear()  # the knock's
    message = sent()
    (mail,) = guarded_post.taken
    assert guarded_post.logins == [(ACCOUNT, PASSWORD)]
    assert [(each.display_name, each.addr_spec) for each in mail["From"].addresses] == [
        ('回音"客服", 一号', "fuwu@huiyin.example")
    ]
    assert mail["Message-ID"] == "<TS20261122-00001.1@huiyin.example>"
    assert message.status == "sent"


def test_what_was_composed_elsewhere_goes_by_it_too(guarded_post: Post) -> None:
    """What Django and allauth send names the default sender."""
    set_up(guarded_post.port, sender_name="")
    send_mail("重置密码", "链接", None, ["li@example.com"])
    assert [mail["From"] for mail in guarded_post.taken] == ["fuwu@huiyin.example"]


def test_a_change_holds_from_the_next_mail_on_and_one_sending_reads_it_once(
    guarded_post: Post, post: Post, settings: Settings
) -> None:
    settings.HUIYIN_MAIL = {}
    set_up(guarded_post.port)
    email.send(to="a@example.com", subject="一", body="一")
    set_up(post.port, user="", password="", at=LATER)
    with CaptureQueriesContext(connection) as asked:
        email.send(to="b@example.com", subject="二", body="二")
    assert (guarded_post.recipients, post.recipients) == ([["a@example.com"]], [["b@example.com"]])
    assert len(asked) == 1


def test_where_nothing_is_set_mail_is_kept_as_a_file(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "huiyin.channels.backend.EmailBackend"
    settings.HUIYIN_MAIL, settings.EMAIL_FILE_PATH = {}, tmp_path / "outbox"
    assert sent().status == "sent"
    (kept,) = (tmp_path / "outbox").iterdir()
    assert "From: huiyin@localhost" in kept.read_text()


def test_the_environment_wins_and_what_was_set_for_another_server_is_not_carried_there(
    guarded_post: Post, settings: Settings
) -> None:
    set_up(guarded_post.port)
    settings.HUIYIN_MAIL = {"host": "relay.example"}
    server = mail_server.current()
    assert (server.host, server.port, server.security, server.user, server.password) == (
        "relay.example", 587, "starttls", "", "",
    )  # fmt: skip
    assert server.sender == '"回音\\"客服\\", 一号" <fuwu@huiyin.example>'
    assert not mail_server.shown().has_password
    settings.HUIYIN_MAIL = {"sender": "zong@huiyin.example", "user": "other"}
    server = mail_server.current()
    assert (server.host, server.user, server.password, server.sender) == (
        "127.0.0.1", "other", PASSWORD, "zong@huiyin.example",
    )  # fmt: skip


def test_what_the_environment_decides_is_not_changed_by_what_is_sent(guarded_post: Post, settings: Settings) -> None:
    settings.HUIYIN_MAIL = {"host": "127.0.0.1", "port": guarded_post.port, "security": "none"}
    set_up(25, host="evil.example", security="tls")
    row = MailServer.objects.get()
    assert (row.host, row.port, row.security) == ("127.0.0.1", guarded_post.port, "none")
    sent()
    assert len(guarded_post.taken) == 1


def test_the_environments_password_goes_nowhere_but_where_the_environment_says(
    guarded_post: Post, settings: Settings
) -> None:
    settings.HUIYIN_MAIL = {"user": ACCOUNT, "password": PASSWORD}
    with pytest.raises(ValidationError):
        set_up(guarded_post.port)
    settings.HUIYIN_MAIL = {"host": "127.0.0.1", "port": 9, "user": ACCOUNT, "password": PASSWORD}
    set_up(guarded_post.port, security="tls", is_tried=False)
    server = mail_server.current()
    assert (server.port, server.security, guarded_post.logins) == (9, "starttls", [])
    assert MailServer.objects.get().password == ""


def test_the_password_kept_goes_to_no_other_server(guarded_post: Post) -> None:
    set_up(guarded_post.port)
    changes: list[dict[str, Any]] = [{"host": "localhost"}, {"port": 9}, {"security": "tls"}]
    for change in changes:
        values: dict[str, Any] = {"port": guarded_post.port, "password": "", "is_tried": False, **change}
        with pytest.raises(ValidationError) as refused:
            set_up(**values)
        assert list(refused.value.message_dict) == ["password"]
    set_up(guarded_post.port, password="", sender_name="客服", at=LATER)
    assert (MailServer.objects.get().password, MailServer.objects.get().sender_name) == (PASSWORD, "客服")


def test_the_password_is_sealed_and_in_no_record(
    guarded_post: Post, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(guarded_post.port)
    set_up(guarded_post.port, password="", sender_name="客服", at=LATER)
    with pytest.raises(trying.MailRefused) as refused:
        set_up(guarded_post.port, password="cuo-" + PASSWORD, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("select password, channels_mailserver::text from channels_mailserver")
        stored, row = cursor.fetchone()
    printed = capsys.readouterr()
    records = str(list(Change.objects.values_list("before", "after")))
    said = [str(refused.value), row, records, caplog.text, printed.out, printed.err, repr(mail_server.current())]
    assert PASSWORD.encode() not in bytes(stored)
    assert [text for text in said if PASSWORD in text or PASSWORD.encode().hex() in text] == []
    assert "mail_trial_failed" in caplog.text + printed.out + printed.err
    newest, first = Change.objects.filter(subject="mail-server")
    assert (first.verb, first.after["password"], first.after["host"]) == ("added", "已设置", "127.0.0.1")
    assert (newest.verb, newest.before, newest.after) == (
        "amended", {"sender_name": '回音"客服", 一号'}, {"sender_name": "客服"},
    )  # fmt: skip


def test_a_wrong_password_is_said_and_nothing_saved_unless_asked_to(guarded_post: Post) -> None:
    with pytest.raises(trying.MailRefused, match="账号或密码不对：535"):
        set_up(guarded_post.port, password="falsch")
    assert (MailServer.objects.count(), Change.objects.filter(subject="mail-server").count()) == (0, 0)
    set_up(guarded_post.port, password="falsch", is_tried=False)
    with pytest.raises(sending.NotDelivered):
        sent()
    error = Message.objects.get().error
    assert "535" in error
    assert "falsch" not in error


def test_a_server_that_says_nothing_holds_nobody_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND, settings.HUIYIN_MAIL = "huiyin.channels.backend.EmailBackend", {}
    monkeypatch.setattr(trying, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(trying.MailRefused, match="没有及时回应"):
        set_up(silent.getsockname()[1])
    assert MailServer.objects.count() == 0


def test_what_is_wrong_with_a_server_is_said_in_words(guarded_post: Post) -> None:
    with pytest.raises(trying.MailRefused, match="端口和加密方式可能不配"):
        set_up(guarded_post.port, security="tls")
    with pytest.raises(trying.MailRefused, match="不支持 STARTTLS"):
        set_up(guarded_post.port, security="starttls")
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(trying.MailRefused, match="没有服务"):
        set_up(port)
    assert MailServer.objects.count() == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "找不到主机“h”"),
        (SMTPConnectError(-1, b"SSH-2.0-OpenSSH_9.9"), "不是邮件服务器"),
        (SMTPConnectError(554, b"no\r\n service " + b"x" * 900), "554 no service"),
        (ssl.SSLCertVerificationError("self-signed certificate"), "证书不可信"),
        (SMTPAuthenticationError(535, "密码错".encode("gbk")), "账号或密码不对：535"),
    ],
)
def test_of_the_other_sides_words_only_a_mail_servers_are_repeated_and_shortly(fault: Exception, words: str) -> None:
    if isinstance(fault, ssl.SSLCertVerificationError):
        fault.verify_message = "self-signed certificate"
    said = mail_faults.said(fault, host="h")
    assert words in said
    assert "OpenSSH" not in said
    assert len(said) < 260


def test_a_network_is_not_searched_through(guarded_post: Post) -> None:
    for _ in range(trying.TRIALS_A_MINUTE):
        with pytest.raises(trying.MailRefused, match="没有服务"):
            set_up(9)
    with pytest.raises(trying.MailRefused, match="测试太频繁"):
        set_up(guarded_post.port)
    assert guarded_post.logins == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "smtp.example.com/x"}, "host"),
        ({"host": "smtp example"}, "host"),
        ({"user": ""}, "user"),
        ({"password": ""}, "password"),
        ({"password": "密码"}, "password"),
        ({"user": "客服"}, "user"),
    ],
)
def test_what_cannot_be_a_server_is_refused_at_its_field(given: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_up(25, **given)
    assert list(refused.value.message_dict) == [field]
    assert MailServer.objects.count() == 0


def test_no_port_is_the_usual_one() -> None:
    for security, port in mail_server.PORTS.items():
        set_up(None, security=security, is_tried=False)
        assert MailServer.objects.get().port == port


def test_the_login_is_taken_away_and_then_all_of_it(guarded_post: Post) -> None:
    set_up(guarded_post.port)
    connecting.forget_login(actor=SYSTEM, at=LATER)
    row = MailServer.objects.get()
    assert (row.host, row.user, row.password) == ("127.0.0.1", "", "")
    change = Change.objects.filter(subject="mail-server")[0]
    assert (change.before, change.after) == ({"user": ACCOUNT}, {"user": "", "password": "已移除"})
    connecting.remove(actor=SYSTEM, at=LATER)
    assert (MailServer.objects.count(), mail_server.current().host) == (0, "")
    assert Change.objects.filter(subject="mail-server", verb="removed").count() == 1


def test_without_its_key_the_password_is_asked_for_anew(guarded_post: Post, settings: Settings) -> None:
    set_up(guarded_post.port)
    settings.HUIYIN_DATA_KEY = bytes(32)
    assert mail_server.shown().has_password
    message = sending.queue(to="zhang@example.com", subject="答复", body="您好", at=NOW)
    with pytest.raises(sending.NotDelivered):
        sending.deliver(message, at=NOW)
    with pytest.raises(ValidationError):
        set_up(guarded_post.port, password="")
    set_up(guarded_post.port, at=LATER)
    sending.deliver(message, at=LATER)
    assert len(guarded_post.taken) == 1


def test_who_saves_upon_a_change_of_somebody_else_is_told(guarded_post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(guarded_post.port)

    def knock(*_: Any, **__: Any) -> None:
        MailServer.objects.update(sender_name="别人的", set_at=LATER)

    monkeypatch.setattr(trying, "knock", knock)
    with pytest.raises(connecting.ChangedMeanwhile):
        set_up(guarded_post.port, password="", sender_name="我的")
    assert MailServer.objects.get().sender_name == "别人的"
