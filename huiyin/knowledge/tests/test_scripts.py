"""Scripts are chosen by what the complaint is, filled with what is known, and said alike in every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from huiyin.knowledge.phrases import Book, check
from huiyin.knowledge.scripts import (
    CHANNELS,
    SLOTS,
    Framing,
    Unfilled,
    Wording,
    fill,
    fill_in,
    for_complaint,
    say,
    slots_of,
)


def named(code: str, wordings: list[Wording]) -> Wording:
    return next(each for each in wordings if each.code == code)


def test_an_unfilled_slot_is_named_and_nothing_is_said(wordings: list[Wording]) -> None:
    with pytest.raises(Unfilled) as refusal:
        fill(named("RS-06", wordings), {"dept": "质量部", "deadline": " "})

    assert refusal.value.slots == ("deadline",)
    assert str(refusal.value) == "答复时限"
    filled = fill(named("RS-06", wordings), {"dept": "质量部", "deadline": "明天18点"})
    assert "{" not in filled
    assert "已请质量部核实，明天18点前" in filled


def test_what_is_not_known_is_marked_for_the_writer(wordings: list[Wording]) -> None:
    text = fill_in(named("RS-06", wordings).text, {"dept": "质量部"})

    assert "质量部" in text
    assert "【待填：答复时限】" in text


def test_every_shipped_slot_has_a_name(wordings: list[Wording], frames: Mapping[str, Framing]) -> None:
    texts = [say(each, channel, frames) for each in wordings for channel in CHANNELS]

    assert {slot for text in texts for slot in slots_of(text)} - set(SLOTS) == set()


@pytest.mark.req("C056")
def test_the_same_script_keeps_its_core_in_every_channel(
    wordings: list[Wording], frames: Mapping[str, Framing]
) -> None:
    broken = [
        (each.code, channel)
        for each in wordings
        for channel in ("phone", "chat", "mail", "sms")
        if each.text not in say(each, channel, frames)
    ]
    assert broken == []

    late = named("RS-10", wordings)
    phone, chat, mail = (say(late, channel, frames) for channel in ("phone", "chat", "mail"))
    assert len({phone, chat, mail}) == 3
    assert phone.startswith("{customer}您好，我是客户服务中心的{agent}。")
    assert mail.startswith("尊敬的{customer}：")
    assert mail.endswith("{agent}")


def test_no_shipped_script_says_what_the_phrase_book_refuses(
    wordings: list[Wording], frames: Mapping[str, Framing], book: Book
) -> None:
    known = dict.fromkeys(SLOTS, "某事")
    refused = [
        (each.code, channel, finding.code)
        for each in wordings
        for channel in CHANNELS
        for finding in check(
            fill(say(each, channel, frames), known), stage=each.stage, emotion=1, is_opening=False, book=book
        )
        if finding.level != "note"
    ]

    assert refused == []


@pytest.mark.req("B21")
def test_a_mail_that_opens_the_talk_greets_and_names_the_agent(
    wordings: list[Wording], frames: Mapping[str, Framing], book: Book
) -> None:
    text = fill(say(named("RS-10", wordings), "mail", frames), dict.fromkeys(SLOTS, "某事"))

    assert [each for each in check(text, stage="reply", emotion=1, is_opening=True, book=book) if each.is_missing] == []


@pytest.mark.req("C056")
def test_a_frame_does_not_greet_twice_nor_ask_after_a_question(
    wordings: list[Wording], frames: Mapping[str, Framing]
) -> None:
    assert say(named("RS-01", wordings), "phone", frames) == named("RS-01", wordings).text
    assert say(named("RS-33", wordings), "mail", frames).count("尊敬的") == 1


@pytest.mark.req("C056")
def test_an_administrators_variant_stands_in_place_of_the_made_one(
    wordings: list[Wording], frames: Mapping[str, Framing]
) -> None:
    own = replace(named("RS-10", wordings), variants={"sms": "包裹{next_time}送到。", "mail": ""})

    assert say(own, "sms", frames) == "包裹{next_time}送到。"
    assert own.text in say(own, "mail", frames)


def chosen(wordings: list[Wording], *, emotion: int = 1, validity: str = "", channel: str = "phone") -> list[str]:
    found = for_complaint(
        wordings,
        codes={"PQ-01"},
        stage=["offer", "reply", "repair"],
        emotion=emotion,
        channel=channel,
        validity=validity,
    )
    return [each.code for each in found]


@pytest.mark.req("D29")
@pytest.mark.parametrize("validity", ["misunderstood", "customers_own", "not_verifiable", "third_party"])
def test_where_we_are_not_at_fault_regret_comes_first_and_nothing_confesses(
    wordings: list[Wording], validity: str
) -> None:
    found = chosen(wordings, validity=validity)

    assert found[:2] == ["RS-31", "RS-32"]
    assert "RS-33" not in found
    assert "RS-33" in chosen(wordings, validity="ours")


@pytest.mark.req("B47")
@pytest.mark.parametrize("validity", ["ours", "shared", "partly"])
def test_where_it_was_our_doing_an_apology_comes_before_any_option(wordings: list[Wording], validity: str) -> None:
    fitting = for_complaint(
        wordings, codes={"PQ-01"}, stage=("handle", "offer"), emotion=1, channel="mail", validity=validity
    )
    assert [each.code for each in fitting[:2]] == ["RS-33", "RS-61"]
    assert "RS-09" in [each.code for each in fitting[2:]]
    unjudged = for_complaint(wordings, codes={"PQ-01"}, stage=("handle", "offer"), emotion=1, channel="mail")
    assert not {"RS-33", "RS-61"} & {each.code for each in unjudged}


def test_what_was_written_for_the_category_comes_before_the_general(wordings: list[Wording]) -> None:
    found = chosen(wordings)

    assert found[0] == "RS-14"
    assert "RS-09" in found
    assert not {"RS-10", "RS-23"} & set(found)


def test_an_excited_customer_is_calmed_first_but_not_in_a_letter(wordings: list[Wording]) -> None:
    assert chosen(wordings, emotion=4)[0] == "RS-04"
    assert "RS-04" not in chosen(wordings, emotion=4, channel="mail")
