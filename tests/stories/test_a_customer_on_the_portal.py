"""A customer on a telephone 360 pixels wide: files in four steps, adds a photo, rejects, accepts and rates; then every
page of the portal under axe, at 200 % and by keyboard. The staff's side is done by the product's own actions."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin, wait_for
from tests.stories.browsing import PASSWORD, PATIENCE, Visitor, in_colours
from tests.stories.test_one_complaint_in_the_browser import MAKE_COMPANY, mailed

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = ViewportSize(width=360, height=740)
TWICE_THE_SIZE = ViewportSize(width=640, height=400)  # 1280 × 800 at 200 %
TEXT = "上周六买的星桥电饭煲，用了三次就不通电。打了两次电话都没有人回。"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005"
    "0001ff56c7b1a50000000049454e44ae426082"
)
STAFF = """
from datetime import timedelta
from django.utils.timezone import now
from huiyin.complaints.models import Complaint
from tests import cast
complaint = Complaint.objects.get(number={number!r})
at = complaint.received_at
"""
ASK = """
from huiyin.complaints.actions import replying, waiting
from huiyin.complaints.models import Letter
cast.dispatched(cast.reviewed(complaint, at=now()), "QM", at=now())
complaint.refresh_from_db()
replying.send(complaint, channel=Letter.Channel.PORTAL, body="请问方便把插头拍一张照片吗？", is_final=False, ask=True,
              actor=cast.actor("agent"), at=now())
waiting.pause(complaint, reason="等照片", actor=cast.actor("agent"), at=now())
"""
ANSWER = """
from huiyin.complaints.actions import replying
from huiyin.complaints.models import Letter
from huiyin.dispatch.actions import dispatching
if complaint.state == "reopened":
    orders = dispatching.dispatch(complaint, orders=[dispatching.Order(unit=cast.unit("LOG"))],
                                  actor=cast.actor("supervisor"), at=now())
    who = "handler2"
else:
    orders, who = list(complaint.work_orders.all()), "handler"
for order in orders:
    cast.completed(order, by=who, at=now())
    cast.passed(order, at=now())
complaint.refresh_from_db()
replying.send(complaint, channel=Letter.Channel.PHONE, body={body!r}, is_final=True,
              actor=cast.actor("agent"), at=now())
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(prepared(folder / "home"))
    try:
        running.wait_until_ready()
        made = huiyin(running.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY)
        assert made.returncode == 0, made.stderr
        yield running
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


def staff(up: Up, number: str, script: str) -> None:
    done = huiyin(up.home, "django", "shell", "-v", "0", "-c", STAFF.format(number=number) + script)
    assert done.returncode == 0, done.stderr


class Customer(Visitor):
    def heading(self, words: str) -> None:
        """The step that is open, which has the focus."""
        expect(self.page.get_by_role("heading", name=words)).to_be_focused(timeout=PATIENCE)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def files(customer: Customer) -> str:
    """In four steps, with every fault shown where it is; returns the link."""
    page = customer.page
    page.goto("/portal/")
    assert fits(page)
    customer.presses("下一步")
    expect(page.locator("#id_text")).to_be_focused()
    customer.picture("customer-1-what-happened")
    customer.says("请写一写发生了什么。")
    page.locator("#id_text").fill(TEXT)
    page.locator("#id_occurred_on").fill("昨天")
    customer.presses("下一步")
    customer.heading("您希望怎样解决")
    expect(page.get_by_role("status").filter(has_text="第 2 步，共 4 步")).to_have_count(1)
    page.locator("#id_expectation").fill("换一台新的")
    page.go_back()
    customer.heading("事情经过")
    customer.presses("下一步")
    customer.presses("下一步")
    customer.heading("照片和凭证（没有可以不传）")
    page.locator("#id_photos").set_input_files({"name": "插头.png", "mimeType": "image/png", "buffer": PIXEL})
    customer.says("插头.png")
    assert fits(page)
    customer.picture("customer-2-photo")
    customer.presses("下一步")
    page.locator("#id_name").fill("客户张伟")
    customer.presses("提交")
    customer.says("电话和邮箱请至少留一个")
    customer.picture("customer-3-how-to-reach")
    page.locator("#id_phone").fill("13900001111")
    page.locator("#id_email").fill("zhangwei@example.com")
    customer.presses("提交")
    page.wait_for_url("**/received")
    customer.says("我们收到了")
    assert fits(page)
    customer.picture("customer-4-received")
    return page.locator("#tracking-link").inner_text()


