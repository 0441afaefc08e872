"""An expression that a person wrote is read to its end, or it is said that it was not."""

from __future__ import annotations

import pytest

from huiyin.lib import patterns

CATASTROPHIC = ("(a+)+$", "(a|a)*$", "(.*a){12}$", "(?:对不起|对|不起)+！$", "([0-9]+)*x")


@pytest.mark.parametrize("written", CATASTROPHIC)
def test_one_that_tries_every_way_is_refused_before_it_is_kept(written: str) -> None:
    with pytest.raises(patterns.TooSlow):
        patterns.must_be_quick(written)


def test_one_that_is_there_already_gives_up_on_a_text() -> None:
    slow = patterns.pattern("(a+)+$")
    hard = "a" * 5_000 + "!"

    with pytest.raises(patterns.TooSlow):
        slow.search(hard)
    with pytest.raises(patterns.TooSlow):
        slow.finds(hard)
    assert slow.search("aaa") is not None


@pytest.mark.parametrize(
    "written", ["((a{1000}){1000}){1000}", "a{99999999}", "(?:[(a]{200}){0,200}", "(对不起", "[", "(?P<a>b", r"\9"]
)
def test_one_that_cannot_be_read_or_would_fill_the_memory_is_unusable(written: str) -> None:
    with pytest.raises(patterns.Unusable):
        patterns.pattern(written)


@pytest.mark.parametrize(
    "written",
    [
        r"对不起[,，]?\s*但是",
        r"(?<!不)赔偿(您|你)",
        r"(\d{1,2}[:：点]|今天|\d+日)",
        r"(?:某东|某宝).{0,6}(?:骗|差)",
        r"\w+@\w+",
        r"\d{11}|\d{16,19}|\d{17}[\dX]|\d{4}-\d{4}-\d{4}-\d{4}|[a{9999}]",
        "a+",
        "",
    ],
)
def test_a_sound_one_is_taken_whatever_it_looks_around_for(written: str) -> None:
    patterns.must_be_quick(written)


def test_what_it_finds_can_be_named() -> None:
    found = patterns.pattern("(?:无法|不能)(?P<what>退款)")

    [first, second] = found.finds("我们不能退款，无法退款")
    filled = [
        found.filled(template, first) for template in (r"可以\g<what>", r"\g<1>", r"\g<who>\d", "\\g<1》", "\\g<")
    ]
    assert filled == ["可以退款", "退款", r"\g<who>\d", "\\g<1》", "\\g<"]
    assert found.filled(r"可以\g<what>", second) == "可以退款"
    assert [found.has_group(name) for name in ("what", "1", "2", "who")] == [True, True, False, False]
