"""Views kept under a name: who sees them, who may change them, and that none shows more than the member may see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from huiyin.desk import queries, viewlist
from huiyin.desk.shelves import BY_NAME
from huiyin.desk.tests.test_queue import asked, page
from huiyin.org import errors
from huiyin.org.actions import members, views
from huiyin.org.models import SavedView
from tests import cast

Sits = Callable[[str], Client]
VIEWS = "/desk/complaints/views"


def kept(username: str, name: str = "一级投诉", scope: str = "mine", query: str = "view=all&severity=1") -> SavedView:
    return views.keep(name=name, scope=scope, query=query, actor=cast.actor(username), at=cast.MONDAY)


def test_what_the_page_asks_is_kept_in_the_form_s_own_words_and_nothing_else(sits: Sits) -> None:
    query = "view=overdue&severity=1&state=nowhere&cursor=x&open=TS1&evil=%3Cscript%3E&category=PQ&sort=received"

    answer = sits("agent").post(VIEWS, {"name": "  产品 质量 ", "scope": "mine", "query": query})

    [view] = SavedView.objects.all()
    assert (view.name, view.owner, view.query) == (
        "产品 质量",
        cast.member("agent"),
        "view=overdue&category=PQ&severity=1&sort=received",
    )
    assert answer.headers["Location"] == f"/desk/complaints/?{view.query}&saved={view.pk}"


@pytest.mark.parametrize(("username", "scope"), [("agent", "unit"), ("agent", "all"), ("supervisor", "all")])
def test_sharing_needs_the_right_to_it(sits: Sits, username: str, scope: str) -> None:
    answer = sits(username).post(VIEWS, {"name": "共用", "scope": scope, "query": "view=all"}, follow=True)

    assert "您可以为自己保存视图" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_everybody_finds_what_is_theirs_and_what_is_shared_with_them(sits: Sits) -> None:
    kept("agent", "只是李雷的")
    kept("supervisor", "本中心的", "unit")
    kept("manager", "大家的", "all")

    seen = {name: page(sits(name)) for name in ("agent", "outsider")}

    assert all(name in seen["agent"] for name in ("只是李雷的", "本中心的", "大家的"))
    assert "大家的" in seen["outsider"]
    assert "只是李雷的" not in seen["outsider"]
    assert "本中心的" not in seen["outsider"]


@pytest.mark.parametrize("act", ["rename", "change", "up", "drop"])
def test_a_unit_s_view_is_for_its_supervisor_to_change_and_for_nobody_else(sits: Sits, act: str) -> None:
    view = kept("supervisor", "本中心的", "unit")
    given = {"act": act, "name": "改了", "query": "view=mine", "sure": "yes"}

    assert sits("agent").post(f"{VIEWS}/{view.pk}", given).status_code == 403
    assert sits("outsider").post(f"{VIEWS}/{view.pk}", given).status_code == 404
    assert list(SavedView.objects.values_list("name", "query")) == [("本中心的", view.query)]


def test_a_view_is_dropped_only_after_a_second_yes(sits: Sits) -> None:
    view = kept("agent")

    first = sits("agent").post(f"{VIEWS}/{view.pk}", {"act": "drop"})

    assert "删除视图“一级投诉”？" in first.content.decode()
    assert SavedView.objects.count() == 1
    sits("agent").post(f"{VIEWS}/{view.pk}", {"act": "drop", "sure": "yes"})
    assert SavedView.objects.count() == 0


def test_views_move_up_and_down_within_their_list(sits: Sits) -> None:
    first, _second, third = kept("agent", "甲"), kept("agent", "乙"), kept("agent", "丙")
    kept("supervisor", "别人的")

    sits("agent").post(f"{VIEWS}/{third.pk}", {"act": "up"})
    sits("agent").post(f"{VIEWS}/{first.pk}", {"act": "up"})

    mine = SavedView.objects.visible_to(cast.member("agent")).order_by("position", "id")
    assert list(mine.values_list("name", flat=True)) == ["甲", "丙", "乙"]


def test_a_list_of_views_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST", 1)
    kept("agent")

    with pytest.raises(errors.TooManyViews):
        kept("agent", "又一个")
    kept("supervisor", "各人各算")


def test_a_shared_view_shows_each_member_only_what_they_may_see(sits: Sits) -> None:
    complaint = cast.filed()
    view = kept("manager", "大家的", "all", "view=all")
    hidden = page(sits("outsider"), view="all", saved=view.pk)

    assert complaint.number in page(sits("supervisor"), view="all", saved=view.pk)
    assert "大家的" in hidden
    assert complaint.number not in hidden
    member = cast.member("outsider")
    lines = viewlist.lines(member, viewlist.saved_for(member))
    assert viewlist.counted(lines, member, at=timezone.now())[f"saved-{view.pk}"] == 0


def test_a_view_of_a_shelf_that_is_not_for_the_member_is_not_offered_to_them(sits: Sits) -> None:
    kept("manager", "等复核的", "all", "view=review")

    assert "等复核的" in page(sits("reviewer"))
    assert "等复核的" not in page(sits("agent"))


def test_a_view_that_is_too_dear_to_count_leaves_the_shelves_their_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.filed()
    view = kept("reviewer")
    member = cast.member("reviewer")
    plain = queries.capped_counts

    def dear(heads: Any) -> list[int]:
        if len(heads) > len(lines) - 1:
            raise OperationalError("canceling statement due to statement timeout")
        return plain(heads)

    lines = viewlist.lines(member, [view])
    monkeypatch.setattr(queries, "capped_counts", dear)

    found = viewlist.counted(lines, member, at=timezone.now())

    assert found["shelf-review"] == 1
    assert viewlist.count_of(lines[-1], found)["count"] == "…"


def test_the_counts_cost_the_same_queries_for_one_view_and_for_three(sits: Sits) -> None:
    client = sits("supervisor")
    kept("supervisor")
    one = asked(client, "/desk/complaints/counts"), asked(client, "/desk/complaints/")
    kept("supervisor", "二")
    kept("supervisor", "三", query="view=overdue&category=PQ&received=week")

    assert (asked(client, "/desk/complaints/counts"), asked(client, "/desk/complaints/")) == one


def test_days_that_move_with_the_calendar_are_kept_as_a_word(sits: Sits) -> None:
    fresh, old = cast.filed(at=timezone.now()), cast.filed(at=cast.later(days=-60))

    found = page(sits("supervisor"), view="all", received="week", received_from="2020-01-01")

    assert fresh.number in found
    assert old.number not in found


def test_the_columns_are_the_member_s_own_and_come_back_in_their_order(sits: Sits) -> None:
    cast.filed()
    client = sits("supervisor")

    client.post("/desk/complaints/looks", {"columns": ["due", "customer", "nonsense", "title"], "left": "title"})

    assert client.get("/desk/complaints/").context["columns"] == ("due", "title", "customer")
    assert sits("agent").get("/desk/complaints/").context["columns"][0] == "severity"
    client.post("/desk/complaints/looks", {"columns": ["title"], "reset": "on"})
    assert client.get("/desk/complaints/").context["columns"][0] == "severity"


def test_list_or_split_and_the_density_are_remembered(sits: Sits) -> None:
    client = sits("agent")

    answer = client.post("/desk/complaints/looks", {"layout": "split", "next": "https://elsewhere.example/"})
    client.post("/desk/complaints/looks", {"density": "compact", "layout": "nonsense"})

    assert answer.headers["Location"] == "/desk/complaints/"
    found = page(client)
    assert 'data-layout="split"' in found
    assert 'data-density="compact"' in found
    assert cast.member("agent").preferences == {"layout": "split", "density": "compact"}


def test_what_is_kept_of_looks_may_be_anything_and_the_page_comes(sits: Sits) -> None:
    members.prefer(cast.member("agent"), at=cast.MONDAY, columns={"x": 1}, layout=[], density=5)

    assert sits("agent").get("/desk/complaints/").status_code == 200


def test_the_open_list_is_counted_to_the_last_one_as_it_is_filtered_and_to_a_limit(
    sits: Sits, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        cast.filed()
    client = sits("supervisor")

    def total(query: str) -> str:
        shown = client.get(f"/desk/complaints/counts?{query}").content.decode()
        return shown.partition('id="list-total">')[2].partition("</span>")[0]

    assert total("view=all") == "共 3 件"
    assert total("view=all&state=closed") == "共 0 件"
    monkeypatch.setattr(viewlist, "EXACT", 2)
    assert total("view=all") == "2 件以上"

    def dear(heads: Any) -> list[int]:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr(queries, "capped_counts", dear)
    member = cast.member("supervisor")
    assert viewlist.total_words(queries.on_shelf(BY_NAME["all"], member, queries.Sieve(), at=timezone.now())) == ""
