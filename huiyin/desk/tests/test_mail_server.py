"""渠道与邮件: the mail server is set on the page, tried first, and its password is never seen again."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from huiyin.channels.actions import sending
from huiyin.channels.models import MailServer
from huiyin.channels.tests.conftest import ACCOUNT, PASSWORD, Post, guarded_post
from huiyin.org.models import Change, Member

Sits = Callable[[str], Client]
PAGE = "/desk/settings/channels"
__all__ = ["guarded_post"]


@pytest.fixture(autouse=True)
def _no_environment(settings: Settings) -> None:
    settings.HUIYIN_MAIL = {}


def given(office: Post, **other: str) -> dict[str, str]:
    return {
        "host": "127.0.0.1", "port": str(office.port), "security": "none", "user": ACCOUNT, "password": PASSWORD,
        "sender": "fuwu@huiyin.example", "sender_name": "客服中心", **other,
    }  # fmt: skip


def test_an_administrator_sets_the_server_and_the_next_letter_goes_by_it(sits: Sits, guarded_post: Post) -> None:
    admin = sits("admin")
    assert "还没有设置发信服务器" in admin.get(PAGE).content.decode()

    page = admin.post(PAGE + "/mail", given(guarded_post), follow=True).content.decode()

    assert "服务器接受了连接" in page
    assert "还没有设置发信服务器" not in page
    assert "已设置" in page  # of the password, the record of changes says no more
    message = sending.queue(to="zhang@example.com", subject="答复", body="您好", at=MailServer.objects.get().set_at)
    sending.deliver(message, at=MailServer.objects.get().set_at)
    assert [mail["From"] for mail in guarded_post.taken] == ["客服中心 <fuwu@huiyin.example>"]
    assert guarded_post.logins == [(ACCOUNT, PASSWORD)] * 2


def test_the_password_is_on_no_page_and_left_empty_it_stays(sits: Sits, guarded_post: Post) -> None:
    admin = sits("admin")
    pages = [admin.post(PAGE + "/mail", given(guarded_post), follow=True)]
    pages.append(admin.post(PAGE + "/mail", given(guarded_post, password="", sender_name="服务部"), follow=True))
    pages.append(admin.post(PAGE + "/mail", given(guarded_post, host="")))
    pages += [admin.get(PAGE), admin.get("/desk/settings/history?area=mail")]
    assert [page.status_code for page in pages] == [200, 200, 422, 200, 200]
    assert [page for page in pages if PASSWORD in page.content.decode()] == []
    assert "请再填一次密码" in pages[2].content.decode()
    row = MailServer.objects.get()
    assert (row.sender_name, row.password) == ("服务部", PASSWORD)
    assert PASSWORD not in str(list(Change.objects.values_list("before", "after")))
    told = pages[4].content.decode()
    assert [word for word in ("发件人名称", "服务部", "不加密", "已设置") if word not in told] == []


def test_a_wrong_password_is_said_and_can_be_saved_all_the_same(sits: Sits, guarded_post: Post) -> None:
    admin, wrong = sits("admin"), given(guarded_post, password="<b>falsch</b>")
    answer = admin.post(PAGE + "/mail", wrong)
    page = answer.content.decode()
    assert (answer.status_code, MailServer.objects.count()) == (422, 0)
    assert "账号或密码不对：535" in page
    assert "falsch" not in page
    assert "保存，先不试" in page
    assert "没有试过连接" in admin.post(PAGE + "/mail", {**wrong, "untried": "1"}, follow=True).content.decode()
    assert MailServer.objects.get().password == "<b>falsch</b>"


def test_what_the_environment_says_is_shown_with_its_name_and_not_changed(
    sits: Sits, guarded_post: Post, settings: Settings
) -> None:
    settings.HUIYIN_MAIL = {
        "host": "127.0.0.1", "port": guarded_post.port, "security": "none", "user": ACCOUNT, "password": PASSWORD,
    }  # fmt: skip
    admin = sits("admin")
    page = admin.get(PAGE).content.decode()
    named = ("HUIYIN_MAIL_HOST", "HUIYIN_MAIL_PORT", "HUIYIN_MAIL_SECURITY", "HUIYIN_MAIL_USER", "HUIYIN_MAIL_PASSWORD")
    assert [name for name in named if f"由环境变量 {name} 决定" not in page] == []
    assert PASSWORD not in page

    admin.post(PAGE + "/mail", given(guarded_post, host="evil.example", password="other", user="other"))

    row = MailServer.objects.get()
    assert (row.host, row.user, row.password, row.sender) == ("127.0.0.1", "", "", "fuwu@huiyin.example")
    settings.HUIYIN_MAIL = {**settings.HUIYIN_MAIL, "sender": "a@huiyin.example"}
    page = admin.get(PAGE).content.decode()
    assert "试连接并保存" not in page  # nothing is left to be set
    assert "由环境变量 HUIYIN_MAIL_FROM 决定" in page


def test_nobody_but_an_administrator_comes_near_it(sits: Sits, guarded_post: Post) -> None:
    for username in ("manager", "supervisor", "agent", "outlet"):
        client = sits(username)
        places = ("/mail", "/mail/removal", "/mail/login/removal", "/test")
        answers = [client.post(PAGE + place, given(guarded_post)).status_code for place in places]
        assert (client.get(PAGE).status_code, answers) == (403, [403] * 4)
    assert (MailServer.objects.count(), guarded_post.logins) == (0, [])


def test_login_and_server_are_taken_away_after_a_question(sits: Sits, guarded_post: Post) -> None:
    admin = sits("admin")
    page = admin.post(PAGE + "/mail", given(guarded_post), follow=True).content.decode()
    assert page.count("data-confirm-tone") == 2
    assert "账号和密码已移除" in admin.post(PAGE + "/mail/login/removal", follow=True).content.decode()
    assert (MailServer.objects.get().user, MailServer.objects.get().password) == ("", "")
    assert "还没有设置发信服务器" in admin.post(PAGE + "/mail/removal", follow=True).content.decode()
    assert MailServer.objects.count() == 0


def test_a_new_password_is_asked_for_by_a_mail_from_the_server_that_was_set(sits: Sits, guarded_post: Post) -> None:
    """What allauth sends goes the same way as a letter."""
    Member.objects.filter(username="agent").update(email="li@example.com")
    sits("admin").post(PAGE + "/mail", given(guarded_post))
    Client().post("/accounts/password/reset/", {"email": "li@example.com"})
    assert [(mail["From"], mail["To"]) for mail in guarded_post.taken] == [
        ("客服中心 <fuwu@huiyin.example>", "li@example.com")
    ]


def test_the_page_costs_the_same_with_a_server_as_without(sits: Sits, guarded_post: Post) -> None:
    admin = sits("admin")

    def count() -> int:
        admin.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            assert admin.get(PAGE).status_code == 200
        return len(found)

    without = count()
    for name in ("一", "二", "三"):
        admin.post(PAGE + "/mail", given(guarded_post, sender_name=name))
    assert count() <= without + 1  # whether there is a password
    assert without <= 9


def test_the_settings_are_found_by_words_of_the_form(sits: Sits) -> None:
    for asked in ("发件人", "STARTTLS", "端口", "smtp 密码"):
        assert "渠道与邮件" in sits("admin").get("/desk/settings/", {"q": asked}).content.decode().partition("<main")[2]
