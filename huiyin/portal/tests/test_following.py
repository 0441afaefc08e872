import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.complaints.actions import closing, replying, waiting
from huiyin.complaints.models import Complaint, Event, Letter, Note
from huiyin.complaints.models.complaint import Outcome
from huiyin.complaints.states import CUSTOMER_STAGE, State
from huiyin.portal import stages
from huiyin.portal.tests.visiting import act, number_of, photo
from tests import cast
from tests.cast import actor, later, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]


def page_of(client: Client, complaint: Complaint) -> str:
    response = client.get(f"/portal/t/{complaint.tracking_code}")
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.req("D23", "D31")
def test_progress_is_told_in_customer_words_with_promise_and_unit_and_no_private_name(client: Client) -> None:
    [order] = cast.dispatched(None, "QM")
    complaint = order.complaint

    page = page_of(client, complaint)

    assert "核查中" in page
    assert "客户服务中心" in page
    assert order.unit.name in page
    assert timezone.localtime(complaint.due_at).strftime("%H:%M") in page
    for private in ("李雷", "陈静", "杨帆", order.number, "13900001111"):
        assert private not in page


def test_every_state_has_a_stage_and_a_sentence() -> None:
    for state in set(State) - {State.DRAFT}:
        assert stages.now(state) == str(CUSTOMER_STAGE[state])
        assert stages.meaning(state)
        assert [step.stage for step in stages.steps(state)].count("current") in {0, 1}
    assert [step.stage for step in stages.steps(State.CLOSED)] == ["done"] * 5
    assert stages.steps(State.WITHDRAWN) == []


def test_letters_are_shown_and_notes_among_ourselves_are_not(client: Client) -> None:
    complaint = cast.filed()
    replying.send(
        complaint,
        channel=Letter.Channel.PHONE,
        body="您好，我们已约好师傅明天上门检测。",
        is_final=False,
        actor=actor("agent"),
        at=later(minutes=30),
    )
    replying.send(
        complaint,
        channel=Letter.Channel.PHONE,
        body="响了八声，对方挂断。",
        is_final=False,
        reached=False,
        actor=actor("agent"),
        at=later(minutes=40),
    )
    replying.draft(complaint, channel=Letter.Channel.EMAIL, body="草稿里的话", actor=actor("agent"), at=later(hours=1))
    Note.objects.create(complaint=complaint, text="这位客户很难缠", created_at=later(hours=1))

    page = page_of(client, complaint)

    assert "师傅明天上门检测" in page
    assert "没有联系上" in page
    for ours in ("对方挂断", "草稿里的话", "难缠"):
        assert ours not in page


def test_the_customer_adds_words_and_photos(client: Client) -> None:
    complaint = cast.filed()

    response = act(client, complaint, "addition", "a", text="今天又跳闸了。", photos=[photo()])

    assert response.status_code == 303
    assert list(complaint.notes.values_list("kind", "text")) == [("customer", "今天又跳闸了。")]
    assert complaint.attachments.get().is_from_customer
    page = page_of(client, complaint)
    assert "今天又跳闸了。" in page
    assert "插头.png" in page


def test_an_addition_takes_up_what_waited_for_the_customer(client: Client) -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    waiting.pause(complaint, reason="请客户提供发票", actor=actor("agent"), at=later(hours=1))
    assert "待您回复" in page_of(client, complaint)

    act(client, complaint, "addition", "a", text="发票号 12345")

    complaint.refresh_from_db()
    assert complaint.state == State.IN_PROGRESS
    last = complaint.events.order_by("seq").last()
    assert last is not None
    assert (last.kind, last.actor_kind) == (Event.Kind.RESUMED, "customer")


def test_the_customer_accepts_and_it_is_closed(client: Client) -> None:
    complaint = cast.resolved()

    response = act(client, complaint, "acceptance", "y", outcome="acceptable")

    complaint.refresh_from_db()
    assert response.status_code == 303
    assert (complaint.state, complaint.outcome) == (State.CLOSED, "acceptable")


def test_the_customer_does_not_accept_and_it_begins_again(client: Client) -> None:
    complaint = cast.resolved()

    response = act(client, complaint, "rejection", "n", reason="换来的还是坏的。")

    complaint.refresh_from_db()
    assert response.status_code == 303
    assert (complaint.state, complaint.reopened_count) == (State.REOPENED, 1)
    assert Event.Kind.REJECTED in complaint.events.values_list("kind", flat=True)
    assert "重新核查中" in page_of(client, complaint)


