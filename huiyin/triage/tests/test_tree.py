"""The tree is kept: leaves are closed with a successor, changed on record, and never deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Member, Unit
from huiyin.triage import errors, queries
from huiyin.triage.actions import closing, growing
from huiyin.triage.grading import grade
from huiyin.triage.models import Category, ElementSet, TreeChange

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def leaf(code: str) -> Category:
    return Category.objects.get(code=code)


@pytest.fixture
def administrator() -> Actor:
    unit = Unit.objects.get(code="CC")
    return Actor.of(Member.objects.create(username="hanmeimei", name="韩梅梅", unit=unit, roles=["admin"]))


@pytest.mark.req("A56")
def test_a_closed_leaf_keeps_its_row_and_names_its_successor(administrator: Actor, at: datetime) -> None:
    closing.close_leaf(leaf("LG-08"), successor=leaf("LG-01"), actor=administrator, at=at)
    closed = leaf("LG-08")
    assert closed.successor == leaf("LG-01")
    assert (closed.is_current(at - timedelta(seconds=1)), closed.is_current(at)) == (False, False)
    assert not Category.objects.leaves().current(at).filter(code="LG-08").exists()
    change = TreeChange.objects.get()
    assert (change.category, change.kind, change.after, change.made_by, change.made_at) == (
        closed,
        "closed",
        {"successor": "LG-01"},
        administrator.member,
        at,
    )


@pytest.mark.req("A56")
def test_old_figures_are_restated_on_the_leaf_that_stands_for_them_today(at: datetime) -> None:
    closing.close_leaf(leaf("LG-08"), successor=leaf("LG-01"), actor=SYSTEM, at=at)
    closing.close_leaf(leaf("LG-01"), successor=leaf("LG-14"), actor=SYSTEM, at=at + timedelta(days=1))
    assert queries.successors() == {"LG-08": "LG-14", "LG-01": "LG-14"}


@pytest.mark.req("A56")
def test_a_leaf_is_not_closed_without_a_successor() -> None:
    row = leaf("LG-08")
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(pk=row.pk).update(valid_to=row.valid_from)
    assert leaf("LG-08").valid_to is None


@pytest.mark.req("A56")
def test_a_leaf_is_never_deleted() -> None:
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        leaf("LG-08").delete()
    assert leaf("LG-08").name_zh == "物流信息停滞"


@pytest.mark.parametrize(
    ("code", "successor", "refusal"),
    [
        ("LG", "LG-01", errors.NotALeaf),
        ("LG-08", "LG", errors.NotALeaf),
        ("LG-08", "LG-08", errors.SuccessorIsItself),
        ("SG-05", "LG-08", errors.StillNeeded),
        ("LG-02", "LG-08", errors.AlreadyClosed),
        ("LG-08", "LG-02", errors.SuccessorNotCurrent),
    ],
)
def test_what_cannot_be_closed_stays_open(code: str, successor: str, refusal: type[Exception], at: datetime) -> None:
    closing.close_leaf(leaf("LG-02"), successor=leaf("LG-01"), actor=SYSTEM, at=at)
    before = list(Category.objects.order_by("pk").values())
    with pytest.raises(refusal):
        closing.close_leaf(leaf(code), successor=leaf(successor), actor=SYSTEM, at=at + timedelta(hours=1))
    assert list(Category.objects.order_by("pk").values()) == before


@pytest.mark.req("A56")
def test_merged_leaves_are_recognised_as_the_one_that_stands_for_them(at: datetime) -> None:
    closing.merge_leaves([leaf("LG-08"), leaf("LG-02")], into=leaf("LG-01"), actor=SYSTEM, at=at)
    assert {row.code for row in leaf("LG-01").predecessors.all()} == {"LG-02", "LG-08"}
    texts = ("物流信息五天没更新，一直停在中转站", "快递寄丢了")
    assert [grade(text, book=queries.book()).category for text in texts] == ["LG-01", "LG-01"]


def test_a_merger_that_fails_half_way_closes_nothing(at: datetime) -> None:
    with pytest.raises(errors.SuccessorIsItself):
        closing.merge_leaves([leaf("LG-08"), leaf("LG-01")], into=leaf("LG-01"), actor=SYSTEM, at=at)
    assert leaf("LG-08").valid_to is None


def test_a_new_leaf_is_recognised_by_its_keywords_at_once(administrator: Actor, at: datetime) -> None:
    queries.book()
    made = growing.open_leaf(
        leaf("SP"),
        code="SP-20",
        name_zh="预约平台故障",
        owner=Unit.objects.get(code="IT"),
        element_set=ElementSet.objects.get(code="E-SVC"),
        severity=3,
        complexity="S",
        issue_class="tech",
        keywords=["预约小程序^3"],
        actor=administrator,
        at=at,
    )
    assert made.position == leaf("SP-19").position + 1
    assert grade("预约小程序点不动", book=queries.book()).category == "SP-20"
    assert TreeChange.objects.get().after["owner"] == "IT"


def test_a_leaf_under_a_leaf_is_refused(at: datetime) -> None:
    with pytest.raises(errors.NotAGroup):
        growing.open_leaf(
            leaf("SP-01"),
            code="SP-01-1",
            name_zh="再细分",
            owner=Unit.objects.get(code="CC"),
            element_set=ElementSet.objects.get(code="E-SVC"),
            severity=3,
            complexity="S",
            issue_class="general",
            actor=SYSTEM,
            at=at,
        )
    assert not Category.objects.filter(code="SP-01-1").exists()


def test_an_amendment_is_on_record_with_old_and_new(administrator: Actor, at: datetime) -> None:
    growing.amend(leaf("LG-01"), severity=2, owner=Unit.objects.get(code="SCM"), actor=administrator, at=at)
    assert (leaf("LG-01").severity, leaf("LG-01").owner_code) == (2, "SCM")
    change = TreeChange.objects.get()
    assert (change.before, change.after) == ({"owner": "LOG", "severity": 3}, {"owner": "SCM", "severity": 2})


@pytest.mark.parametrize("field", ["code", "parent", "valid_to", "successor", "default_digest"])
def test_what_makes_a_leaf_this_leaf_is_not_amended(field: str, at: datetime) -> None:
    with pytest.raises(errors.NotAmendable, match=field):
        growing.amend(leaf("LG-01"), actor=SYSTEM, at=at, **{field: None})


def test_an_impossible_level_is_refused(at: datetime) -> None:
    with pytest.raises(ValidationError):
        growing.amend(leaf("LG-01"), severity=5, actor=SYSTEM, at=at)
    assert leaf("LG-01").severity == 3


def test_the_record_of_changes_is_not_rewritten(at: datetime) -> None:
    closing.close_leaf(leaf("LG-08"), successor=leaf("LG-01"), actor=SYSTEM, at=at)
    with pytest.raises(DatabaseError, match="never deleted or rewritten"), transaction.atomic():
        TreeChange.objects.update(kind="opened")
    with pytest.raises(DatabaseError, match="never deleted or rewritten"), transaction.atomic():
        TreeChange.objects.all().delete()
    assert TreeChange.objects.get().kind == "closed"


def test_the_tree_is_seen_by_every_active_member(administrator: Actor) -> None:
    member = administrator.member
    assert member is not None
    assert Category.objects.visible_to(member).leaves().count() == 103
    member.is_active = False
    assert Category.objects.visible_to(member).count() == 0


def test_an_agent_may_not_change_the_tree(at: datetime) -> None:
    unit = Unit.objects.get(code="CC")
    agent = Actor.of(Member.objects.create(username="lilei", name="李雷", unit=unit, roles=["frontline"]))
    before = list(Category.objects.order_by("pk").values())
    with pytest.raises(errors.MayNotConfigure):
        closing.close_leaf(leaf("LG-08"), successor=leaf("LG-01"), actor=agent, at=at)
    with pytest.raises(errors.MayNotConfigure):
        growing.amend(leaf("LG-01"), severity=1, actor=agent, at=at)
    assert list(Category.objects.order_by("pk").values()) == before
