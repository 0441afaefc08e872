"""Steps 1 to 10 of a complaint's life in real browsers against the whole running product: seven members and the
customer, one order declined and re-dispatched, another sent back once, reopening on the portal, second closure."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.running import Up, huiyin, wait_for
from tests.stories.browsing import PASSWORD, PATIENCE, Person, Visitor, choose, group

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]

TEXT = "上周六在旗舰店买的星桥电饭煲，用了三次就不通电，指示灯不亮。打了两次电话都说会回电，到现在没有人联系我。"
BROKEN, NO_CALL = "电饭煲不通电", "没有人回电"
THE_RECORD = """
受理登记 开始复核 复核通过，工单生效 派单 派单 退单（非本部门） 派单
签收 开始处理 处理完成 审核不合格，重派 派单 签收 开始处理 处理完成 审核通过
签收 开始处理 处理完成 进入审核 审核通过 审核完成，待反馈 致客户的最终答复（电子邮件）
客户不认可 重开 派单 签收 开始处理 处理完成 进入审核 审核通过 审核完成，待反馈 致客户的最终答复（电子邮件）
客户认可 结案
"""
MAKE_COMPANY = f"""
from django.utils.timezone import now
from huiyin.org.actions import demo_members
from huiyin.org.actions.loading import load_demo_units
load_demo_units(at=now())
demo_members.make(password={PASSWORD!r}, at=now())
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """The product with the demo company's units and members, and not a complaint yet.

    Not below pytest's own folder, which another run of pytest would close to the database's account.
    """
    folder = Path(tempfile.mkdtemp(prefix="huiyin-story-"))
    running = Up(prepared(folder / "home"), HUIYIN_UNDO_SECONDS="0")  # a mail goes at once: nobody waits here
    try:
        running.wait_until_ready()
        made = huiyin(running.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY)
        assert made.returncode == 0, made.stderr
        yield running
    finally:
        running.end()
        shutil.rmtree(folder, ignore_errors=True)


