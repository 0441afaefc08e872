"""The library as it is shipped: brought in once, and an editor's changes stay."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from huiyin.knowledge import queries
from huiyin.knowledge.actions import loading
from huiyin.knowledge.models import LibraryCase, Method, Phrase, Playbook, Script

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_loading_twice_brings_everything_once(documents: Mapping[str, Any]) -> None:
    first = loading.load(documents, AT)

    assert first == 4 + 61 + 64 + 3 + 7 + 2 + 6 + 4
    assert loading.load(documents, AT) == 0
    assert Script.objects.count() == 61
    assert Phrase.objects.count() == 74


def test_what_an_editor_changed_stays_and_what_was_left_alone_is_renewed(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)
    Script.objects.filter(code="RS-06").update(text="我去核实，明天告诉您。")
    newer = deepcopy(dict(documents))
    for script in newer["scripts"]["scripts"]:
        if script["id"] in {"RS-06", "RS-07"}:
            script["text"] = "新的默认话术，{deadline}前答复您。"

    assert loading.load(newer, AT) == 1

    assert Script.objects.get(code="RS-06").text == "我去核实，明天告诉您。"
    assert Script.objects.get(code="RS-07").text == "新的默认话术，{deadline}前答复您。"


@pytest.mark.req("A15", "D26")
def test_the_six_and_the_seven_steps_each_have_a_prompt(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)

    six, seven = queries.guide("M-6"), queries.guide("M-7")

    assert six is not None
    assert seven is not None
    assert [step.name for step in six.steps] == documents["special_customers"]["six_step_generic"]
    assert len(seven.steps) == 7
    assert seven.steps[0].name == "安抚情绪，稳定局面"
    assert [step.name for step in (*six.steps, *seven.steps) if not step.prompt] == []


@pytest.mark.req("D27")
def test_the_second_step_of_every_guide_restates(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)
    codes = [*Method.objects.values_list("code", flat=True), *Playbook.objects.values_list("code", flat=True)]

    guides = [guide for code in codes if (guide := queries.guide(code))]

    assert len(guides) == 8
    assert [guide.code for guide in guides if "RS-03" not in guide.steps[1].scripts] == []


@pytest.mark.req("A01", "A12")
def test_the_six_playbooks_have_six_steps_methods_and_guard_rails(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)
    tags = set(documents["knowledge"]["tags"])

    for playbook in Playbook.objects.all():
        guide = queries.special(playbook, queries.wordings())
        assert len(guide.steps) == 6
        assert guide.tags
        assert set(guide.tags) <= tags
        assert len(guide.guards) == 4
    assert set(Playbook.objects.get(code="SC-6").tags) == tags


@pytest.mark.req("A13")
def test_typical_cases_belong_to_playbooks_and_some_playbooks_have_none_yet(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)

    shown = {playbook.code: len(playbook.shown_cases) for playbook in queries.find_playbooks("")}  # type: ignore[attr-defined]  # prefetched

    assert shown == {"SC-1": 1, "SC-2": 1, "SC-3": 1, "SC-4": 0, "SC-5": 0, "SC-6": 1}
    assert LibraryCase.objects.filter(lesson="").count() == 0


def test_codes_that_scripts_methods_and_cases_name_exist(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)
    known = set(Script.objects.values_list("code", flat=True))
    named = {code for playbook in Playbook.objects.all() for code in playbook.script_codes}
    named |= {code for method in Method.objects.all() for step in method.steps for code in step["scripts"]}

    assert named - known == set()


def test_a_search_finds_every_word_wherever_it_stands(documents: Mapping[str, Any]) -> None:
    loading.load(documents, AT)

    assert [row.code for row in queries.find_scripts("包裹 找不到")] == ["RS-11"]
    assert [row.code for row in queries.find_playbooks("外部仲裁 媒体")] == ["SC-6"]
    assert [row.code for row in queries.find_methods("复盘")] == ["M-7"]
    assert [row.code for row in queries.find_phrases("推诿 不归我管")] == ["FP-03"]
    assert [case.code for case, _hit in queries.search_cases("热水器")] == ["LC-01"]
    assert not queries.find_scripts("没有这样的话\x00")
