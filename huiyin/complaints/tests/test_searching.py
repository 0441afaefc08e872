"""What is typed finds its complaints, whether the word is rare or in every second one."""

import pytest

from huiyin.complaints import searching
from huiyin.complaints.models import Complaint
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


@pytest.fixture(params=["rare", "common by count", "common by statistics"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The three ways by which a word may be looked for."""
    if request.param != "rare":
        monkeypatch.setattr(searching, "FEW", 0)
    if request.param == "common by statistics":
        monkeypatch.setattr(searching, "_is_common", lambda literal: True)
    return str(request.param)


def found(typed: str) -> set[str]:
    return set(searching.matching(Complaint.objects.all(), typed).values_list("number", flat=True))


@pytest.mark.usefixtures("way")
def test_words_codes_and_contacts_are_found_and_nothing_else() -> None:
    leak = cast.filed(
        text="洗衣机漏水，T恤也湿了。", order_no="DD-20981", phone="13800138000", email="zhang@example.com"
    )
    noise = cast.filed(text="空调噪音很大，客服不回电。", name="张大山", phone="13900002222")
    for typed in (
        "漏水",
        "洗衣机 漏水",
        "T恤",
        "dd-20981",
        "13800138000",
        "+86 138-0013-8000",
        "Zhang@example.com",
    ):
        assert found(typed) == {leak.number}, typed
    assert found("噪音") == found("张大山") == {noise.number}
    assert found("退款") == found("漏水 噪音") == found("13800138001") == found("，。") == set()


@pytest.mark.usefixtures("way")
def test_work_orders_are_found_by_the_words_of_their_complaint() -> None:
    [order] = cast.dispatched()
    cast.filed(text="空调噪音很大。", phone="13900002222")
    assert list(searching.matching(type(order).objects.all(), "电饭煲", prefix="complaint__")) == [order]
    assert not searching.matching(type(order).objects.all(), "空调", prefix="complaint__").exists()
