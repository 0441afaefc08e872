"""Two agents meet on one complaint, in real browsers: each sees the other, what one does reaches the other without
losing a word that is being typed, and the page survives that the live process dies and comes back."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin, wait_for
from tests.stories.browsing import PASSWORD, PATIENCE, Person

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

TEXT = "上周六在旗舰店买的星桥电饭煲，用了三次就不通电，指示灯不亮。打了两次电话都说会回电，到现在没有人联系我。"
MAKE_COMPANY = f"""
from django.utils.timezone import now
from huiyin.intake.actions.taking_in import take_in
from huiyin.intake.arrival import Arrival
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.actors import SYSTEM
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
for name in ("客户张伟", "客户王建国", "客户刘洋"):
    print(take_in(Arrival(text={TEXT!r}, channel="phone", name=name), actor=SYSTEM, at=now()).complaint.number)
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


@pytest.fixture(scope="module")
def numbers(up: Up) -> list[str]:
    """Of three complaints that nobody has taken up."""
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()


@pytest.fixture
def two(up: Up, numbers: list[str], chromium: Browser) -> Iterator[tuple[Person, Person]]:
    people = [Person(chromium, f"http://127.0.0.1:{up.port}", name) for name in ("reviewer", "supervisor")]
    yield people[0], people[1]
    for person in people:
        person.context.close()
    assert [fault for person in people for fault in person.faults] == []


def test_each_sees_the_other_and_what_one_does_reaches_the_other_who_is_typing(
    two: tuple[Person, Person], numbers: list[str]
) -> None:
    reviewer, supervisor = two
    for person in two:
        person.open(numbers[0])
    seen_by_reviewer = reviewer.page.locator("[data-presence-of]")
    expect(seen_by_reviewer).to_contain_text("韩梅梅 正在查看", timeout=PATIENCE)
    expect(supervisor.page.locator("[data-presence-of]")).to_contain_text("陈静 正在查看", timeout=PATIENCE)

    note = supervisor.page.get_by_label("内部备注")
    note.press_sequentially("客户说今晚八点以后才有空")
    expect(seen_by_reviewer).to_contain_text("韩梅梅 正在填写", timeout=PATIENCE)

    reviewer.press("开始复核", then="已由您复核。")
    strip = supervisor.page.locator("#live-news")
    expect(strip).to_contain_text("陈静 刚刚做了：开始复核", timeout=PATIENCE)
    supervisor.picture("two-1-the-other-acted")
    before = note.bounding_box()
    strip.get_by_role("button", name="查看更新").click()
    expect(supervisor.page.locator("#timeline [data-fresh]")).to_contain_text("开始复核", timeout=PATIENCE)
    expect(note).to_have_value("客户说今晚八点以后才有空")
    expect(note).to_be_focused()
    after = note.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2
    expect(strip).to_be_hidden()

    supervisor.page.keyboard.press("Control+Enter")
    supervisor.says("备注已保存。")
    expect(reviewer.page.locator("#live-news")).to_contain_text("韩梅梅 刚刚做了：内部备注", timeout=PATIENCE)
    supervisor.page.goto("/desk/account")
    expect(seen_by_reviewer).to_be_hidden(timeout=PATIENCE)


def test_the_second_one_to_act_is_told_what_the_first_one_did(two: tuple[Person, Person], numbers: list[str]) -> None:
    reviewer, supervisor = two
    for person in two:
        person.open(numbers[1])
    form = supervisor.opens("退回补充")
    form.get_by_role("textbox").first.fill("缺少购买时间，请补充。")
    reviewer.press("开始复核", then="已由您复核。")

    form.get_by_role("button", name="退回补充").click()
    supervisor.says("别人有了改动，请核对后再提交")
    form = supervisor.page.locator("#act")
    expect(form).to_contain_text("开始复核 · 陈静")
    supervisor.picture("two-2-second-is-told")
    expect(form.get_by_role("textbox").first).to_have_value("缺少购买时间，请补充。")


