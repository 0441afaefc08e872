import pytest

from huiyin.complaints.actions import keeping, noting
from huiyin.complaints.models import Complaint, Mention
from huiyin.complaints.rules import verbs
from tests import cast
from tests.cast import actor, later, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


def sees(name: str) -> bool:
    return Complaint.objects.visible_to(member(name)).exists()


@pytest.mark.req("D22")
def test_the_employee_whom_it_names_and_their_manager_keep_away() -> None:
    complaint = cast.filed(text="李雷在电话里骂人，态度恶劣。")
    assert (sees("agent"), sees("supervisor"), sees("agent2")) == (True, True, True)

    keeping.recuse(complaint, employee=member("agent"), actor=actor("supervisor2"), at=later(minutes=10))

    assert (sees("agent"), sees("supervisor"), sees("agent2"), sees("supervisor2")) == (False, False, True, True)


@pytest.mark.req("D25")
def test_a_confidential_one_is_for_its_assignee_and_those_with_the_right() -> None:
    complaint = cast.filed()
    keeping.assign(complaint, to=member("agent"), actor=actor("reviewer"), at=later(minutes=5))

    keeping.set_confidential(complaint, confidential=True, actor=actor("supervisor"), at=later(minutes=10))

    assert {name: sees(name) for name in ("agent", "agent2", "reviewer", "supervisor", "legal")} == {
        "agent": True, "agent2": False, "reviewer": False, "supervisor": True, "legal": True,
    }  # fmt: skip


def test_only_those_who_may_see_it_are_told_of_a_mention() -> None:
    complaint = cast.filed()

    noting.note(complaint, text="@reviewer @outsider @nobody 请看一下型号", actor=actor("agent"), at=later(minutes=5))

    assert list(Mention.objects.values_list("member__username", flat=True)) == ["reviewer"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@reviewer请今天回电", ["reviewer"]),
        ("请看一下 @reviewer.", ["reviewer"]),
        ("@supervisor2、@reviewer：一起看", ["reviewer", "supervisor2"]),
        ("写信到 a@reviewer.com，或 @reviewers", []),
    ],
)
def test_a_mention_is_found_where_the_sentence_goes_on(text: str, told: list[str]) -> None:
    noting.note(cast.filed(), text=text, actor=actor("agent"), at=later(minutes=5))

    assert sorted(Mention.objects.values_list("member__username", flat=True)) == told


def test_a_member_is_shown_their_own_moves_and_no_others() -> None:
    complaint = cast.filed()

    shown = {
        name: [verb.name for verb in verbs(complaint, member(name))] for name in ("reviewer", "auditor", "analyst")
    }

    assert shown["reviewer"][:4] == ["take_up", "review", "return_intake", "merge"]
    assert "review" not in shown["auditor"]
    assert shown["analyst"] == []