class Cast:
    """Each person signs in when they first have something to do, and stays."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.here: dict[str, Person] = {}

    def __call__(self, username: str, number: str = "") -> Person:
        """The person, with that complaint open and fresh before them."""
        if username not in self.here:
            self.here[username] = Person(self.browser, self.address, username)
        if number:
            self.here[username].open(number)
        return self.here[username]


def taken_in(agent: Person) -> str:
    """1, 2: The agent fills in the form while the customer is on the telephone; returns the number given."""
    page = agent.page
    page.goto("/desk/complaints/new")
    page.get_by_label("联系电话").fill("13900001111")
    page.get_by_label("投诉人姓名").fill("客户张伟")
    page.get_by_label("电子邮箱").fill("zhangwei@example.com")
    page.get_by_label("投诉内容（客户原话）").fill(TEXT)
    page.get_by_label("客户期望").fill("换一台新的，并说明为什么没有回电。")
    group(page.locator("form[data-timer]"), "情绪等级").get_by_label("3 焦虑").check()
    choose(page.get_by_label("受理类型"), "PQ-01")
    expect(page.locator("#elements")).to_contain_text("产品名称", timeout=PATIENCE)
    answer_elements(agent)
    page.get_by_role("button", name="提交受理单").click()
    agent.says("已受理，投诉编号")
    found = re.search(r"TS\d{8}-\d+", page.url)
    assert found, page.url
    return found.group()


def answer_elements(agent: Person) -> None:
    """Whatever the category requires to be known, is asked and answered."""
    for field in agent.page.locator("#elements .field").filter(has_text="必填").all():
        box = field.locator("input, select, textarea").first
        match box.evaluate("box => box.tagName + ':' + box.type"):
            case "SELECT:select-one":
                box.select_option(index=1)
            case "INPUT:datetime-local":
                box.fill("2026-11-14T10:30")
            case "INPUT:date":
                box.fill("2026-11-14")
            case "INPUT:radio" | "INPUT:checkbox":
                box.check()
            case "INPUT:number":
                box.fill("1")
            case _:
                box.fill("XQ20261114-001")


def reviewed_and_dispatched(reviewer: Person) -> None:
    """3, 4: Two issues; one unit for each."""
    reviewer.press("开始复核", then="已由您复核。")
    form = reviewer.opens("复核通过")
    group(form, "投诉等级").get_by_label("三级").check()
    form.get_by_label("问题点（每行一个）").fill(f"{BROKEN}\n{NO_CALL}")
    form.get_by_label("复核意见").fill("只涉及一台产品，按三级处理。")
    reviewer.sends(form, "复核通过", then="复核通过，工单生效。")
    form = reviewer.opens("派单")
    form.get_by_text("再派一个单位（第 2 张工单）").click()
    for row, (unit, other) in enumerate((("质量管理部", NO_CALL), ("储运物流部", BROKEN))):
        choose(form.get_by_label("承办单位").nth(row), unit)
        group(form, "负责的问题点").nth(row).get_by_label(other).uncheck()
    reviewer.sends(form, "派单", then="工单已派出。")


def handled(handler: Person, unit: str, *issues: str, findings: str) -> None:
    """5, 6: Signed for, and every point of the order answered."""
    handler.press("签收", on=handler.order(unit, state="已派单（待签收）"), then="已签收。")
    form = handler.opens("处理完成", on=handler.order(unit, state="已签收"))
    form.get_by_label("处理内容").fill(findings)
    form.get_by_label("处理结果").fill("已换新")
    for issue in issues:
        form.get_by_label(issue).fill(f"{issue}：{findings}")
    handler.sends(form, "处理完成", then="处理完成，等待审核。")


def passed(auditor: Person, unit: str) -> None:
    auditor.press("审核通过", on=auditor.order(unit, state="处理完成（待审核）"), then="审核通过。")


def answered(agent: Person, body: str) -> None:
    """9: The customer gets the answer by e-mail."""
    form = agent.opens("反馈客户")
    group(form, "用途").get_by_label("最终答复").check()
    choose(form.get_by_label("投诉原因"), "产品质量")
    group(form, "方式").get_by_label("电子邮件").check()
    form.get_by_label("主题").fill("您的投诉的处理结果")
    put_in_a_script(form)
    form.get_by_label("正文").fill(body)
    agent.sends(form, "反馈客户", then="已反馈客户。")


def put_in_a_script(form: Locator) -> None:
    """A script goes into the letter without the mouse: as a mail, signed, with what is still open to be typed over."""
    form.locator("summary").filter(has_text="话术").press("Enter")
    form.get_by_role("button", name="插入“给出多个方案”").press("Enter")
    text = form.get_by_label("正文")
    expect(text).to_have_value(re.compile("尊敬的客户张伟：.*一是【待填：方案一】.*李雷$", re.DOTALL))
    assert text.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "【待填：方案一】"


def mails(home: Path) -> dict[str, str]:
    """What went out to the customer so far, by subject."""
    found = {}
    for file in sorted((home / "outbox").glob("*")):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body()
        found[str(mail["Subject"])] = str(body.get_content()) if body else ""
    return found


def mailed(home: Path, subject: str) -> str:
    """The body of the mail with this in its subject, as soon as the worker has sent it."""

    def matching() -> list[str]:
        return [body for title, body in mails(home).items() if subject in title]

    wait_for(f"a mail “{subject}” went out", lambda: bool(matching()), patience=30)
    return matching()[-1]


@pytest.mark.req("A16", "A21", "A26", "A33", "A35", "A47", "A51", "A52", "A55", "B24", "B56")
def test_a_complaint_goes_through_every_hand_and_comes_to_an_accepted_answer(up: Up, chromium: Browser) -> None:
    cast = Cast(chromium, f"http://127.0.0.1:{up.port}")
    number = taken_in(cast("agent"))
    reviewed_and_dispatched(cast("reviewer", number))

    logistics = cast("handler2", number)
    form = logistics.opens("退单", on=logistics.order("储运物流部", state="已派单（待签收）"))
    form.get_by_label("为什么不属于本单位").fill("回电由营业部负责，非我部门。")
    logistics.sends(form, "退单", then="已退单，退回派单人。")
    assert not logistics.finds(number)

    reviewer = cast("reviewer", number)
    form = reviewer.opens("重新派单", on=reviewer.order("储运物流部", state="被退回"))
    choose(form.get_by_label("改派单位"), "临江县营业部")
    reviewer.sends(form, "重新派单", then="已改派。")

    handled(cast("handler", number), "质量管理部", BROKEN, findings="主板电源模块虚焊，已安排换新。")
    auditor = cast("auditor", number)
    form = auditor.opens("不合格，重派", on=auditor.order("质量管理部", state="处理完成（待审核）"))
    form.get_by_label("哪里不合格，须补什么").fill("没有说明换新的时间。")
    auditor.sends(form, "不合格，重派", then="审核不合格，已重派原单位。")
    handled(cast("handler", number), "质量管理部", BROKEN, findings="主板电源模块虚焊，换新件三天内送到。")
    passed(cast("auditor", number), "质量管理部")
    handled(cast("branch", number), "临江县营业部", NO_CALL, findings="值班员漏记回电，已致歉并整改。")
    passed(cast("auditor", number), "临江县营业部")

    answered(cast("agent", number), "您好，我是客服李雷。核查结果是主板虚焊，换新件三天内送到。给您添麻烦了。")
    link = re.search(r"http\S+/portal/t/\S+", mailed(up.home, f"投诉已受理：{number}"))
    assert link
    customer = Visitor(chromium, cast.address)
    customer.page.goto(link.group())
    customer.says("换新件三天内送到")
    customer.page.get_by_text("不认可，请重新处理").click()
    customer.page.get_by_label("哪里不认可，您希望怎样").fill("换来的新机还是不通电。")
    customer.page.get_by_role("button", name="提交，重新处理").click()
    customer.says("会由另一位同事重新处理")

    supervisor = cast("supervisor", number)
    supervisor.says("换来的新机还是不通电。")
    form = supervisor.opens("重新派单")
    choose(form.get_by_label("承办单位").first, "储运物流部")
    supervisor.sends(form, "重新派单", then="工单已重新派出。")
    handled(cast("handler2", number), "储运物流部", BROKEN, NO_CALL, findings="换新件在运输中受损，已专车另送一台。")
    passed(cast("auditor", number), "储运物流部")
    answered(cast("agent", number), "您好，新机在运输中受损，已专车另送一台，请您当面试机。")

    customer.page.goto(link.group())
    customer.says("已专车另送一台")
    customer.page.get_by_label("满意").first.check()
    customer.page.get_by_role("button", name="认可，办结").click()
    customer.says("这件事已办结")

    agent = cast("agent", number)
    agent.says("已结案")
    assert " ".join(agent.timeline) == " ".join(THE_RECORD.split())
    for name in ("李雷", "陈静", "秦勇", "杨帆", "褚明", "许佳", "韩梅梅"):
        expect(agent.page.locator("#record")).to_contain_text(name)
    verified = huiyin(up.home, "audit", "verify")
    assert (verified.returncode, "1 条链" in verified.stdout) == (0, True), verified.stdout + verified.stderr
    assert [fault for person in [*cast.here.values(), customer] for fault in person.faults] == []
