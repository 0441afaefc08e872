"""评分表 and 抽检规则 in the settings: what is saved holds for the next draw, and for none that is drawn."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.coaching.actions import drawing
from huiyin.coaching.actions import loading as coaching_defaults
from huiyin.coaching.asked import asked_in
from huiyin.coaching.models import Draw, SamplingRule, ScoreItem
from huiyin.coaching.tests.closed import closed
from huiyin.org.actors import SYSTEM
from huiyin.org.models import Change
from tests import cast

Sits = Callable[[str], Client]
CARD, RULE = "/desk/settings/scorecard", "/desk/settings/sampling"
SAVE, LOOK = {"save": "1"}, {"preview": "1"}


def as_shown(client: Client) -> dict[str, Any]:
    """The card's form as the page has it, with each row under its code: `QS-1-weight`."""
    context = client.get(CARD).context
    made: dict[str, Any] = {"expected": context["form"]["expected"].value(), "row": []}
    for row in context["rows"].forms:
        made["row"].append(row.number)
        made[f"q{row.number}-key"] = row.key
        made |= {f"q{row.number}-{name}": row[name].value() for name in row.fields if name != "gone"}
    return made


def at(given: dict[str, Any], code: str) -> str:
    return next(f"q{number}" for number in given["row"] if given[f"q{number}-key"] == code)


def with_new(given: dict[str, Any], number: int, **values: Any) -> None:
    given["row"].append(str(number))
    fields = {"key": "", "name_en": "", "looks_at": "", "kind": "scored", "weight": "", "place": str(number), **values}
    given.update({f"q{number}-{name}": value for name, value in fields.items()})


def rule_shown(client: Client) -> dict[str, Any]:
    form = client.get(RULE).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None and value is not False}


def month_before() -> date:
    return drawing.month_before(timezone.now())


def draw(count: int, month: date) -> Draw:
    closed(count, at=datetime(month.year, month.month, 9, 4, tzinfo=UTC))
    made, _is_new = drawing.draw_month(month, actor=SYSTEM, at=timezone.now(), seed="77")
    return made


def test_what_was_changed_is_scored_from_the_next_draw_on_and_the_drawn_month_keeps_its_card(sits: Sits) -> None:
    admin, before_last = sits("admin"), (month_before().replace(day=1) - timedelta(days=1)).replace(day=1)
    old = draw(2, before_last)
    kept, given = asked_in(old), as_shown(admin)
    given |= {f"{at(given, 'QS-6')}-weight": "10", f"{at(given, 'QS-6')}-looks_at": "是否引用现行政策"}
    with_new(given, 41, name_zh="主动告知进度", name_en="Told of progress unasked", weight="2")
    with_new(given, 42, name_zh="泄露商业秘密", kind="fatal")

    assert admin.post(CARD, given | SAVE).status_code == 302

    new = draw(2, month_before())
    assert asked_in(Draw.objects.get(pk=old.pk)) == kept
    lines = {each.code: each for each in asked_in(new).lines}
    assert (lines["QS-6"].weight, lines["QS-6"].looks_at) == (10, "是否引用现行政策")
    assert (lines["QS-13"].name_zh, lines["QS-13"].weight, lines["QF-6"].is_fatal) == ("主动告知进度", 2, True)
    manager = sits("manager")
    assert "是否引用现行政策" in manager.get(f"/desk/reviews/{new.cases.all()[0].pk}").content.decode()
    old_page = manager.get(f"/desk/reviews/{old.cases.all()[0].pk}").content.decode()
    assert ("主动告知进度" in old_page, "12 分" in old_page) == (False, True)


