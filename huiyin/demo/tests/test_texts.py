"""The demo company's complaints: enough of them, of every kind, no two alike, each with a fit end."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

import pytest

from huiyin.channels.models import Channel
from huiyin.demo import fates
from huiyin.demo.scripts import phrases, scripts
from huiyin.demo.variation import DAYS, ZONE, Story, stories
from huiyin.loading import documents

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # a Friday, 15:00 in Shanghai
SHARES = documents()["categories"]["cross_codes"]["seed_share_types"]


@cache
def made() -> list[Story]:
    return stories(NOW)


def leaves() -> dict[str, dict[str, str]]:
    return {leaf["code"]: leaf for group in documents()["categories"]["groups"] for leaf in group["leaves"]}


def test_there_are_about_three_hundred_and_no_two_texts_are_equal() -> None:
    texts = [story.text for story in made()]
    assert 280 <= len(texts) <= 320
    assert len(set(texts)) == len(texts)


def test_there_are_over_a_hundred_scripts_with_titles_of_their_own() -> None:
    titles = [script.title for script in scripts()]
    assert len(titles) >= 110
    assert len(set(titles)) == len(titles)


def test_the_same_seed_gives_the_same_complaints() -> None:
    assert stories(NOW) == made()


def test_texts_are_neither_too_short_nor_too_long() -> None:
    assert [story.title for story in made() if not 60 <= len(story.text) <= 400] == []


def test_every_placeholder_and_choice_is_resolved_wherever_one_is_said() -> None:
    said = [
        piece
        for story in made()
        for piece in (
            story.title, story.text, *story.points, *story.answers(NOW), story.finding(NOW),
            story.letter(NOW, agent="李雷"), *story.elements.values(),
            *(story.say(story.phrase(kind), NOW) for kind in ("decline", "send_back", "reject", "note")),
        )
    ]  # fmt: skip
    assert [piece for piece in said if re.search(r"[{}]|\[[^\]]*\||<[^>]*\|", piece) or not piece.strip()] == []


def test_every_code_exists_and_every_group_is_there() -> None:
    codes = {script.code for script in scripts()}
    assert codes - set(leaves()) == set()
    assert {code[:2] for code in codes} == {group["code"] for group in documents()["categories"]["groups"]}
    assert len(codes) >= 85


def test_channels_expectations_and_levels_are_ones_the_product_knows() -> None:
    expectations = documents()["intake_elements"]["common"]["expectation_options"]
    assert {story.channel for story in made()} - set(Channel.values) == set()
    assert {script.expectation for script in scripts()} - set(expectations) == set()
    assert {script.tier for script in scripts()} <= {"STD", "VIP", "VUL"}
    assert {script.level for script in scripts()} <= {None, 1, 2}


def test_elements_belong_to_the_element_set_of_the_leaf() -> None:
    sets = documents()["intake_elements"]["sets"]
    strange = []
    for script in scripts():
        own = sets[leaves()[script.code]["el"]]
        known = {*own["required"], *own["optional"], "symptom"}
        strange += [f"{script.code} {name}" for name in script.elements if name not in known]
    assert strange == []


@pytest.mark.req("C007", "C009", "C011", "C013")
def test_the_four_great_kinds_keep_their_shares_of_each_other() -> None:
    codes = Counter(story.script.code for story in made())
    of = {
        name: sum(n for code, n in codes.items() if code in kind["codes"] or code[:2] in kind["codes"])
        for name, kind in SHARES.items()
    }
    total = sum(of.values())
    for name, kind in SHARES.items():
        assert of[name] / total == pytest.approx(kind["share"], abs=0.03), name
    late, lost, broken = (codes[code] / of["物流配送问题"] for code in ("LG-01", "LG-02", "LG-03"))
    assert (late, lost, broken) == pytest.approx((0.65, 0.22, 0.13), abs=0.06)
    prices = [codes[code] / of["价格争议问题"] for code in ("TD-01", "TD-02", "TD-03")]
    assert prices == pytest.approx((0.68, 0.27, 0.05), abs=0.03)
    repair = (codes["SP-11"] + codes["SP-12"], codes["SP-03"], codes["SP-14"])
    assert [n / of["售后服务问题"] for n in repair] == pytest.approx((0.57, 0.33, 0.10), abs=0.03)


def test_they_arrive_within_sixty_days_mostly_in_working_hours() -> None:
    hours = [story.received_at.astimezone(ZONE).hour for story in made()]
    assert sum(9 <= hour < 18 for hour in hours) / len(hours) > 0.6
    assert min(hours) < 8
    assert all(0 <= (NOW - story.received_at).days < DAYS + 1 and story.received_at <= NOW for story in made())


def test_voices_and_languages_are_many() -> None:
    voices = Counter(script.voice for script in scripts())
    assert {"agent", "angry", "business", "chat", "customer", "elderly", "polite", "student"} <= set(voices)
    assert Counter(script.lang for script in scripts())["en"] >= 3


def test_customers_are_fictional_and_each_has_a_telephone_of_their_own() -> None:
    phones = [story.person.phone for story in made()]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"1990000\d{4}", phone) for phone in phones)
    assert all(story.person.email.endswith("@example.com") for story in made())


@pytest.mark.req("C072")
def test_no_letter_uses_a_forbidden_phrase() -> None:
    letters = {story.script.title: story.letter(NOW, agent="李雷") for story in made()}
    letters |= {kind: str(phrases()[kind]) for kind in ("not_valid_letter", "first_contact", "on_the_spot")}
    used = [f"{rule['id']} {title}" for title, letter in letters.items() for rule in rules() if breaks(letter, rule)]
    assert used == []


def rules() -> list[dict[str, str]]:
    levels = {"block", "warn"}
    return [rule for rule in documents()["forbidden_phrases"]["phrases"] if rule["level"] in levels]


def breaks(letter: str, rule: dict[str, str]) -> bool:
    for allowed in rule.get("exceptions", ()):
        letter = letter.replace(allowed, "")
    return bool(re.search(rule["re"], letter)) if "re" in rule else rule["match"] in letter


@pytest.mark.req("C074")
def test_every_letter_apologises_or_thanks_and_names_a_time() -> None:
    feeling = re.compile(
        "抱歉|歉|对不起|理解|谢谢|感谢|过意不去|对不住|没有关系|不着急|笑了|吐槽|赔不是|受累|我们不对|采纳|sorry|apolog|賠|體諒"
    )
    time = re.compile(
        r"\d+月\d+日|今天|明天|今晚|小时|当天|当场|本周|today|January|November|December|October|September"
    )
    bare = [
        story.title
        for story in made()
        if not (feeling.search(letter := story.letter(NOW, agent="李雷")) and time.search(letter))
    ]
    assert bare == []


@pytest.mark.parametrize("at", [NOW, NOW.replace(day=22, hour=19), NOW.replace(month=2, day=17)])
def test_whatever_the_hour_each_stand_is_taken_by_a_story_of_about_the_age(at: datetime) -> None:
    known = leaves()
    grave = frozenset(code for code, leaf in known.items() if leaf["sev"] in {"L1", "L2"})
    complex_ones = frozenset(code for code, leaf in known.items() if leaf["cx"] == "C")
    kinds = fates.Kinds({code: leaf["owner"] for code, leaf in known.items()}, grave, complex_ones)
    told = stories(at)
    dealt = fates.deal(told, at=at, kinds=kinds, rng=Random(1))
    assert set(dealt) == {story.number for story in told}
    waiting = [story for story in told if dealt[story.number].name in {"file", "contact", "take_up"}]
    assert all(at - story.received_at < timedelta(days=4) for story in waiting)
    assert sum(fate.stands for fate in dealt.values()) > 60