def adds_a_photo(customer: Customer) -> None:
    customer.says("请问方便把插头拍一张照片吗？")
    page = customer.page
    page.get_by_label("您的回复").fill("拍好了，插头发黑。")
    page.locator("#id_a-photos").set_input_files({"name": "发黑.png", "mimeType": "image/png", "buffer": PIXEL})
    customer.picture("customer-5-asked")
    customer.presses("提交回复")
    customer.says("已收到您的补充。")
    customer.says("发黑.png")


@pytest.mark.req("D23", "D31")
def test_a_customer_files_on_a_phone_adds_rejects_accepts_and_rates(up: Up, chromium: Browser) -> None:
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}", viewport=PHONE, reduced_motion="reduce")
    page = customer.page
    link = files(customer)
    page.get_by_role("link", name="查看进度", exact=True).click()
    customer.says("已收到您反映的情况")
    found = re.search(r"TS\d{8}-\d+", page.locator("main").inner_text())
    assert found
    number = found.group()

    staff(up, number, ASK)
    page.goto(link)
    customer.says("已交给质量管理部核查")
    adds_a_photo(customer)

    staff(up, number, ANSWER.format(body="您好，核查结果是主板虚焊，换新件三天内送到。"))
    page.goto(link)
    page.get_by_text("不认可，请重新处理").click()
    page.get_by_label("哪里不认可，您希望怎样").fill("换来的新机还是不通电。")
    customer.picture("customer-6-rejects")
    customer.presses("提交，重新处理")
    customer.says("会由另一位同事重新处理")

    staff(up, number, ANSWER.format(body="您好，新机在运输中受损，已专车另送一台。"))
    page.goto(link)
    assert fits(page)
    page.get_by_label("满意").first.check()
    customer.picture("customer-7-accepts")
    customer.presses("认可，办结")
    customer.says("这件事我们办得怎么样？")
    page.get_by_label("4 星，满意").check()
    page.get_by_label("想说的话").fill("后来处理得不错。")
    customer.picture("customer-8-rates")
    customer.presses("提交评价")
    customer.says("谢谢您的评价")
    customer.says("您评价了 4 星")
    assert fits(page)
    customer.picture("customer-9-closed")
    assert customer.faults == []


def test_without_script_it_is_one_page_and_works(up: Up, chromium: Browser) -> None:
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}", viewport=PHONE, java_script_enabled=False)
    page = customer.page
    page.goto("/portal/")
    page.locator("#id_text").fill("没有脚本也要能投诉。")
    page.locator("#id_name").fill("客户张伟")
    page.locator("#id_phone").fill("13900003333")
    customer.presses("提交")
    customer.says("我们收到了")
    page.get_by_role("link", name="查看进度", exact=True).click()
    page.get_by_text("不需要处理了，撤回").click()
    page.get_by_label("为什么撤回").fill("已经自己修好了。")
    customer.presses("确认撤回")
    customer.says("已撤回。")
    assert customer.faults == []


def test_what_was_typed_is_kept_on_the_device_without_the_contact(up: Up, chromium: Browser) -> None:
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}", viewport=PHONE)
    page = customer.page
    page.goto("/portal/")
    page.locator("#id_text").fill("写到一半，地铁到站了。")
    for _step in range(3):
        customer.presses("下一步")
    page.locator("#id_name").fill("客户张伟")
    wait_for("the draft is kept", lambda: "portal-submit" in page.evaluate("JSON.stringify(localStorage)"))

    page.reload()

    expect(page.locator("#id_name")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("")
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator("#id_text")).to_have_value("写到一半，地铁到站了。")
    assert "张伟" not in page.evaluate("JSON.stringify(localStorage)")


def test_by_keyboard_alone(up: Up, chromium: Browser) -> None:
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}", viewport={"width": 1024, "height": 800})
    page = customer.page
    page.goto("/portal/")
    page.locator("#id_text").focus()
    page.keyboard.type("只用键盘也要能投诉。")
    for button in ("下一步", "下一步", "下一步"):
        _tab_to(page, f"button:has-text('{button}')")
        page.keyboard.press("Enter")
    customer.heading("怎样联系您")
    page.keyboard.press("Tab")
    page.keyboard.type("客户张伟")
    page.keyboard.press("Tab")
    page.keyboard.type("13900004444")
    page.keyboard.press("Enter")
    customer.says("我们收到了")
    assert customer.faults == []


def _tab_to(page: Page, what: str) -> None:
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.locator(what).first.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way by keyboard to {what}")


