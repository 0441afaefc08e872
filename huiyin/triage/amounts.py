"""Numbers as people write them: 10万, 十万元, 12,000元, ¥3.5万, 三十几户, 上百名."""

from __future__ import annotations

import re
from typing import Final

DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
UNITS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
LIMIT: Final = 10**13  # more than anybody claims; keeps a telephone number or a joke from being an amount

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,13}(?:\.\d{1,4})?|[零〇一二两三四五六七八九十百千]+"
_MONEY: Final = re.compile(
    rf"(?P<sign>[¥￥$]|rmb|cny)?\s?(?P<n>{_NUMBER})\s?[多余几来]?\s?(?P<u>[百千十]?[万亿]|[千百wk](?![a-z]))?"
    r"(?P<tail>[一二三四五六七八九1-9](?![\d.])千?)?[多余]?\s?(?P<cur>元|块|圆|人民币|rmb|cny|yuan)?",
    re.ASCII,
)
_LATIN_UNITS: Final = {"w": 10_000, "k": 1000}
_SOME: Final = {
    "十几": 11, "十余": 11, "十多": 11, "几十": 20, "数十": 20, "好几十": 20, "上百": 100, "近百": 90, "百余": 100,
    "几百": 200, "数百": 200, "好几百": 200, "上千": 1000, "近千": 900, "几千": 2000, "数千": 2000, "成百上千": 200,
    "上万": 10_000, "近万": 9000, "几万": 20_000, "数万": 20_000, "十万": 100_000, "十几万": 110_000, "几十万": 200_000,
    "数十万": 200_000, "上百万": 1_000_000, "几百万": 2_000_000, "数百万": 2_000_000, "上千万": 10_000_000,
}  # fmt: skip
COUNT: Final = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+|"
    + "|".join(sorted(_SOME, key=len, reverse=True))
    + r")[多余几来]?(?:千|百)?[万亿]?[多余]?"
)


def numeral(word: str) -> float:
    """A number in digits or Chinese numerals, 0 where it is none: 三万五 is 35000, 1.2万 is 12000."""
    word = word.replace(",", "").rstrip("多余几来")
    if word in _SOME:
        return _SOME[word]
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)[多余几来]?([十百千]?)([万亿]?)", word):
        value = float(match[1]) * UNITS.get(match[2], 1) * UNITS.get(match[3], 1)
        return min(value, LIMIT)
    return _chinese(word)


def _chinese(word: str) -> float:
    total = section = digit = 0
    last = 1
    for char in word:
        if char in DIGITS:
            digit = DIGITS[char]
            if char in "零〇":
                last = 1
        elif (unit := UNITS.get(char, 0)) >= 10_000:
            total = (total + section + digit or 1) * unit
            section = digit = 0
            last = unit // 10
        elif unit:
            section += (digit or 1) * unit
            digit, last = 0, unit // 10
        else:
            return 0
    return min(total + section + digit * (last if last >= 10 else 1), LIMIT)


def largest_cny(text: str) -> float:
    """The largest amount of money in the text, 0 without one. A bare number is money only with 万 or 亿 behind it
    or a currency at it; 5万户 and 3万公里 are no money."""
    largest = 0.0
    for match in _MONEY.finditer(text):
        unit = match["u"] or ""
        if not (match["sign"] or match["cur"] or unit in {"万", "亿", "w"} or unit[1:] in {"万", "亿"}):
            continue
        if not match["sign"] and not match["cur"] and _OTHER_UNIT.match(text, match.end()):
            continue
        value = numeral(match["n"])
        for char in unit:
            value *= UNITS.get(char) or _LATIN_UNITS[char]
        if tail := match["tail"]:
            value += numeral(tail[0]) * ((UNITS[unit[-1]] if unit and unit[-1] in UNITS else 10) // 10)
        largest = max(largest, min(value, LIMIT))
    return largest


_OTHER_UNIT: Final = re.compile(
    r"\s?(?:[个户名位人条件台辆吨斤次亩米平度字步]|公里|千米|小时|粉|年|天|吨|股|票|套|份|张|多[个户名人条])"
)
