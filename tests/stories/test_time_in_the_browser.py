"""A promise in a real browser: seen running, paused, resumed, broken and explained; then the supervisor's board."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin
from tests.stories.browsing import PASSWORD, PATIENCE, Person

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

TEXT = "上周六在旗舰店买的星桥电饭煲，用了三次就不通电，指示灯不亮。打了两次电话都说会回电，到现在没有人联系我。"
MAKE_COMPANY = f"""
from django.utils.timezone import now
from huiyin.complaints.actions import reviewing
from huiyin.dispatch.actions import dispatching
from huiyin.dispatch.actions.dispatching import Order
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member, Unit
from huiyin.triage.models import Category
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
who = Actor.of(Member.objects.get(username="reviewer"))
complaint = take_in(Arrival(text={TEXT!r}, channel="phone", name="客户张伟"), actor=SYSTEM, at=now()).complaint
kind = Category.objects.get(code="PQ-01")
reviewing.review(complaint, category=kind, severity=3, issues=["不通电"], actor=who, at=now())
dispatching.dispatch(complaint, orders=[Order(unit=Unit.objects.get(code="QM"))], actor=who, at=now())
print(complaint.number)
"""
BREAK = """
from datetime import timedelta
from django.utils.timezone import now
from huiyin.complaints.actions import sweeping
from huiyin.complaints.models import Clock
late = now() - timedelta(minutes=5)
Clock.objects.running().filter(code__in=["CK-RESOLVE", "CK-HANDLE"]).update(due_at=late, attention_at=late)
while sweeping.sweep(at=now()): pass
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(prepared(folder / "home"))
    try:
        yield running.wait_until_ready()
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


def ran(up: Up, script: str) -> str:
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", script)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.fixture
def number(up: Up) -> str:
    """Of a complaint that a department has in hand."""
    return ran(up, MAKE_COMPANY).split()[-1]


@pytest.fixture
def supervisor(up: Up, number: str, chromium: Browser) -> Iterator[Person]:
    person = Person(chromium, f"http://127.0.0.1:{up.port}", "supervisor")
    yield person
    person.context.close()
    assert person.faults == []


def resolution(person: Person) -> Locator:
    """The clock of the promised resolution, as the panel draws it."""
    return person.page.locator("#clocks .clock").filter(has=person.page.get_by_text("解决", exact=True)).first


def more(person: Person, name: str) -> Locator:
    """The form of a thing that stands under 更多."""
    person.page.locator("#now > .moves summary").click()
    return person.opens(name)


def test_a_promise_is_seen_running_paused_resumed_broken_and_explained_and_stands_on_the_board(
    up: Up, number: str, supervisor: Person
) -> None:
    page = supervisor.page
    supervisor.open(number)
    clock = resolution(supervisor)
    expect(clock.locator(".due")).to_contain_text("剩")
    expect(clock.get_by_role("img", name="时间线")).to_be_visible()
    expect(clock.locator("svg .face-due")).to_have_count(1)
    expect(clock.locator("svg .face-now[x1]")).to_have_count(1)
    expect(clock).to_contain_text("依据 sla.yaml CK-RESOLVE")

    form = more(supervisor, "暂停计时")
    form.get_by_label("等待客户补充材料或确认").check()
    form.get_by_label("原因和依据").fill("客户说明天发发票照片")
    supervisor.sends(form, "暂停计时", then="已暂停计时。")
    expect(resolution(supervisor).locator(".due")).to_contain_text("暂停")
    expect(resolution(supervisor)).to_contain_text("暂停时还剩")
    expect(page.locator("#clocks-pauses")).to_contain_text("等待客户补充材料或确认")

    form = supervisor.opens("恢复计时")
    expect(form).to_contain_text("截止")
    supervisor.sends(form, "恢复计时", then="已恢复，时限接着走。")
    expect(resolution(supervisor).locator(".due [data-due-words]")).to_contain_text("剩")

    ran(up, BREAK)
    supervisor.open(number)
    expect(resolution(supervisor)).to_contain_text("已超时，原因还没有备案")
    form = supervisor.opens("超时说明：解决等 2 项")  # the department is late, too
    form.get_by_label("为什么超时").fill("主板缺货，厂家来函说明")
    supervisor.sends(form, "超时说明", then="超时原因已备案。")
    expect(resolution(supervisor)).to_contain_text("主板缺货，厂家来函说明")

    page.goto("/desk/board/?hours=24")
    row = page.locator("#found .board-row[data-sort=late]").filter(has_text="处理时限").first
    expect(row).to_be_visible(timeout=PATIENCE)
    row.get_by_role("button", name="催办").click()
    expect(row.get_by_role("status")).to_contain_text("已催办", timeout=PATIENCE)
    row.get_by_role("link", name="改派").click()
    expect(row.get_by_label("改由谁办")).to_be_visible(timeout=PATIENCE)