def test_a_list_counts_what_came_and_shows_it_when_asked_and_a_notice_leads_there(
    up: Up, two: tuple[Person, Person], numbers: list[str]
) -> None:
    reviewer, supervisor = two
    supervisor.page.goto("/desk/complaints/?view=review")
    ticked = supervisor.page.locator("[data-bulk-item]").last
    ticked.check()
    reviewer.open(numbers[2])
    row = supervisor.page.locator(f"#row-{numbers[2]}")
    expect(row.locator(".row-faces .face")).to_have_attribute("title", "陈静 正在查看", timeout=PATIENCE)
    supervisor.picture("two-3-faces-in-the-list")

    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY.split("load_demo_units(at")[0] + f"""
print(take_in(Arrival(text={TEXT!r}, channel="phone", name="客户赵敏"), actor=SYSTEM, at=now()).complaint.number)
""")  # fmt: skip
    assert made.returncode == 0, made.stderr
    strip = supervisor.page.locator("#live-news")
    expect(strip).to_contain_text("1 件有更新", timeout=PATIENCE)
    expect(supervisor.page.locator(f"#row-{made.stdout.strip()}")).to_have_count(0)
    strip.get_by_role("button", name="点击显示").click()
    expect(supervisor.page.locator(f"#row-{made.stdout.strip()}")).to_be_visible(timeout=PATIENCE)
    expect(supervisor.page.locator("[data-bulk-item]:checked")).to_have_count(1)

    reviewer.page.get_by_label("内部备注").fill("@supervisor 请看一下这件。")
    reviewer.page.get_by_role("button", name="保存备注").click()
    toast = supervisor.page.locator(".toast-card a")
    expect(toast).to_contain_text(f"陈静 在 {numbers[2]} 的备注里提到了您", timeout=PATIENCE)
    expect(supervisor.page.locator(".shell-nav .nav-item[href='/desk/inbox/'] .nav-count")).to_have_text("1")
    toast.click()
    expect(supervisor.page.locator(":target")).to_contain_text("请看一下这件")


def test_the_counts_of_the_views_move_when_others_bring_something_in(up: Up, two: tuple[Person, Person]) -> None:
    keep = """
from huiyin.org.actions import views
from huiyin.org.actors import Actor
from huiyin.org.models import Member
manager = Actor.of(Member.objects.get(username="manager"))
view = views.keep(name="大家的", scope="all", query="view=all", actor=manager, at=now())
print(view.pk)
"""
    taken_in = MAKE_COMPANY.split("load_demo_units(at")[0]
    kept = huiyin(up.home, "django", "shell", "-v", "0", "-c", taken_in + keep)
    assert kept.returncode == 0, kept.stderr
    page = two[0].page
    page.goto("/desk/complaints/?view=overdue")
    shared, review = page.locator(f"#side-saved-{kept.stdout.strip()}"), page.locator("#side-shelf-review")
    for figure in (shared, review):
        expect(figure).to_have_text(re.compile(r"^\d+$"), timeout=PATIENCE)
    before = [int(figure.inner_text()) for figure in (shared, review)]
    page.evaluate("window.isTheSamePage = true")

    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", taken_in + f"""
take_in(Arrival(text={TEXT!r}, channel="phone", name="客户钱多多"), actor=SYSTEM, at=now())
""")  # fmt: skip
    assert made.returncode == 0, made.stderr
    expect(shared).to_have_text(str(before[0] + 1), timeout=PATIENCE)
    expect(review).to_have_text(str(before[1] + 1), timeout=PATIENCE)
    assert page.evaluate("window.isTheSamePage")
    page.goto("/desk/complaints/?view=all")
    expect(page.locator("#list-total")).to_have_text(f"共 {before[0] + 1} 件", timeout=PATIENCE)


def test_a_stream_comes_back_after_the_live_process_was_killed_and_brings_what_was_missed(
    up: Up, two: tuple[Person, Person], numbers: list[str]
) -> None:
    reviewer, supervisor = two
    supervisor.open(numbers[2])
    reviewer.open(numbers[2])
    expect(supervisor.page.locator("[data-presence-of]")).to_contain_text("陈静", timeout=PATIENCE)
    dead = up.child("live")
    dead.kill()
    dead.wait(20)
    reviewer.press("开始复核", then="已由您复核。")  # pages work as before

    wait_for("another live process", lambda: up.has_child("live", but=dead.pid))
    expect(supervisor.page.locator("#live-news")).to_contain_text("陈静 刚刚做了：开始复核", timeout=PATIENCE)
    expect(supervisor.page.locator("#live-sign")).to_be_hidden()


def test_who_hides_the_page_for_long_is_shown_as_idle_in_the_list_and_on_the_page(
    two: tuple[Person, Person], numbers: list[str]
) -> None:
    reviewer, supervisor = two
    reviewer.page.clock.install()
    reviewer.open(numbers[0])
    supervisor.open(numbers[0])
    seen = supervisor.page.locator("[data-presence-of]")
    expect(seen).to_contain_text("陈静 正在查看", timeout=PATIENCE)

    reviewer.page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { get: () => true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(seen).to_contain_text("陈静 暂时离开", timeout=PATIENCE)
    with reviewer.page.expect_request(lambda asked: "is=idle" in (asked.post_data or "")):
        reviewer.page.clock.run_for(420_000)  # seven minutes

    supervisor.page.goto("/desk/complaints/?view=all&open=" + numbers[0])
    face = supervisor.page.locator(f"#row-{numbers[0]} .row-faces .face")
    expect(face.first).to_have_attribute("data-is", "idle", timeout=PATIENCE)
