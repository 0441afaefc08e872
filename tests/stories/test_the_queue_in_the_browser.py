"""The queue as a supervisor works it, in a real browser against the running product: beside the complaint, by keys,
to the end and back again, and a bulk assignment taken back without the mouse."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin
from tests.stories.browsing import PASSWORD, PATIENCE, Person, in_colours

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
MAKE = f"""
from django.utils.timezone import now
from huiyin import loading
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.actors import SYSTEM
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
take_in_many([Arrival(text=f"第{{n}}台电饭煲用了三次就不通电，打电话也没有人回。", channel="phone", name=f"客户{{n}}",
    phone=f"139{{n:08d}}", tier="VIP" if n == 7 else "STD",
    title=f"第{{n}}台电饭煲不通电") for n in range(1, 131)], actor=SYSTEM, at=now())
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """The product with 130 complaints that nobody has touched yet."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(prepared(folder / "home"))
    try:
        running.wait_until_ready()
        made = huiyin(running.home, "django", "shell", "-v", "0", "-c", MAKE)
        assert made.returncode == 0, made.stderr
        yield running
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def supervisor(up: Up, chromium: Browser) -> Iterator[Person]:
    person = Person(chromium, f"http://127.0.0.1:{up.port}", "supervisor")
    yield person
    person.context.close()
    assert person.faults == []


def count(page: Page) -> int:
    return page.locator("#found tr[data-row]").count()


def lay_out(page: Page, layout: str, address: str = "/desk/complaints/?view=all") -> None:
    page.goto(address)
    button = page.locator(f'button[name=layout][value="{layout}"]')
    if button.get_attribute("aria-pressed") == "false":
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)


def scrolled_down(page: Page) -> float:
    """To the rows after the first fifty; returns where the fiftieth row stands."""
    page.locator("#found tr[data-row]").nth(49).scroll_into_view_if_needed()
    expect(page.locator("#found tr[data-row]").nth(60)).to_be_attached(timeout=PATIENCE)
    page.locator("#found tr[data-row]").nth(60).scroll_into_view_if_needed()
    page.wait_for_function("new URL(location).searchParams.get('rows') >= 100")
    return top_of(page, 58)


def top_of(page: Page, place: int) -> float:
    return float(page.locator("#found tr[data-row]").nth(place).evaluate("row => row.getBoundingClientRect().top"))


def test_the_list_stays_while_complaints_are_read_beside_it(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "split")
    numbers = page.locator("#found tr[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")

    page.locator("#found a.row-title").first.click()
    expect(page.locator("#pane")).to_contain_text(numbers[0], timeout=PATIENCE)
    page.keyboard.press("j")
    expect(page.locator("#pane")).to_contain_text(numbers[1], timeout=PATIENCE)
    assert f"open={numbers[1]}" in page.url
    page.keyboard.press("k")
    expect(page.locator("#pane")).to_contain_text(numbers[0], timeout=PATIENCE)

    page.go_back()
    expect(page.locator("#pane")).to_contain_text(numbers[1], timeout=PATIENCE)
    page.go_forward()
    expect(page.locator("#pane")).to_contain_text(numbers[0], timeout=PATIENCE)
    page.reload()
    expect(page.locator("#pane")).to_contain_text(numbers[0], timeout=PATIENCE)
    expect(page.locator(f"#row-{numbers[0]}")).to_have_attribute("aria-current", "true")


def test_what_is_done_in_the_pane_stays_in_the_pane_and_the_row_follows(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "split")
    page.locator("#found a.row-title").nth(5).click()
    pane = page.locator("#pane")

    pane.get_by_role("button", name="开始复核", exact=True).click(timeout=PATIENCE)

    expect(pane).to_contain_text("复核中", timeout=PATIENCE)
    expect(page.locator("#found tr[data-row]").nth(5)).to_contain_text("复核中", timeout=PATIENCE)
    assert "/desk/complaints/?" in page.url


@pytest.mark.parametrize("layout", ["list", "split"])
def test_coming_back_finds_the_rows_and_the_place(supervisor: Person, layout: str) -> None:
    page = supervisor.page
    lay_out(page, layout)
    before = scrolled_down(page)
    page.wait_for_timeout(300)  # the place is noted when scrolling rests
    if layout == "list":
        page.locator("#found a.row-title").nth(58).click()
        expect(page.locator("h1")).to_contain_text("电饭煲", timeout=PATIENCE)
    else:
        page.goto("/desk/")
    page.go_back()

    expect(page.locator("#found tr[data-row]").nth(60)).to_be_attached(timeout=PATIENCE)
    page.wait_for_function("document.readyState === 'complete'")
    assert abs(top_of(page, 58) - before) < 60
    if layout == "list":
        expect(page.locator("#found a.row-title").nth(58)).to_be_focused()


def test_the_end_is_reached_by_scrolling_without_a_row_twice(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list")
    for wanted in (100, 130):
        page.locator("#found tbody tr").last.scroll_into_view_if_needed()
        expect(page.locator("#found tr[data-row]")).to_have_count(wanted, timeout=PATIENCE)

    numbers = page.locator("#found tr[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")
    assert len(set(numbers)) == 130
    assert page.locator("#found tr.more").count() == 0


def test_choosing_in_the_sentence_filters_and_back_takes_it_away(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list")
    page.locator("#sieve-tier").focus()
    page.locator("#sieve-tier").select_option("VIP")
    expect(page.locator("#found tr[data-row]")).to_have_count(1, timeout=PATIENCE)
    assert re.search(r"\?view=all&tier=VIP$", page.url), "what is not chosen does not weigh on the address"
    expect(page.locator("#sieve-tier")).to_be_focused()

    page.get_by_role("link", name="不再按“客户级别”筛选").click()
    expect(page.locator("#found tr[data-row]").nth(10)).to_be_attached(timeout=PATIENCE)
    page.go_back()
    expect(page.locator("#found tr[data-row]")).to_have_count(1, timeout=PATIENCE)


def test_a_bulk_assignment_is_made_and_taken_back_by_keys_alone(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 2 件")
    chooser = page.locator(".bulk-people select")
    expect(chooser).to_be_visible(timeout=PATIENCE)
    chooser.focus()
    chooser.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    supervisor.says("2 件完成，0 件没有")

    page.keyboard.press("z")  # a key only goes to a button that sends
    page.keyboard.press("Enter")
    supervisor.says("负责人恢复为：无人")
    page.keyboard.press("b")
    expect(page.locator("#found tr[data-row]").first).to_be_attached(timeout=PATIENCE)
    assert page.url.endswith("/desk/complaints/?view=all")


@pytest.mark.req("A41")
@pytest.mark.parametrize("layout", ["list", "split"])
def test_axe_finds_nothing_wrong_with_the_queue(supervisor: Person, layout: str) -> None:
    page = supervisor.page
    lay_out(page, layout)
    page.goto("/desk/complaints/?view=all&severity=3&received=range")
    if layout == "split":
        page.locator("#found a.row-title").first.click()
        expect(page.locator("#pane h1")).to_be_visible(timeout=PATIENCE)
    page.locator("[data-bulk-item]").first.check()
    for language in ("en-US", "zh-CN"):
        page.context.add_cookies(
            [{"name": "django_language", "value": language[:2].replace("zh", "zh-hans"), "url": supervisor.address}]
        )
        page.reload()
        for scheme in ("light", "dark"):
            in_colours(page, scheme)
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate("axe.run().then(run => run.violations.map(v => `${v.id}: ${v.nodes[0].html}`))")
            assert found == [], f"{language} {scheme}"


@pytest.mark.parametrize("width", [360, 1023])
def test_a_narrow_screen_has_the_list_alone_and_nothing_sticks_out(supervisor: Person, width: int) -> None:
    page = supervisor.page
    lay_out(page, "split", "/desk/complaints/?view=all&received=range&state=received")
    page.set_viewport_size({"width": width, "height": 780})
    page.reload()

    expect(page.locator("#pane")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#found a.row-title").first.click()
    page.wait_for_url("**/desk/complaints/TS*")
    page.set_viewport_size({"width": 1280, "height": 720})


def test_the_pane_keeps_its_place_when_one_comes_back_to_the_same_complaint(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "split")
    pane = page.locator("#pane")
    rows = page.locator("#found a.row-title")
    rows.nth(2).click()
    expect(pane.locator("h1")).to_contain_text("电饭煲", timeout=PATIENCE)
    number = pane.get_attribute("data-open") or ""
    pane.evaluate("pane => pane.scrollTo(0, 400)")
    page.keyboard.press("j")
    expect(pane).not_to_contain_text(number, timeout=PATIENCE)
    assert pane.evaluate("pane => pane.scrollTop") == 0

    page.keyboard.press("k")
    expect(pane).to_contain_text(number, timeout=PATIENCE)
    assert pane.evaluate("pane => pane.scrollTop") == 400
    page.go_back()
    expect(pane).not_to_contain_text(number, timeout=PATIENCE)
    page.reload()
    page.go_back()
    expect(pane).to_contain_text(number, timeout=PATIENCE)
    page.wait_for_function("document.querySelector('#pane').scrollTop === 400")


def test_what_comes_into_the_pane_is_tended_like_a_page(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "split")
    pane = page.locator("#pane")
    page.locator("#found a.row-title").nth(1).click()
    fold = pane.locator("details[data-remember]").first
    expect(fold).to_be_visible(timeout=PATIENCE)
    was_open = fold.evaluate("fold => fold.open")
    fold.locator("summary").click()
    page.keyboard.press("j")
    expect(pane.locator("h1")).to_be_visible(timeout=PATIENCE)
    expect(pane.locator("details[data-remember]").first).to_have_js_property("open", not was_open)
    pane.locator("details[data-remember]").first.locator("summary").click()


def test_from_the_list_a_complaint_comes_in_its_place_and_back_is_as_it_was(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list")
    scrolled_down(page)
    row = page.locator("#found tr[data-row]").nth(58)
    row.locator("[data-bulk-item]").check()
    before = top_of(page, 58)
    number = str(row.get_attribute("data-row"))
    page.evaluate("window.isTheSame = true")

    row.locator("a.row-title").click()
    expect(page.locator("#case")).to_have_attribute("data-live-complaint", number, timeout=PATIENCE)
    assert page.url.endswith(f"/desk/complaints/{number}")
    assert number in page.title()
    assert page.evaluate("window.isTheSame && scrollY === 0")
    expect(page.locator(".nav-views")).to_be_hidden()
    expect(page.locator("#main")).to_be_focused()
    assert page.locator(".shell-top input[name=next]").first.input_value().endswith(number)

    page.go_back()
    expect(row).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("window.isTheSame")
    assert abs(top_of(page, 58) - before) < 2
    expect(row.locator("[data-bulk-item]")).to_be_checked()
    expect(row.locator("a.row-title")).to_be_focused()
    expect(page.locator(".nav-views")).to_be_visible()

    page.go_forward()  # loaded: what was turned to before may be old
    expect(page.locator("#case")).to_have_attribute("data-live-complaint", number, timeout=PATIENCE)
    page.reload()
    page.go_back()
    expect(page.locator("#found tr[data-row]").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#case")).to_have_count(0)


def test_what_is_done_on_it_is_seen_in_the_list_that_was_laid_aside(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list", "/desk/complaints/?view=review")
    row = page.locator("#found tr[data-row]").nth(3)
    number = str(row.get_attribute("data-row"))
    other = page.context.new_page()
    row.locator("a.row-title").click()
    expect(page.locator("#case")).to_be_visible(timeout=PATIENCE)
    other.goto(f"/desk/complaints/{number}")
    other.get_by_role("button", name="开始复核", exact=True).click()
    expect(other.locator("body")).to_contain_text("已由您复核。", timeout=PATIENCE)
    other.close()

    page.go_back()
    expect(page.locator(f"#row-{number}")).to_contain_text("复核中", timeout=PATIENCE)
    expect(page.locator("#live-news")).to_have_count(0)


def test_asking_ahead_is_no_looking_and_a_session_that_is_over_leads_to_the_sign_in(up: Up, chromium: Browser) -> None:
    agent = Person(chromium, f"http://127.0.0.1:{up.port}", "agent")
    page = agent.page
    page.clock.install()
    lay_out(page, "list")
    told: list[str] = []
    page.on("request", lambda asked: told.append(asked.post_data or "") if "/presence" in asked.url else None)
    link = page.locator("#found a.row-title").nth(1)
    with page.expect_response(lambda answer: "/desk/complaints/TS" in answer.url):
        link.hover()
        page.mouse.down()
    page.mouse.move(5, 5)
    page.mouse.up()
    page.clock.run_for(25_000)  # longer than the script waits that tells who is here
    assert [each for each in told if "TS" in each] == []

    page.context.clear_cookies()
    page.locator("#found a.row-title").nth(2).click()
    page.wait_for_url("**/accounts/login/**", timeout=PATIENCE)
    agent.context.close()


def test_three_are_given_to_somebody_by_keys_alone(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list")
    for key in ("x", "J", "J"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-item]:checked")).to_have_count(3)
    page.keyboard.press("a")
    field = page.locator("[data-people-find]")
    expect(field).to_be_focused(timeout=PATIENCE)
    page.keyboard.type("没有这个人")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Enter")  # to nobody: nothing is sent
    expect(page.locator("[data-bulk-item]:checked")).to_have_count(3)
    field.fill("李雷")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_contain_text("3 件完成", timeout=PATIENCE)
    expect(page.locator("#main")).to_contain_text("负责人：李雷")


def test_three_are_given_to_somebody_by_dragging_them_onto_a_name(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list")
    page.locator("[data-bulk-item]").nth(4).click()
    page.locator("[data-bulk-item]").nth(6).click(modifiers=["Shift"])
    expect(page.locator("select[name=to]")).to_be_attached(timeout=PATIENCE)
    start = page.locator("#found tr[data-row]").nth(5).locator(".cell-title").bounding_box()
    assert start
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 30, steps=4)
    place = page.locator(".drop-person", has_text="李雷")
    end = place.bounding_box()
    assert end
    page.mouse.move(end["x"] + 20, end["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.locator("#main")).to_contain_text("3 件完成", timeout=PATIENCE)
    expect(page.locator("#main")).to_contain_text("负责人：李雷")


def test_a_call_that_nobody_answered_is_recorded_by_two_keys(supervisor: Person) -> None:
    page = supervisor.page
    lay_out(page, "list", "/desk/complaints/?view=all")
    page.locator("#found a.row-title").nth(9).click()
    expect(page.locator("#case")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("电话没有接通")
    page.keyboard.press("Escape")
    page.keyboard.press("T")
    expect(page.locator("#composer-body textarea").first).to_be_focused(timeout=PATIENCE)
    expect(page.locator("#composer-body input[name=reached][value=no]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    supervisor.says("已记录与客户的联系。")
    expect(page.locator("#timeline")).to_contain_text("打了电话，没有人接。", timeout=PATIENCE)


MORE = """
from django.utils.timezone import now
from huiyin.org.actors import SYSTEM
from huiyin.intake.actions.taking_in import take_in_many
from huiyin.intake.arrival import Arrival
take_in_many([Arrival(text=f"第{n}台电饭煲用了三次就不通电，打电话也没有人回。", channel="phone", name=f"客户{n}",
    phone=f"138{n:08d}", title=f"第{n}台电饭煲不通电") for n in range(131, 501)], actor=SYSTEM, at=now())