def test_weights_that_do_not_make_a_hundred_are_refused_and_what_was_typed_stays(sits: Sits) -> None:
    admin = sits("admin")
    given = as_shown(admin)
    given |= {f"{at(given, 'QS-1')}-weight": "9", f"{at(given, 'QS-2')}-name_zh": "另一种说法"}
    for button in (SAVE, LOOK):
        answer = admin.post(CARD, given | button)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "计分项的权重合计须为 100，现在是 105，多了 5。" in page
        assert 'value="另一种说法"' in page
    assert (Change.objects.count(), ScoreItem.objects.get(code="QS-1").weight) == (0, 4)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("weight", "", "请写权重，1 到 100。"), ("weight", "0", "100"), ("weight", "x", ""), ("name_zh", "", ""),
        ("name_zh", "问候与自报身份", "评分表里已经有“问候与自报身份”。"), ("name_zh", "长" * 101, "最多 100 个字"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_row_is_said_there(sits: Sits, field: str, value: str, said: str) -> None:
    admin = sits("admin")
    given = as_shown(admin)
    answer = admin.post(CARD, given | {f"{at(given, 'QS-2')}-{field}": value} | SAVE)
    page = answer.content.decode()
    assert (answer.status_code, "还没有保存" in page, said in page, Change.objects.count()) == (422, True, True, 0)


def test_what_is_removed_is_asked_once_more_and_neither_the_code_nor_the_default_comes_back(sits: Sits) -> None:
    admin = sits("admin")
    given = as_shown(admin)
    given |= {f"{at(given, 'QS-12')}-gone": "on", f"{at(given, 'QS-1')}-weight": "8"}
    asked = admin.post(CARD, given | SAVE)
    assert (asked.status_code, "确认移除并保存" in asked.content.decode()) == (200, True)
    assert ScoreItem.objects.filter(code="QS-12").exists()

    assert admin.post(CARD, given | SAVE | {"confirmed": asked.context["preview"]["removed"]}).status_code == 302

    assert not ScoreItem.objects.filter(code="QS-12").exists()
    coaching_defaults.load(cast.documents(), cast.MONDAY)
    weights = ScoreItem.objects.filter(is_fatal=False).values_list("weight", flat=True)
    assert (ScoreItem.objects.filter(code="QS-12").exists(), sum(weights)) == (False, 100)
    given = as_shown(admin)
    given[f"{at(given, 'QS-1')}-weight"] = "4"
    with_new(given, 41, name_zh="后来的", weight="4")
    assert admin.post(CARD, given | SAVE).status_code == 302
    assert ScoreItem.objects.get(name_zh="后来的").code == "QS-13"


def test_the_order_is_saved_and_every_change_is_on_record_with_who_and_what(sits: Sits) -> None:
    admin = sits("admin")
    given = as_shown(admin)
    assert admin.post(CARD, given | SAVE).status_code == 302
    assert Change.objects.count() == 0  # nothing was changed, nothing is recorded
    first, second = at(given, "QS-1"), at(given, "QS-2")
    given |= {f"{first}-place": "2", f"{second}-place": "1", f"{first}-weight": "5", f"{second}-weight": "9"}

    assert admin.post(CARD, given | SAVE).status_code == 302

    assert list(ScoreItem.objects.values_list("code", flat=True)[:3]) == ["QS-2", "QS-1", "QS-3"]
    found = {each.subject: each for each in Change.objects.filter(area="reviews")}
    assert set(found) == {"card", "QS-1", "QS-2"}
    assert (found["QS-1"].before, found["QS-1"].after) == ({"weight": 4}, {"weight": 5})
    assert found["QS-1"].made_by == cast.member("admin")
    page = admin.get(CARD).content.decode()
    assert all(words in page for words in ("最近的修改", "问候与自报身份", "权重"))
    assert "质检评审" in admin.get("/desk/settings/history?area=reviews").content.decode()


def test_to_look_at_what_a_change_does_saves_nothing(sits: Sits) -> None:
    draw(3, month_before())
    admin = sits("admin")
    given = as_shown(admin)
    given |= {f"{at(given, 'QS-1')}-weight": "5", f"{at(given, 'QS-2')}-weight": "9"}
    page = admin.post(CARD, given | LOOK).content.decode()
    assert all(words in page for words in ("保存以后", "4 分 → 5 分", "件待评）按抽取时的评分表和规则评，不变"))
    assert f"下一次抽 {timezone.localtime():%Y-%m} 的结案" in page
    assert (Change.objects.count(), ScoreItem.objects.get(code="QS-1").weight) == (0, 4)


def test_of_two_who_change_the_card_or_the_rule_the_later_one_is_told(sits: Sits) -> None:
    admin = sits("admin")
    given, rule = as_shown(admin), rule_shown(admin)
    ScoreItem.objects.filter(code="QS-1").update(name_zh="另一位改的")
    SamplingRule.objects.update(percent=33)
    for url, form in ((CARD, given), (RULE, rule | {"percent": "40"})):
        for button in (SAVE, LOOK):
            answer = admin.post(url, form | button)
            assert (answer.status_code, "另一位管理员改了这一页" in answer.content.decode()) == (422, True)
    assert (SamplingRule.objects.get().percent, Change.objects.count()) == (33, 0)


@pytest.mark.req("C030")
def test_the_rule_is_looked_at_beside_what_was_drawn_and_the_next_draw_follows_it(sits: Sits) -> None:
    SamplingRule.objects.update(least_per_agent=0, twice_percent=0)
    admin, before_last = sits("admin"), (month_before().replace(day=1) - timedelta(days=1)).replace(day=1)
    draw(10, before_last)
    closed(10, at=datetime(month_before().year, month_before().month, 9, 4, tzinfo=UTC))
    given = rule_shown(admin) | {"percent": "50", "twice_percent": "40"}

    looked = admin.post(RULE, given | LOOK)
    lines = [(each["label"], each["drawn"].total, each["drawn"].twice) for each in looked.context["lines"]]
    assert (looked.status_code, lines) == (200, [("按现行规则", 2, 0), ("按新规则", 5, 2)])
    assert "这个月还没有抽取" in looked.content.decode()
    assert SamplingRule.objects.get().percent == 20

    assert admin.post(RULE, given | SAVE).status_code == 302
    made, _is_new = drawing.draw_month(month_before(), actor=SYSTEM, at=timezone.now())
    assert (made.percent, made.size, made.cases.filter(is_twice=True).count()) == (50, 5, 2)
    assert Draw.objects.get(month=before_last).percent == 20
    looked = admin.post(RULE, rule_shown(admin) | {"percent": "10"} | LOOK)
    totals = [(each["label"], each["drawn"].total) for each in looked.context["lines"]]
    assert totals == [("实际抽取", 5), ("按现行规则", 5), ("按新规则", 1)]
    assert "低于公司规定的 20 %" in looked.content.decode()
    change = Change.objects.get(area="reviews")
    assert (change.before, change.after) == (
        {"percent": 20, "twice_percent": 0}, {"percent": 50, "twice_percent": 40}
    )  # fmt: skip
    assert "双人评分" in admin.get(RULE).content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("percent", "0"), ("percent", "101"), ("least_per_agent", "51"), ("low_stars", "5"), ("award_above", "-1"),
        ("twice_percent", "101"), ("agreement", "0"), ("settle_over", "0"), ("appeal_days", "31"), ("percent", "x"),
        ("severities", ["9"]),
    ],
)  # fmt: skip
def test_figures_out_of_their_limits_are_refused_and_stay_as_typed(sits: Sits, name: str, value: Any) -> None:
    admin = sits("admin")
    answer = admin.post(RULE, rule_shown(admin) | {name: value} | SAVE)
    assert (answer.status_code, Change.objects.count()) == (422, 0)
    assert name == "severities" or f'value="{value}"' in answer.content.decode()


