"""Which words of an interface are in the other language."""

import re

HAN = re.compile(r"[\u3400-\u9fff]+")
FULL_WIDTH = re.compile(r"[\u3001-\u3011\uff01-\uff5e]")
LATIN = re.compile(r"[A-Za-z][A-Za-z'’]+")
NOT_WORDS = re.compile(
    r"https?://\S+|[\w.+-]+@[\w.-]+|\b[\w-]+(?:\.[\w-]+)*\.com\b"
    r"|\b[\w-]+\.(?:csv|xlsx|pdf|txt|jpg|png|html|json|docx|zip|yaml)\b|/[\w/.:{}<>?=&-]+"
    r"|\{[^}]*\}|\\g<\w+>|\b[A-Z]+(?:_[A-Z]+)+\b|\b[A-Z]{2,}-[A-Z]+\b|[A-Z]+[A-Za-z]*[-_]?\d[\w-]*"
)
# What Chinese readers write in Latin letters themselves, each with why.
ALLOWED = {
    "Webhook": "no Chinese name in use",
    "Apprise": "the name of a library whose addresses are typed",
    "Outlook": "the name of a program",
    "iCal": "names of formats",
    "ics": "names of formats",
    "yaml": "names of formats",
    "json": "names of formats",
    "STD": "a code of the policy's own document, named where a promise says what it rests on",
    **dict.fromkeys(("CK", "VUL", "tech", "contract", "attitude", "urgent"), "codes of the policy's own document"),
    **dict.fromkeys(("Africa", "America", "Asia", "Australia", "Europe"), "names of time zones"),
    "API": "no Chinese name in use",
    "JSON": "names of formats",
    "CSV": "names of formats",
    "XLSX": "names of formats",
    "PDF": "names of formats",
    "PNG": "names of formats",
    "SVG": "names of formats",
    "YAML": "names of formats",
    "MB": "units of size",
    "KB": "units of size",
    "Ctrl": "as it stands on the key",
    "Enter": "as it stands on the key",
    "Esc": "as it stands on the key",
    "VIP": "said so in Chinese",
    "IVR": "said so in the trade",
    "SKU": "said so in the trade",
    "CXO": "said so in companies",
    "URL": "no Chinese name in use",
    "OKR": "said so in companies",
    "Cookie": "no Chinese name in use",
    **dict.fromkeys(("STARTTLS", "SSL", "TLS"), "names of protocols"),
    "QQ": "the name of a mail service",
    "UTC": "the name of a time zone",
    "WCAG": "the name of a standard",
    "AA": "a level of that standard",
    "BC": "the second and third surfaces of a thing, said so in the trade",
    "Price": "who made the formula",
    "Bonett": "who made the formula",
    "Katz": "who made the formula",
    "Wilson": "who made the formula",
    **dict.fromkeys(("Cohen's", "Kappa"), "who made the formula, and its name in the trade"),
    **dict.fromkeys(("NPS", "CES"), "said so in the trade, beside the Chinese name"),
    "VUL": "a key of the policy's file, cited with it",
    "Erlang": "who made the formula",
    **dict.fromkeys(("ODR", "FCA", "DISP", "CFPB", "GB"), "names of bodies and rules that have no Chinese one in use"),
    **dict.fromkeys(("Who", "What", "When", "Where", "Why", "How", "many"), "5W2H, taught with both words"),
    "English": "a language is named in itself",
    "Huiyin": "the product",
    **dict.fromkeys(("Consumer", "Financial", "Protection", "Bureau"), "an authority abroad, by its name"),
    **dict.fromkeys(("Ombudsman", "Service"), "an authority abroad, by its name"),
}
SAME_IN_ENGLISH = {"中文": "a language is named in itself"}


def strange_in_chinese(words: str, codes: frozenset[str]) -> list[str]:
    return [each for each in LATIN.findall(NOT_WORDS.sub(" ", words)) if each not in ALLOWED and each not in codes]


def strange_in_english(words: str, codes: frozenset[str]) -> list[str]:
    return [each for each in HAN.findall(words) if each not in SAME_IN_ENGLISH] + FULL_WIDTH.findall(words)