"""


def test_coming_back_finds_the_place_in_a_list_longer_than_one_answer(up: Up, supervisor: Person) -> None:
    """The last of the module: it brings in more than the others count with."""
    made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MORE)
    assert made.returncode == 0, made.stderr
    page = supervisor.page
    lay_out(page, "list")
    for wanted in range(100, 500, 50):
        page.locator("#found tbody tr").last.scroll_into_view_if_needed()
        expect(page.locator("#found tr[data-row]")).to_have_count(wanted, timeout=PATIENCE)
    row = page.locator("#found tr[data-row]").nth(440)
    row.scroll_into_view_if_needed()
    number, before = row.get_attribute("data-row"), top_of(page, 440)
    page.wait_for_timeout(300)  # the place is noted when scrolling rests
    page.goto("/desk/")
    page.go_back()

    again = page.locator(f'#found tr[data-row="{number}"]')
    expect(again).to_be_in_viewport(timeout=PATIENCE)
    page.wait_for_function("document.readyState === 'complete'")
    assert abs(float(again.evaluate("row => row.getBoundingClientRect().top")) - before) < 60
    page.wait_for_timeout(500)
    assert page.locator("#found tr[data-gone]").count() == 0

    earlier = page.locator("#found tr[data-row]").nth(150)  # and from further up, once more
    earlier.evaluate("row => row.scrollIntoView()")
    number = str(earlier.get_attribute("data-row"))
    page.wait_for_timeout(400)
    page.goto("/desk/")
    page.go_back()
    expect(page.locator(f'#found tr[data-row="{number}"]')).to_be_in_viewport(timeout=PATIENCE)