def test_a_closed_one_comes_back_within_thirty_days_and_not_after(client: Client) -> None:
    complaint = cast.closed()
    Complaint.objects.filter(pk=complaint.pk).update(closed_at=timezone.now())
    assert act(client, complaint, "rejection", "n", reason="又坏了。").status_code == 303

    Complaint.objects.filter(pk=complaint.pk).update(state=State.CLOSED, closed_at=timezone.now() - timedelta(days=31))
    assert "n-form" not in page_of(client, complaint)


def test_the_customer_withdraws_with_a_reason(client: Client) -> None:
    complaint = cast.filed()

    assert act(client, complaint, "withdrawal", "w", reason="").status_code == 422
    assert act(client, complaint, "withdrawal", "w", reason="已经自己修好了。").status_code == 303

    complaint.refresh_from_db()
    assert complaint.state == State.WITHDRAWN
    page = page_of(client, complaint)
    assert "已撤回" in page
    assert "a-form" not in page


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client) -> None:
    complaint = cast.filed()

    empty = act(client, complaint, "addition", "a", text=" ")
    bad_file = act(client, complaint, "addition", "a", text="看照片", photos=[photo("a.png", b"<html>")])

    assert (empty.status_code, bad_file.status_code) == (422, 422)
    assert "看照片" in bad_file.content.decode()
    assert complaint.notes.count() == 0


def test_sending_the_same_form_twice_does_it_once(client: Client) -> None:
    complaint = cast.filed()
    here = f"/portal/t/{complaint.tracking_code}"
    given = {"a-form": number_of(page_of(client, complaint), "a-form"), "a-text": "补充一句"}

    codes = [client.post(f"{here}/addition", given).status_code for _twice in range(2)]

    assert codes == [303, 303]
    assert complaint.notes.count() == 1


def test_who_comes_too_late_sees_how_it_stands_now(client: Client) -> None:
    complaint = cast.resolved()
    here = f"/portal/t/{complaint.tracking_code}"
    number = number_of(page_of(client, complaint), "y-form")
    closing.accept(complaint, outcome=Outcome.SATISFIED, at=later(days=1))

    response = client.post(f"{here}/acceptance", {"y-form": number, "y-outcome": "satisfied"})

    assert response.status_code == 409
    assert "没有执行" in response.content.decode()
    assert "已完成" in response.content.decode()


def test_a_flood_on_one_link_is_stopped(client: Client) -> None:
    complaint = cast.filed()
    codes = [act(client, complaint, "addition", "a", text=f"第 {n} 句").status_code for n in range(31)]

    assert codes == [303] * 30 + [429]
    assert complaint.notes.count() == 30


@pytest.mark.parametrize("code", ["x", "0" * 24, "%00", "..%2f..", "长" * 30, "a" * 500])
def test_a_code_that_is_none_says_nothing(client: Client, code: str) -> None:
    cast.filed()

    assert client.get(f"/portal/t/{code}").status_code == 404
    assert client.post(f"/portal/t/{code}/withdrawal", {"w-reason": "x"}).status_code == 404
    assert Complaint.objects.get().state == State.RECEIVED


def test_guessing_codes_is_slowed_down(client: Client) -> None:
    codes = [client.get(f"/portal/t/guess{n}").status_code for n in range(61)]

    assert codes == [404] * 60 + [429]


def test_a_page_takes_the_same_few_statements(client: Client, django_assert_max_num_queries: object) -> None:
    order, _other = cast.dispatched(None, "QM", "LOG")

    with django_assert_max_num_queries(10):  # type: ignore[operator]  # pytest-django types it as a fixture only
        page_of(client, order.complaint)


def test_what_happened_is_told_with_times_and_without_what_is_ours(client: Client) -> None:
    complaint = cast.resolved()
    Note.objects.create(complaint=complaint, text="这位客户很难缠", created_at=later(hours=8))

    page = page_of(client, complaint)
    told = re.findall(r'portal-mile">([^<]+)<', page)

    assert told == [
        "已答复您，请您确认是否认可",
        "处理方案已确定，正在准备答复您",
        "核查已有结果，正在确认每个问题都有答复",
        "质量管理部已完成核查",
        "质量管理部已接收",
        "已交给质量管理部核查",
        "情况核对完毕，正在安排负责的部门",
        "客服人员开始核对情况",
        "已收到您反映的情况",
    ]
    for private in ("难缠", "虚焊，已安排换新", "李雷", "陈静", "杨帆"):
        assert private not in page


