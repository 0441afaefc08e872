"""Text from outside: what may be stored of it, and what may be shown to who must not know whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

LIMIT = 20_000

# C0 and C1 controls but tab and newline; bidirectional overrides, which make text read other than it is;
# halves of surrogate pairs
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


class TooLong(ValueError):
    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, at most {limit} are taken")
        self.length = length
        self.limit = limit


def clean_text(raw: str, *, limit: int = LIMIT) -> str:
    """The words as given, trimmed, newlines as \\n, without signs that a database or a reader trips over.

    Raises TooLong: what a customer wrote is never cut in silence.
    """
    text = _FORBIDDEN.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > limit:
        raise TooLong(len(text), limit)
    return text


def clean_line(raw: str, *, limit: int = 500) -> str:
    """clean_text on one line: for names, subjects and headers."""
    return " ".join(clean_text(raw, limit=limit).split())


_SEP = r"[ \-–—.]?"
_PERSONAL: tuple[tuple[re.Pattern[str], str], ...] = (
    # begins at the first letter of a run and gives none back: 20,000 letters without an @ are read once
    (re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++[@＠][A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"), "[邮箱]"),
    (re.compile(rf"(?<!\d)\d{{6}}{_SEP}(?:19|20)\d{{2}}[01]\d[0-3]\d{_SEP}\d{{3}}[\dXx](?![\dA-Za-z])"), "[证件号]"),
    (re.compile(rf"(?<!\d)(?:\+?86{_SEP})?1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}(?!\d)"), "[电话]"),
    (re.compile(rf"(?<!\d)(?:\d{{4}}{_SEP}){{3,4}}\d{{1,7}}(?!\d)"), "[卡号]"),
    (re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3})[ \-–—]?\d{7,8}(?!\d)"), "[电话]"),
    (re.compile(r"(?<![A-Za-z0-9])[EGPSHM]\d{8}(?!\d)"), "[证件号]"),
    (re.compile(r"(?:(?<=微信)|(?<=QQ)|(?<=qq))号?[ :：是为]{0,3}[A-Za-z0-9][A-Za-z0-9_\-]{4,19}"), "[账号]"),
    (re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-Z0-9]{5,6}"), "[车牌]"),
)


def deidentify(text: str) -> str:
    """The text with mail addresses, ID, card, telephone and account numbers replaced by what they were.

    Errs on the side of hiding: a long order number may go as a card number. Names are not recognised.
    """
    for pattern, label in _PERSONAL:
        text = pattern.sub(label, text)
    return text


_ADDRESSES = "先生|女士|小姐|老师|总|经理|阿姨|叔叔|大爷|大妈|同志"


def without_names(text: str, names: Iterable[str], label: str) -> str:
    """The text with these people called `label`, by their whole names and by surname and form of address."""
    known = {name for name in names if name.strip()}
    if not known:
        return text
    bare = {name.removeprefix("客户") for name in known}
    whole = sorted((re.escape(name) for name in known | bare if len(name) > 1), key=len, reverse=True)
    surnames = sorted({f"{re.escape(name[:1])}(?:{_ADDRESSES})" for name in bare if name})
    return re.sub("|".join([*whole, *surnames]), label, text)
