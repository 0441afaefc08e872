"""Robots, webhooks and the words of notices are set up on screen; secrets are never shown again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from huiyin.notices.actions.telling import tell
from huiyin.notices.models import Delivery, Lane, Notice, Target, Template
from huiyin.notices.queries import wording
from huiyin.notices.tests.conftest import vendor as vendor
from huiyin.notices.tests.vendors import SECRET, Vendor
from huiyin.org.models import Change
from tests.cast import member, unit

Sits = Callable[[str], Client]
Start = Callable[[str], Vendor]
PAGE = "/desk/settings/notices/"


def given(**values: object) -> dict[str, object]:
    return {"way": "dingtalk", "name": "华东值班群", "unit": unit("BR-EAST").pk, "is_quiet_at_night": "on",
            "address": "https://oapi.dingtalk.com/robot/send?access_token=geheim", "secret": SECRET,
            "kinds": ["clock_breached"], **values}  # fmt: skip


def test_a_robot_is_set_up_tried_changed_and_put_out_of_use_and_each_step_is_on_record(
    sits: Sits, vendor: Start
) -> None:
    server, client = vendor("dingtalk"), sits("admin")
    server.secret = SECRET
    assert "还没有群机器人" in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}new", given(address=server.url))
    target = Target.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{target.pk}"
    assert (target.unit, target.kinds, target.secret) == (unit("BR-EAST"), ["clock_breached"], SECRET)
    client.post(f"{PAGE}{target.pk}/trial")
    assert "回音：测试消息" in server.taken[0].body.decode()

    client.post(f"{PAGE}{target.pk}", given(name="值班群", address="", secret="SEC-wrong", kinds=[]))
    client.post(f"{PAGE}{target.pk}/trial")
    page = client.get(f"{PAGE}{target.pk}").content.decode()
    assert "310000" in page
    for word in ("SEC-wrong", SECRET, "7f3c"):
        assert word not in page + client.get(PAGE).content.decode()
    client.post(f"{PAGE}{target.pk}/retirement")
    assert not Target.objects.get().is_active
    client.post(f"{PAGE}{target.pk}/return")
    assert Target.objects.get().is_active

    changes = Change.objects.filter(subject=f"notice-target-{target.pk}").order_by("pk")
    assert [change.verb for change in changes] == ["added", "tried", "amended", "retired", "restored"]
    record = str([(change.before, change.after) for change in changes])
    assert "7f3c" not in record
    assert "SEC" not in record


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "http://oapi.dingtalk.com/robot"}, "只能用 https:// 地址"),
        ({"address": "https://"}, "地址应以 https:// 开头"),
        ({"way": "webhook", "secret": "kurz"}, "至少 16 个字符"),
        ({"way": "apprise", "address": "syslog://"}, "不是可用的 Apprise 地址"),
        ({"name": ""}, "必填"),
        ({"kinds": ["没有"]}, "没有"),
    ],
)
def test_what_cannot_work_is_refused_with_a_reason_and_what_was_typed_stays(
    sits: Sits, wrong: dict[str, object], said: str
) -> None:
    answer = sits("admin").post(f"{PAGE}new", given(**wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert str(wrong.get("name", "华东值班群")) in page
    assert Target.objects.count() == 0


def test_a_private_address_is_not_spoken_to_whatever_an_administrator_types(sits: Sits, settings: Settings) -> None:
    client = sits("admin")
    client.post(f"{PAGE}new", given(way="webhook", address="https://127.0.0.1:8443/latest/meta-data"))
    answer = client.post(f"{PAGE}{Target.objects.get().pk}/trial", follow=True)
    assert "在内部网络中" in answer.content.decode()


@pytest.mark.parametrize("username", ["agent", "supervisor", "manager"])
def test_only_who_configures_comes_here(sits: Sits, username: str) -> None:
    client = sits(username)
    for url in (PAGE, f"{PAGE}new", f"{PAGE}words", f"{PAGE}words/urged/zh"):
        assert client.get(url).status_code == 403


def test_what_failed_is_shown_with_its_reason_and_sent_again(sits: Sits) -> None:
    client = sits("admin")
    agent = member("agent")
    tell(members=[agent], kind="urged", values={}, number="", link="", key="a", urgent=False, at=timezone.now())
    notice = Notice.objects.get(member=agent)
    target = Target.objects.create(way="wecom", name="值班群", address="https://qyapi.weixin.qq.com/?key=geheim")
    Delivery.objects.create(
        notice=notice, way="wecom", lane=target.lane, target=target, key="a", state="failed", error="93000: invalid",
        queued_at=timezone.now(), next_try_at=timezone.now(), tried_since=timezone.now(),
    )  # fmt: skip
    Lane.objects.create(name=target.lane, failures=9, error="93000: invalid", paused_until=timezone.now())
    page = client.get(PAGE).content.decode()
    assert "93000: invalid" in page
    assert "geheim" not in page
    client.post(f"{PAGE}failed", {"lane": target.lane})
    assert Delivery.objects.get(target=target).state == "waiting"
    assert Lane.objects.get().failures == 0


def test_a_longer_list_of_robots_costs_no_more_queries(
    sits: Sits, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sits("admin")
    for n in range(3):
        Target.objects.create(way="wecom", name=f"群{n}", address="https://qyapi.weixin.qq.com/", unit=unit("QM"))
        with django_assert_max_num_queries(16):
            client.get(PAGE)


def test_words_are_changed_looked_at_before_and_taken_back(sits: Sits) -> None:
    client, url = sits("admin"), f"{PAGE}words/urged/zh"
    assert "被催办" in client.get(f"{PAGE}words").content.decode()
    typed = {"title": "请看 {number}", "body": "{who}已催 {count} 次"}
    page = client.post(url, {**typed, "preview": "1"}).content.decode()
    assert "请看 TS20261122-00001" in page
    assert "韩梅梅已催 2 次" in page
    assert Template.objects.count() == 0
    client.post(url, typed)
    assert wording()("urged", "zh").title == "请看 {number}"
    assert "urged" in wording()("urged", "en").title
    client.post(f"{url}/return")
    assert wording()("urged", "zh").title == "{number} 被催办"
    assert [change.verb for change in Change.objects.filter(subject="notice-urged-zh").order_by("pk")] == [
        "amended", "restored"
    ]  # fmt: skip
    assert client.get(f"{PAGE}words/urged/fr").status_code == 404


@pytest.mark.parametrize(
    "body", ["{order.__class__}", "{who!r}", "{0}", "{customer}", "{{ settings.SECRET_KEY }}", "{", "{who:>99}"]
)
def test_a_template_reaches_nothing_but_its_own_values(sits: Sits, body: str) -> None:
    answer = sits("admin").post(f"{PAGE}words/urged/zh", {"title": "{number}", "body": body})
    assert answer.status_code == 422
    assert "不能用" in answer.content.decode()
    assert Template.objects.count() == 0