def test_a_rule_may_draw_by_no_severity_and_a_figure_be_typed_with_a_point(sits: Sits) -> None:
    given = rule_shown(admin := sits("admin")) | {"severities": [], "percent": "20.0"}

    assert admin.post(RULE, given | LOOK).status_code == 200
    assert admin.post(RULE, given | SAVE).status_code == 302

    assert SamplingRule.objects.get().severities == []


def test_an_item_that_did_not_come_back_is_asked_about_as_removed_and_the_card_has_an_end(sits: Sits) -> None:
    admin = sits("admin")
    given = as_shown(admin)
    fatal = next(code for code in ScoreItem.objects.filter(is_fatal=True).values_list("code", flat=True))
    given["row"].remove(at(given, fatal)[1:])

    asked = admin.post(CARD, given | SAVE)

    assert (asked.status_code, asked.context["preview"]["removed"]) == (200, fatal)
    assert ScoreItem.objects.filter(code=fatal).exists()
    given = as_shown(admin)
    for number in range(100, 100 + 61 - len(given["row"])):
        with_new(given, number, name_zh=f"第 {number} 项", kind="fatal")
    refused = admin.post(CARD, given | SAVE)
    assert (refused.status_code, "评分表最多 60 项，现在是 61 项" in refused.content.decode()) == (422, True)


