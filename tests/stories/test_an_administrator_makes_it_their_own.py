"""An administrator turns the demo into their company, in a real browser against the whole running product: name, colour
and logo, units by a file and by moving, an account of their own, promises, and the demo cleared away by the worker.
On the way axe-core looks at their colours, light and dark."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin, wait_for
from tests.stories.browsing import PATIENCE, Person, Visitor, in_colours

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SETTINGS = "/desk/settings/"
PAGES = ["start", "company", "units", "categories", "elements/COMMON", "promises"]
CONTRAST = """axe.run({runOnly: ["color-contrast", "link-in-text-block"]}).then(run =>
  run.violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 150)}`))"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#7a1f5c" d="M4 4h24v24H4z"/></svg>'
UNITS = "编码,名称,英文名称,类型,上级编码\nYN,云岭电器,Yunling,总部,\nYN-KF,云岭客服中心,,客户服务中心,YN\n"
MAKE_DEMO = """
from django.utils.timezone import now
from huiyin.complaints.models import Complaint
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
from tests import cast
from tests.stories.browsing import PASSWORD
load_demo_units(at=now())
demo_members.make(password=PASSWORD, at=now())
demo = cast.filed(at=now())
Complaint.objects.filter(pk=demo.pk).update(is_demo=True)
print(cast.filed(at=now(), phone="13900002222", name="客户王敏").number)
"""
STATE = """
from huiyin.complaints.models import Complaint
from huiyin.org.models import Member
print([(each.is_demo, each.state, each.put_away_at is None) for each in Complaint.objects.order_by("id")])
print(sorted(Member.objects.active().values_list("username", flat=True)))
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(prepared(folder / "home"))
    try:
        running.wait_until_ready()
        made = huiyin(running.home, "django", "shell", "-v", "0", "-c", MAKE_DEMO)
        assert made.returncode == 0, made.stderr
        yield running
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


def go(page: Page, place: str) -> None:
    page.goto(SETTINGS + place)
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_an_administrator_turns_the_demo_into_their_company(chromium: Browser, up: Up) -> None:
    address = f"http://127.0.0.1:{up.port}"
    sun = Person(chromium, address, "admin")
    page = sun.page
    page.get_by_role("link", name="启用引导还剩 7 步").click()

    go(page, "company")
    page.get_by_label("公司中文名称").fill("云岭电器")
    page.get_by_label("公司英文名称").fill("Yunling Appliances")
    press(page, "保存名称")
    sun.says("公司名称已保存")
    page.get_by_label("主色").fill("#ffd400")
    press(page, "保存主色")
    sun.says("太浅")
    page.get_by_label("主色").fill("#7a1f5c")
    press(page, "保存主色")
    sun.says("主色已保存")
    page.get_by_label("标志图片").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": SVG.encode()}
    )
    press(page, "上传")
    sun.says("标志已更换")
    wait_for("the new look", lambda: _says(page, ".shell-nav .brand-name"))
    assert page.locator("[href^='/brand/']").count() > 0
    assert page.evaluate("document.querySelector('.shell-nav .brand-mark').naturalWidth") > 0
    fill = "getComputedStyle(document.querySelector('.settings-page .btn-primary')).backgroundColor"
    assert page.evaluate(fill) == "rgb(122, 31, 92)"
    sun.picture("admin-1-company")
    _the_doors_have_the_look(chromium, address)

    go(page, "start")
    page.get_by_label("CSV 文件").set_input_files(
        {"name": "units.csv", "mimeType": "text/csv", "buffer": UNITS.encode()}
    )
    press(page, "导入")
    sun.says("已导入 2 个单位")

    page.set_viewport_size({"width": 1280, "height": 3600})  # both ends of the tree at once
    page.locator('[data-drop-unit="YN"]').drag_to(page.locator('[data-drop-unit="HQ"]'))
    page.wait_for_url("**/units/YN/move?under=HQ")
    sun.says("2 个单位，0 名成员")
    sun.picture("admin-2-move")
    page.set_viewport_size({"width": 1280, "height": 800})
    press(page, "移动")
    sun.says("“云岭电器”已移到“集团总部”之下")

    go(page, "units")
    page.set_viewport_size({"width": 1280, "height": 9000})
    page.evaluate("document.querySelectorAll('.tree-node > details').forEach(each => { each.open = true })")
    page.locator('[data-drag-person="outlet"]').drag_to(page.locator('[data-drop-unit="YN"]'))
    page.wait_for_url("**/members/outlet/move?under=YN")
    sun.says("移到“云岭电器”")
    page.set_viewport_size({"width": 1280, "height": 800})

    go(page, "members/new?unit=YN-KF")
    page.get_by_label("工号").fill("chen")
    page.get_by_label("姓名").fill("陈立")
    page.get_by_label("系统管理员").check()
    press(page, "新增并生成首次密码")
    sun.says("只显示这一次")
    password = page.locator("[data-copy]").first.get_attribute("data-copy") or ""
    assert password.count("-") == 2
    sun.picture("admin-3-first-password")

    go(page, "start")
    page.get_by_label("请输入“移除演示数据”确认").fill("移除演示数据")
    press(page, "移除演示数据")
    sun.says("您正用演示账号操作")
    assert sun.faults == []
    sun.context.close()

    chen = Owner(chromium, address, password)
    page = chen.page
    go(page, "promises")
    page.get_by_label("一级", exact=True).first.fill("20")
    press(page, "看效果")
    chen.says("更早")
    chen.picture("admin-4-what-would-change")
    page.get_by_label("修改说明").fill("加快首次响应")
    press(page, "保存为新的一版")
    chen.says("已保存为第 2 版")

    go(page, "routing")
    page.get_by_label("客户会怎么说").fill("电饭煲用了三次就不通电，指示灯不亮。")
    press(page, "看会派给谁")
    expect(page.locator("#tried")).to_contain_text("主办", timeout=PATIENCE)
    assert page.locator("[data-fires]").count() >= 1
    chen.picture("admin-5-routing")

    go(page, "start")
    page.get_by_label("请输入“移除演示数据”确认").fill("移除演示数据")
    press(page, "移除演示数据")
    expect(page.locator("#demo-progress")).to_contain_text("演示数据已移除：1 件演示投诉已收起", timeout=PATIENCE)
    chen.picture("admin-6-own-company")

    go(page, "history")
    chen.says("加快首次响应")
    left = huiyin(up.home, "django", "shell", "-v", "0", "-c", STATE)
    assert left.returncode == 0, left.stderr
    assert left.stdout.splitlines() == ["[(True, 'withdrawn', False), (False, 'received', True)]", "['chen']"]
    verified = huiyin(up.home, "audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr

    try:
        _look_in_their_colours(page)
    finally:
        assert chen.faults == []
        chen.context.close()


def _says(page: Page, mark: str) -> bool:
    """Whether the page, asked for anew, has their name: each process of the web looks again within some seconds."""
    page.reload()
    return "云岭电器" in page.locator(mark).inner_text()


def _the_doors_have_the_look(browser: Browser, address: str) -> None:
    """Whoever stands before the sign-in, and every customer, sees whose house it is."""
    guest = Visitor(browser, address)
    for place, mark, button in (
        ("/accounts/login/", ".entrance-top .brand", ".btn-primary"),
        ("/portal/", ".portal-brand", ".portal-main .btn-primary"),
    ):
        guest.page.goto(place)
        wait_for("the new look at " + place, lambda mark=mark: _says(guest.page, mark))
        expect(guest.page.locator(f"{mark} img")).to_have_attribute("src", re.compile("^/brand/"))
        expect(guest.page.locator(button).first).to_have_css("background-color", "rgb(122, 31, 92)")
        guest.picture(f"admin-1-{'portal' if 'portal' in place else 'sign-in'}")
    assert guest.faults == []
    guest.context.close()


class Owner(Person):
    """Somebody with an account of their own."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        super(Person, self).__init__(browser, address)
        self.page.goto("/accounts/login/")
        self.page.get_by_label("用户名").fill("chen")
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url("**/desk/")


def _look_in_their_colours(page: Page) -> None:
    """In the product's own, tests/test_every_page_is_accessible.py looks."""
    found = []
    page.context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": page.url}])
    page.set_viewport_size({"width": 1280, "height": 800})
    for place in PAGES:
        go(page, place)
        page.evaluate(AXE.read_text("utf-8"))
        for scheme in ("light", "dark"):
            in_colours(page, scheme)
            faults = page.evaluate(CONTRAST)
            found += [(scheme, place, fault) for fault in faults]
    assert found == []
