"""The first letters of how Chinese words are said, as one types them to find something quickly: 督办看板 is dbkb.

Of the 3,755 commonest characters, which GB 2312 keeps in the order of their sound; of one that is said in two ways the
first. Other characters are left out, Latin letters and figures stay.
"""

from bisect import bisect_right
from typing import Final

_LETTERS: Final = "abcdefghjklmnopqrstwxyz"
_BEGINS: Final = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_END: Final = 0xD7F9


def initials(words: str) -> str:
    return "".join(map(_initial, words)).lower()


def _initial(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    code = int.from_bytes(character.encode("gb2312", errors="ignore"), "big")
    return _LETTERS[bisect_right(_BEGINS, code) - 1] if _BEGINS[0] <= code <= _END else ""