def test_a_rule_that_was_changed_is_no_default_any_more(sits: Sits) -> None:
    admin = sits("admin")
    for percent in ("25", "20"):
        assert admin.post(RULE, rule_shown(admin) | {"percent": percent} | SAVE).status_code == 302
    SamplingRule.objects.update(percent=26)
    coaching_defaults.load(cast.documents(), cast.MONDAY)
    assert (SamplingRule.objects.get().percent, SamplingRule.objects.get().default_digest) == (26, "")


def test_only_who_configures_opens_and_changes_them(sits: Sits) -> None:
    admin = sits("admin")
    given, rule = as_shown(admin), rule_shown(admin)
    given |= {f"{at(given, 'QS-1')}-weight": "5", f"{at(given, 'QS-2')}-weight": "9"}
    for who in ("agent", "supervisor", "manager", "outlet"):
        client = sits(who)
        answers = [client.get(CARD), client.post(CARD, given | SAVE), client.get(RULE)]
        answers.append(client.post(RULE, rule | {"percent": "30"} | SAVE))
        assert {each.status_code for each in answers} == {403}
    assert (Change.objects.count(), SamplingRule.objects.get().percent) == (0, 20)


def test_the_pages_are_found_and_speak_english(sits: Sits) -> None:
    admin = sits("admin")
    assert CARD in admin.get("/desk/settings/?q=零容忍").content.decode()
    assert RULE in admin.get("/desk/settings/?q=抽样").content.decode()
    admin.post("/desk/account/language", {"language": "en"})
    page = admin.get(CARD).content.decode()
    assert all(words in page for words in ("Scored or fatal", "Weights together", "Fatal"))
    page = admin.get(RULE).content.decode()
    assert all(words in page for words in ("Always reviewed, on top of the lot", "Scored by two, and appeals"))


def test_as_many_queries_for_many_items_changes_and_draws_as_for_few(sits: Sits) -> None:
    admin = sits("admin")

    def counted(url: str, **posted: Any) -> int:
        with CaptureQueriesContext(connection) as found:
            assert (admin.post(url, posted) if posted else admin.get(url)).status_code == 200
        return len(found)

    draw(1, month_before())
    rule = rule_shown(admin)
    few = [counted(CARD), counted(RULE), counted(RULE, **rule, **LOOK)]
    given = as_shown(admin)
    with_new(given, 41, name_zh="甲", kind="fatal")
    with_new(given, 42, name_zh="乙", kind="fatal")
    assert admin.post(CARD, given | SAVE).status_code == 302
    closed(3, at=datetime(month_before().year, month_before().month, 9, 4, tzinfo=UTC))
    many = [counted(CARD), counted(RULE), counted(RULE, **rule, **LOOK)]
    assert many == few
