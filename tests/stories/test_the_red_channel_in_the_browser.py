"""The red channel in a real browser: paged by the worker, confirmed on a telephone; task force, war room, minutes."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.running import Up, huiyin
from tests.stories.browsing import PASSWORD, PATIENCE, Person, choose

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

MAKE_COMPANY = f"""
from django.utils.timezone import now
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Member, Unit
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
Member.objects.create(username="qs1", name="石磊", unit=Unit.objects.get(code="QS"), roles=["handler"])
text = "电饭煲使用中突然爆炸，我母亲的手被炸伤，现在住院治疗。"
print(take_in(Arrival(text=text, channel="red_channel", name="客户张伟"), actor=SYSTEM, at=now()).complaint.number)
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(folder / "home")
    try:
        yield running.wait_until_ready()
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def number(up: Up) -> str:
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


@pytest.mark.req("C036", "C037", "C039", "C044")
def test_the_red_channel_is_paged_and_confirmed(up: Up, number: str, chromium: Browser) -> None:
    address = f"http://127.0.0.1:{up.port}"
    telephone = {"viewport": {"width": 360, "height": 780}}
    executive = Person(chromium, address, "executive", **telephone)
    page = executive.page
    page.goto("/desk/inbox/")  # the worker has told them by now, or does so in a moment
    told = page.get_by_role("link", name=f"红色通道：{number}")
    for _again in range(20):
        if told.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    told.first.click()
    expect(page.locator(".red-banner")).to_contain_text("正在呼叫，第 1 轮", timeout=PATIENCE)
    executive.picture("red-paged")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="确认，由我接手").click()
    executive.says("赵建国 已确认")

    legal = Person(chromium, address, "legal")
    supervisor = Person(chromium, address, "supervisor")
    supervisor.open(number)
    expect(supervisor.page.locator(".red-banner")).to_contain_text("赵建国 已确认")
    supervisor.page.get_by_role("link", name="专项小组和会诊").click()
    supervisor.page.get_by_role("link", name="安全合规类").click()
    choose(supervisor.page.get_by_label("组长"), "吴正")
    supervisor.press("通知专项小组", on=supervisor.page.locator("aside"), then="专项小组已通知。")
    expect(supervisor.page.locator("aside")).to_contain_text("召回评估")

    legal.page.goto(f"/desk/red/{number}")
    legal.press("我是组长，小组已成立", on=legal.page.locator("aside"), then="专项小组已成立。")
    legal.page.get_by_label("议题").fill("这个批次是否停售")
    legal.press("召集会诊", on=legal.page.locator("main"), then="已召集会诊。")
    for person in (legal, supervisor):
        person.page.goto(f"/desk/red/{number}")
        person.press("加入会诊", on=person.page.locator("#red-live"), then="您已加入会诊。")
    supervisor.page.get_by_label("决定").fill("即日停售该批次，门店下架。")
    supervisor.press("记录决定", on=supervisor.page.locator("main"), then="决定已记录。")
    expect(legal.page.locator("#red-live")).to_contain_text("即日停售该批次", timeout=PATIENCE)  # without a reload
    legal.picture("red-war-room")

    supervisor.page.get_by_text("结束会诊").first.click()
    supervisor.page.get_by_label("会议纪要").fill("停售、下架，周三复会。")
    supervisor.press("结束会诊", on=supervisor.page.locator("main"), then="会诊已结束。")
    supervisor.open(number)
    assert {"红色通道呼叫", "红色通道确认", "专项小组成立", "召集会诊", "会诊决定", "会诊结束"} <= {
        words.partition("×")[0].strip() for words in supervisor.timeline
    }
    for person in (executive, legal, supervisor):
        person.context.close()
        assert person.faults == []
