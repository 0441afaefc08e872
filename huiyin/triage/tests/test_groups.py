"""大类: opened, closed and opened again; leaves move between them and stand in an order that somebody chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from huiyin.org.actors import SYSTEM, Actor
from huiyin.org.models import Change, Member, Unit
from huiyin.triage import errors, queries
from huiyin.triage.actions import closing, grouping
from huiyin.triage.grading import grade
from huiyin.triage.models import Category, TreeChange

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
STUCK = "物流信息五天没更新，一直停在中转站"


def row(code: str) -> Category:
    return Category.objects.get(code=code)


def offered(at: datetime) -> set[str]:
    return set(Category.objects.leaves().current(at).values_list("parent__code", flat=True))


def test_a_new_group_stands_last_and_takes_leaves_that_move_there(at: datetime) -> None:
    made = grouping.open_group(code="EN", name_zh="能源", name_en="Energy", actor=SYSTEM, at=at)
    grouping.move_leaf(row("LG-08"), under=made, actor=SYSTEM, at=at)
    assert list(Category.objects.groups())[-1] == made
    assert [leaf.code for leaf in made.children.all()] == ["LG-08"]
    assert TreeChange.objects.values_list("kind", "before", "after").first() == (
        "moved", {"parent": "LG"}, {"parent": "EN"},
    )  # fmt: skip
    assert list(Change.objects.order_by("id").values_list("subject", "verb")) == [("EN", "added"), ("LG-08", "moved")]


def test_a_code_is_one_groups_only(at: datetime) -> None:
    with pytest.raises(ValidationError):
        grouping.open_group(code="LG", name_zh="又一个物流", actor=SYSTEM, at=at)
    assert row("LG").name_zh != "又一个物流"


@pytest.mark.req("A56")
def test_under_a_closed_group_nothing_is_offered_nor_proposed_until_it_is_opened_again(at: datetime) -> None:
    assert grade(STUCK, book=queries.book()).category == "LG-08"
    grouping.close_group(row("LG"), actor=SYSTEM, at=at)
    assert "LG" not in offered(at)
    assert not grade(STUCK, book=queries.book()).category.startswith("LG")
    assert (row("LG-08").valid_to, row("LG-08").is_current(at)) == (None, False)

    grouping.reopen_group(row("LG"), actor=SYSTEM, at=at)
    assert "LG" in offered(at)
    assert grade(STUCK, book=queries.book()).category == "LG-08"
    assert [change.kind for change in TreeChange.objects.all()] == ["reopened", "closed"]


def test_what_cannot_be_is_refused_and_changes_nothing(at: datetime) -> None:
    grouping.close_group(row("LG"), actor=SYSTEM, at=at)
    closing.close_leaf(row("TN-01"), successor=row("TN-02"), actor=SYSTEM, at=at)
    unit = Unit.objects.get(code="CC")
    agent = Actor.of(Member.objects.create(username="lilei", name="李雷", unit=unit, roles=["frontline"]))
    before = list(Category.objects.order_by("pk").values())
    group: dict[str, Any] = {"actor": SYSTEM, "at": at}
    attempts: list[tuple[type[Exception], Callable[[], object]]] = [
        (errors.AlreadyClosed, lambda: grouping.close_group(row("LG"), **group)),
        (errors.NotAGroup, lambda: grouping.close_group(row("PQ-01"), **group)),
        (errors.StillNeeded, lambda: grouping.close_group(row("SG"), **group)),
        (errors.NotClosed, lambda: grouping.reopen_group(row("PQ"), **group)),
        (errors.GroupClosed, lambda: grouping.move_leaf(row("PQ-01"), under=row("LG"), **group)),
        (errors.AlreadyThere, lambda: grouping.move_leaf(row("PQ-01"), under=row("PQ"), **group)),
        (errors.AlreadyClosed, lambda: grouping.move_leaf(row("TN-01"), under=row("PQ"), **group)),
        (errors.NotALeaf, lambda: grouping.move_leaf(row("TN"), under=row("PQ"), **group)),
        (errors.SuccessorNotCurrent, lambda: closing.close_leaf(row("PQ-01"), successor=row("LG-01"), **group)),
        (errors.ChangedMeanwhile, lambda: grouping.put_in_order(row("PQ"), ["PQ-01"], **group)),
        (errors.MayNotConfigure, lambda: grouping.close_group(row("PQ"), actor=agent, at=at)),
    ]
    for refusal, attempt in attempts:
        with pytest.raises(refusal):
            attempt()
    assert list(Category.objects.order_by("pk").values()) == before


def test_leaves_stand_as_they_were_put_and_the_record_says_what_moved(at: datetime) -> None:
    was = list(row("LG").children.values_list("code", flat=True))
    wanted = [was[0], was[2], was[1], *was[3:]]
    assert grouping.put_in_order(row("LG"), wanted, actor=SYSTEM, at=at)
    assert list(row("LG").children.values_list("code", flat=True)) == wanted
    change = Change.objects.get()
    assert (change.subject, change.before, change.after) == ("LG", {"order": was[1:3]}, {"order": wanted[1:3]})
    assert not grouping.put_in_order(row("LG"), wanted, actor=SYSTEM, at=at)
    assert Change.objects.count() == 1
