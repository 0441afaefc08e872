"""Which words of an interface are in the other language."""

import re

HAN = re.compile(r"[\u3400-\u9fff]+")
FULL_WIDTH = re.compile(r"[\u3001-\u3011\uff01-\uff5e]")
LATIN = re.compile(r"[A-Za-z][A-Za-z'’]+")
NOT_WORDS = re.compile(
    r"https?://\S+|[\w.+-]+@[\w.-]+|\b[\w-]+\.(?:csv|xlsx|pdf|txt|jpg|png|html|json|docx|zip)\b|/[\w/.:{}<>?=&-]+"
    r"|\{[^}]*\}|[A-Z]+[A-Za-z]*[-_]?\d[\w-]*"
)
# What Chinese readers write in Latin letters themselves, each with why.
ALLOWED = {
    "API": "what they call it",
}


def strange_in_chinese(words: str, codes: frozenset[str]) -> list[str]:
    return [each for each in LATIN.findall(NOT_WORDS.sub(" ", words)) if each not in ALLOWED and each not in codes]


def strange_in_english(words: str, codes: frozenset[str]) -> list[str]:
    return HAN.findall(words) + FULL_WIDTH.findall(words)
