"""A customer's data goes: also what was written of their behaviour, and what was half-written about them."""

import pytest

from huiyin.channels.models import ChatMessage, ChatRobot
from huiyin.complaints.actions import drafting, erasing, guiding
from huiyin.complaints.models import Draft, Guidance
from huiyin.customers.actions.erasing import AlreadyErased, MayNotErase
from huiyin.customers.models import Customer
from huiyin.org.actors import SYSTEM
from tests import cast
from tests.cast import MONDAY, actor, later, member

pytestmark = pytest.mark.django_db
WORDS = "客户张伟说：我要到你们楼下拉横幅。"


@pytest.mark.parametrize(
    ("typed", "hours", "is_left"),
    [
        ("号码 139 0000-1111，稍后回电", 1, False),
        ("１３９００００１１１１", 1, False),
        ("客户张 伟来电", 1, False),
        ("另一位，13700000001", 1, True),
        ("另一位，13700000001", 25, False),
    ],
)
def test_a_registration_half_written_goes_however_the_customer_is_written_in_it_or_when_it_is_old(
    typed: str, hours: int, is_left: bool
) -> None:
    cast.company()
    complaint = cast.filed()
    values = {"text": [typed], "phone": [""]}
    drafting.keep(
        member=member("agent"), form=Draft.Form.INTAKE, complaint=None, values=values, seen_seq=None, at=MONDAY
    )

    erasing.erase(complaint.customer, actor=SYSTEM, at=later(hours=hours))

    assert Draft.objects.exists() is is_left


@pytest.mark.req("D25")
def test_with_the_customer_go_the_evidence_of_their_behaviour_and_the_drafts_about_them() -> None:
    cast.company()
    complaint, other = cast.reviewed(), cast.filed(phone="13700000001", name="另一位")
    guidance = guiding.begin(complaint, method="SC-2", evidence=WORDS, actor=actor("agent"), at=later(minutes=30))
    for form, about, text in (
        (Draft.Form.NOTE, complaint, "张伟又来电"),
        (Draft.Form.NOTE, other, "别人的"),
        (Draft.Form.INTAKE, None, "13900001111 又打来"),
    ):
        drafting.keep(
            member=member("agent"), form=form, complaint=about, values={"text": [text]}, seen_seq=1, at=MONDAY
        )
    with pytest.raises(MayNotErase):
        erasing.erase(complaint.customer, actor=actor("supervisor"), at=later(days=1))
    assert (Guidance.objects.get().evidence, Draft.objects.count()) == (WORDS, 3)

    erasing.erase(complaint.customer, actor=SYSTEM, at=later(days=1))

    guidance.refresh_from_db()
    assert (guidance.evidence, guidance.is_special) == ("（已抹除）", True)
    assert [draft.complaint for draft in Draft.objects.all()] == [other]
    with pytest.raises(AlreadyErased):
        erasing.erase(complaint.customer, actor=SYSTEM, at=later(days=1))


@pytest.mark.req("D25")
def test_what_was_written_in_the_chat_of_or_by_the_customer_and_waits_goes_and_nothing_else() -> None:
    cast.company()
    complaint, other = cast.filed(), cast.filed(phone="13700000001", name="另一位")
    Customer.objects.filter(pk=complaint.customer_id).update(external_id="wx-zhang")
    complaint.customer.refresh_from_db()
    robot = ChatRobot.objects.create(name="客诉群", secret="app-secret-0123456789")
    waiting = [
        ("", "no_number", "张 伟的号码是 139-0000-1111"), ("", "no_member", "打了１３９００００１１１１没人接"),
        (complaint.number, "hidden", "他要来楼下"), ("", "no_number", "WX-Zhang 又找我"),
        ("", "empty", "等我回家", "wx-zhang"),
        (other.number, "hidden", "另一位的事"), ("", "no_number", "主板虚焊"), (complaint.number, "noted", ""),
    ]  # fmt: skip
    for place, (number, outcome, text, *sender) in enumerate(waiting):
        ChatMessage.objects.create(
            robot=robot, message_id=f"m{place}", signature=f"s{place}", sender=sender[0] if sender else "handler",
            number=number, text=text, received_at=MONDAY, outcome=outcome,
        )  # fmt: skip

    erasing.erase(complaint.customer, actor=SYSTEM, at=later(hours=1))

    assert [row.text for row in ChatMessage.objects.order_by("pk")] == ["另一位的事", "主板虚焊", ""]