def test_a_late_promise_is_admitted(client: Client) -> None:
    complaint = cast.filed()
    Complaint.objects.filter(pk=complaint.pk).update(due_at=timezone.now() - timedelta(hours=3))

    assert "已超过承诺时间，很抱歉" in page_of(client, complaint)


def test_what_we_asked_stands_over_the_form_until_it_is_answered(client: Client) -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    replying.send(
        complaint, channel=Letter.Channel.PORTAL, body="请问购机发票上的日期是哪一天？", is_final=False, ask=True,
        actor=actor("agent"), at=later(hours=1),
    )  # fmt: skip
    assert "我们想问您：" in page_of(client, complaint)

    act(client, complaint, "addition", "a", text="11 月 14 日")

    assert "我们想问您：" not in page_of(client, complaint)


def test_who_rates_is_thanked_once_and_few_stars_are_told_to_the_desk(client: Client) -> None:
    complaint = cast.closed()
    Complaint.objects.filter(pk=complaint.pk).update(closed_at=timezone.now())
    here = f"/portal/t/{complaint.tracking_code}/rating"
    twice = {"r-form": number_of(page_of(client, complaint), "r-form"), "r-stars": "2"}

    assert act(client, complaint, "rating", "r", words="等了太久").status_code == 422
    response = act(client, complaint, "rating", "r", stars="2", words="等了太久")
    again = client.post(here, twice | {"r-stars": "5"})

    assert (response.status_code, again.status_code) == (303, 409)
    [answer] = complaint.answers.all()
    assert (answer.stars, answer.words, answer.via) == (2, "等了太久", "portal")
    last = complaint.events.order_by("seq").last()
    assert last is not None
    assert (last.kind, last.actor_kind, last.particulars["stars"], last.particulars["is_low"]) == (
        Event.Kind.RATED, "customer", 2, True,
    )  # fmt: skip
    page = page_of(client, complaint)
    assert "r-form" not in page
    assert "等了太久" in page
    desk = Client()
    desk.force_login(member("supervisor"), backend="django.contrib.auth.backends.ModelBackend")
    seen = desk.get(f"/desk/complaints/{complaint.number}").content.decode()
    assert "★★☆☆☆ 客户不满意，请尽快回访" in seen
    assert "等了太久" in seen
    complaint.refresh_from_db()
    assert complaint.state == State.CLOSED


def test_what_is_not_over_is_not_rated(client: Client) -> None:
    complaint = cast.resolved()
    number = number_of(page_of(client, complaint), "y-form")

    response = client.post(f"/portal/t/{complaint.tracking_code}/rating", {"r-form": number, "r-stars": "5"})

    assert response.status_code == 409
    assert complaint.answers.count() == 0


def test_a_pause_is_told_by_its_reason_and_asks_only_where_something_is_needed(client: Client) -> None:
    [order] = cast.dispatched()
    complaint = Complaint.objects.get(pk=order.complaint_id)
    told, asked = cast.informed(complaint, at=later(hours=1)), cast.informed(complaint, at=later(hours=2))
    agent, supervisor = actor("agent"), actor("supervisor")
    waiting.pause(complaint, reason="送检", code="WAIT_LAB", evidence=told, actor=agent, at=later(hours=1))
    waiting.pause(
        complaint, reason="工厂停电", code="FORCE_MAJ", review=later(days=7), actor=supervisor, at=later(hours=2)
    )
    waiting.pause(complaint, reason="出差", code="CUST_DEFER", evidence=asked, actor=agent, at=later(hours=3))

    page = page_of(client, complaint)

    for words in ("送第三方检测鉴定，等待结果", "遇到不可抗力，暂停处理", "按您的要求延后处理", "计时已暂停"):
        assert words in page
    assert "您要求延后处理，到时我们会继续。" in page
    for wrong in ("等待您的回复", "待您回复", "请在下面填写", "已超过承诺时间"):
        assert wrong not in page
    english = client.get(f"/portal/t/{complaint.tracking_code}", headers={"accept-language": "en"})
    assert "With an independent laboratory" in str(english.content.decode())
    waiting.pause(complaint, reason="请补照片", actor=actor("agent"), at=later(hours=4))
    assert "请在下面填写" in page_of(Client(), complaint)
