"""Typical cases are found by what they say, by other words for it, and by what a complaint says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from huiyin.knowledge import likeness, queries
from huiyin.knowledge.actions import cases
from huiyin.knowledge.models import LibraryCase
from huiyin.org.actors import Actor
from tests import cast

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
MEANS = {"破损": ("损坏", "破了", "烂了"), "延迟送达": ("送货慢", "晚到"), "上网慢": ("卡", "网速慢")}


def entry(pk: int, text: str, *codes: str) -> likeness.Entry:
    return likeness.entry(pk, text[:10], text, codes)


CASES = [
    entry(1, "收到的电饭煲外壳破损，包装里没有填充物，补发一台并改了包装。", "LG-02"),
    entry(2, "蛋糕模具送货慢，错过了生日会，凭小票补偿。", "LG-01"),
    entry(3, "宽带虚标速率，上门用有线方式重测，免费更换网线。", "TN-05"),
]


def found(typed: str) -> list[likeness.Hit]:
    return likeness.answering(likeness.question(typed, MEANS), CASES)


@pytest.mark.req("C097")
def test_a_case_is_found_by_another_word_for_what_it_says_and_the_reason_names_both() -> None:
    [hit] = found("电饭煲烂了")
    assert hit.pk == 1
    assert hit.words == ("电饭煲",)
    assert hit.synonyms == (("烂了", "破损"),)

    assert [hit.pk for hit in found("晚到")] == [2]
    assert found("网速慢") == []  # 卡 alone is no word for it: 银行卡, 卡住
    assert found("没有这样的词") == []


def test_a_case_is_found_by_likeness_where_a_word_is_mistyped() -> None:
    [hit] = found("标速度")
    assert (hit.pk, hit.alike) == (3, 50)


def test_a_complaint_finds_cases_of_its_category_and_those_that_share_words() -> None:
    asked = likeness.question("快递员把包装摔了，电饭煲的外壳烂了，让我等补发。", MEANS)
    first, *others = likeness.resembling(asked, CASES, {"LG-01"}, most=3)
    assert {first.pk, *(hit.pk for hit in others)} == {1, 2}
    by_case = {hit.pk: hit for hit in (first, *others)}
    assert by_case[2].categories == ("LG-01",)
    assert ("烂了", "破损") in by_case[1].synonyms


@pytest.mark.django_db
@pytest.mark.req("C097")
def test_the_library_answers_by_full_text_by_synonym_and_by_likeness() -> None:
    cast.company()
    LibraryCase.objects.all().delete()
    supervisor = cast.actor("supervisor")
    kept = [
        made(supervisor, "外壳破损，补发一台", "收到时外壳破损，包装里没有填充物。"),
        made(supervisor, "三个部门互相推", "客户打了四次电话，三个部门互相推，没有人回电。"),
    ]
    assert [case.code for case in kept] == ["LC-01", "LC-02"]

    [(case, hit)] = queries.search_cases("烂了")
    assert (case, hit.synonyms) == (kept[0], (("烂了", "破损"),))
    assert [case for case, _hit in queries.search_cases("踢皮球")] == [kept[1]]
    assert [case for case, _hit in queries.search_cases("填充物")] == [kept[0]]
    assert [case for case, _hit in queries.search_cases("lc-02")] == [kept[1]]
    assert queries.search_cases("没有这样的词") == []
    assert queries.search_cases("'") == []

    LibraryCase.objects.filter(pk=kept[0].pk).update(is_active=False)
    assert queries.search_cases("烂了") == []


def made(actor: Actor, name: str, situation: str) -> LibraryCase:
    values: dict[str, Any] = {"name_zh": name, "situation": situation, "cause": "x", "handling": "y", "result": "z"}
    return cases.archive(values={**values, "categories": ["LG-02"]}, actor=actor, at=AT)