def test_who_files_often_is_let_in_by_work_without_noticing(up: Up, chromium: Browser) -> None:
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}")
    page = customer.page
    for count in range(5):
        page.goto("/portal/")
        page.locator("#id_text").fill(f"第 {count} 件")
        for _step in range(3):
            customer.presses("下一步")
        expect(page.get_by_text("请算一下")).not_to_be_visible()
        page.locator("#id_name").fill("客户张伟")
        page.locator("#id_phone").fill("13900005555")
        customer.presses("提交")
        page.wait_for_url("**/received", timeout=PATIENCE)
    page.goto("/portal/")
    assert page.locator("form[data-proof]").count() == 1
    expect(page.locator("[data-proof-else]")).to_be_hidden()
    assert customer.faults == []


def every_page(up: Up, customer: Customer) -> list[str]:
    """The address of one page of each kind."""
    made = huiyin(
        up.home, "django", "shell", "-v", "0", "-c",
        "from django.utils.timezone import now\nfrom datetime import timedelta\nfrom tests import cast\n"
        "from huiyin.complaints.models import Complaint\n"
        "from huiyin.customers.actions import proving\n"
        "closed, resolved, filed = cast.closed(at=now()), cast.resolved(), cast.filed(email='li@example.com')\n"
        "Complaint.objects.filter(pk=closed.pk).update(closed_at=now())\n"
        "code = proving.issue(customer=filed.customer, ticket='t', at=now())\n"
        "print('\\n'.join(c.tracking_code for c in (closed, resolved, filed)))\n"
        "print(proving.prove(ticket='t', code=code, at=now()))",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    closed, resolved, filed, let_in = made.stdout.split()[-4:]
    customer.page.goto("/portal/find")
    customer.page.locator("#id_contact").fill("nobody@example.com")
    customer.page.locator("main form button").click()
    ticket = customer.page.url.rpartition("/")[2]
    return [
        "/portal/", "/portal/?unit=CTY-E01", "/portal/embed", "/portal/find", f"/portal/find/{ticket}",
        f"/portal/mine/{let_in}", f"/portal/t/{closed}", f"/portal/t/{resolved}", f"/portal/t/{filed}",
        f"/portal/t/{filed}/received", f"/portal/embed/received/{filed}", "/portal/t/none",
    ]  # fmt: skip


@pytest.mark.req("A41")
def test_axe_finds_nothing_on_any_page_and_all_fit_a_phone_and_twice_the_size(up: Up, chromium: Browser) -> None:
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}", viewport=PHONE)
    page = customer.page
    axe = AXE.read_text("utf-8")
    found, wide = [], []
    addresses = every_page(up, customer)
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill("branch")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/desk/")
    addresses.append("/portal/counter")
    for language in ("zh-hans", "en"):
        customer.context.add_cookies([{"name": "django_language", "value": language, "url": customer.address}])
        for address in addresses:
            for scheme in ("light", "dark"):
                page.set_viewport_size(PHONE)
                in_colours(page, scheme)
                page.goto(address)
                page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
                page.evaluate(axe)
                said = page.evaluate("axe.run().then(run => run.violations.map(v => `${v.id}: ${v.nodes[0].html}`))")
                found += [f"{language} {scheme} {address}: {each}" for each in said]
            for size in (PHONE, TWICE_THE_SIZE):
                page.set_viewport_size(size)
                wide += [f"{language} {address} {size['width']}"] if not fits(page) else []
    assert found == []
    assert wide == []


def test_a_code_by_mail_brings_them_back(up: Up, chromium: Browser) -> None:
    huiyin(
        up.home, "django", "shell", "-v", "0", "-c",
        "from tests import cast\nfrom django.utils.timezone import now\n"
        "cast.filed(at=now(), email='back@example.com', phone='13900007777', text='要找回来的事情')",
    )  # fmt: skip
    customer = Customer(chromium, f"http://127.0.0.1:{up.port}", viewport=PHONE)
    customer.page.goto("/portal/find")
    customer.page.get_by_label("登记时留的邮箱").fill("back@example.com")
    customer.presses("发送验证码")
    customer.says("10 分钟内有效")
    wait_for("the code is mailed", lambda: bool(re.search(r"\d{6}", mailed(up.home, "验证码"))))
    [code] = re.findall(r"\b\d{6}\b", mailed(up.home, "验证码"))
    customer.page.get_by_label("验证码").fill(code)
    customer.presses("查看")
    customer.says("要找回来的事情")
    assert customer.faults == []
