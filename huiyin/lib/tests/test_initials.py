"""What is typed for a Chinese word by its sounds' first letters."""

import pytest

from huiyin.lib.initials import initials

SAID = {
    "督办看板": "dbkb", "时限政策": "sxzc", "投诉类别": "tslb", "啊": "a", "做": "z", "AI 质检 8D": "aizj8d", "，": "",
}  # fmt: skip


@pytest.mark.parametrize(("words", "typed"), SAID.items())
def test_the_first_letters_of_how_it_is_said(words: str, typed: str) -> None:
    assert initials(words) == typed
