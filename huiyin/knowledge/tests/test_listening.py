"""接收-复述-确认 found in a transcript or in the record of a call, in Chinese and English (RP-03)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.knowledge.listening import STEPS, cues, hear

ALL = list(STEPS)
BACK = STEPS[1:]

SAID = {
    "客服：您好，我是李雷。\n客户：电饭煲用了三次就不通电。\n"
    "客服：我复述一下：电饭煲用了三次不通电，您想换新。\n客服：我这样记对吗？\n客户：对。": ALL,
    "坐席 1001: 您好\n来电人: 昨天没有人上门\n坐席 1001: 您的意思是昨天约好没有人来,是这样吗?\n来电人: 是": ALL,
    "［客服］：您 好\n［客户］：包裹丢了\n［客服］：您说的是包裹没有收到，对\u3000吗": ALL,
    "客服：您的意思是昨天没人来？\n客户张三：是的。": ["restated"],  # nothing was heard before, nothing was asked
    "客服：您好\n客户：您的意思是不给退，对吗？\n客服：稍等。": ["received"],  # the customer restates nothing for us
    "客服：您好\n客户：坏了\n客服：对吗？我复述一下：坏了。": ["received", "restated"],  # asked before, not after
    "客服：您好\n客户：坏了\n客服：还有其他问题吗？对吗？": ["received"],  # a question alone restates nothing
    "客服：复述一下：坏了。\n客户：嗯\n客服：稍等\n客服：查到了\n客服：明天到，对吗": ["restated"],
    "Agent: Hello, this is Lei.\nCaller: My kettle died on day two.\n"
    "Agent: So you\u2019re saying it stopped on day two, is that right?\nCaller: Yes.": ALL,
    "Operator 7: Hi\nCustomer: nobody came\nOperator 7: Let me repeat: nobody came.\nCustomer: yes\n"
    "Operator 7: Did I get that right?": ALL,
    "Agent: Hi\nCaller: nobody came\nAgent: I understand. Right away.": ["received"],
}
WRITTEN = {
    "您反映电饭煲不通电，我复述一下：用了三次。时间、地点和您的要求我这样记对吗？": ALL,
    "听客户讲完后复述了两个问题，客户确认无误。": ALL,
    "客户反映：电饭煲不通电。\n已向客户复述并请客户确认：无误。": ALL,  # no speaker: it tells of one
    "已告知明天上门。": [],
    "没有复述，客户确认收到短信。": [],
    "未向客户复述，对吗是我没问。": [],
    "Listened, repeated back the fault and the wish; she confirmed.": ALL,
    "Read back the address and asked whether that was correct.": BACK,
    "I did not restate the problem. The customer confirmed the date.": [],
    "The light is bright? Restated.": ["restated"],  # "right?" is a word, not the end of one
    "": [],
}


@pytest.mark.req("C069", "B42")
@pytest.mark.parametrize(("text", "wanted"), [*SAID.items(), *WRITTEN.items()])
def test_the_steps_are_found_in_what_was_said_and_in_what_was_written_of_it(text: str, wanted: list[str]) -> None:
    heard = hear(text)

    assert heard.steps == list(wanted)
    assert heard.keeps_rule == ({"restated", "confirmed"} <= set(wanted))


def test_what_shows_a_step_is_told_as_it_was_written() -> None:
    text = "客服：您好\n客户：坏 了。\n客服：我 复述一下：坏了，Ｉｓ that right？"

    heard = hear(text)

    assert [text[slice(*span)] for span in (heard.received, heard.restated, heard.confirmed) if span] == [
        "坏 了。", "我 复述一下", "Ｉｓ that right",
    ]  # fmt: skip


def test_an_administrators_words_for_the_rule_count_as_well() -> None:
    own = cues(["我跟您捋一捋", "这样说行不行吗"])

    assert hear("我跟您捋一捋：坏了。这样说行不行吗", own).keeps_rule
    assert not hear("我跟您捋一捋：坏了。这样说行不行吗").restated


FILLER = st.text(st.characters(exclude_characters=":：\n\r", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(before=FILLER, between=FILLER, text=st.text(max_size=200))
def test_whatever_stands_around_them_the_two_are_found_in_this_order_only(before: str, between: str, text: str) -> None:
    found = hear(f"客服：。{before}。我复述一下。{between}。对吗")
    assert found.restated is not None
    assert found.confirmed is not None
    assert found.restated < found.confirmed
    for span in (each for step in STEPS if (each := getattr(hear(text), step))):
        assert 0 <= span[0] < span[1] <= len(text)
