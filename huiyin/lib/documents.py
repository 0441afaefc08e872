"""YAML that a person typed, as plain values that a table of JSON can keep."""

from __future__ import annotations

from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from huiyin.lib.clean import clean_text

DEEPEST: Final = 12
LARGEST: Final = 10**15
# what PyYAML lets through for tags and dates that it cannot make anything of
CRASHES: Final = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


class Unreadable(ValueError):
    """What was typed is no YAML, or says what no setting may; the sentence is for whoever typed it."""


def read(text: str) -> Any:
    """Mappings with names as keys, lists, words, numbers, yes and no. Raises Unreadable."""
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise Unreadable(_("不能使用 YAML 的引用（*）。"))
        value = yaml.safe_load(text)
    except Unreadable:
        raise
    except RecursionError as wrong:
        raise Unreadable(_("嵌套太深，最多 %d 层。") % DEEPEST) from wrong
    except (yaml.YAMLError, *CRASHES) as wrong:
        raise Unreadable(_("看不懂这段 YAML：%s") % str(wrong)[:200]) from wrong
    must_be_plain(value)
    return value


def must_be_plain(value: Any, *, depth: int = 0, at: str = "") -> None:
    """Raises Unreadable for what JSON or PostgreSQL could not keep as it is."""
    place = at or _("全文")
    if depth > DEEPEST:
        raise Unreadable(_("嵌套太深，最多 %d 层。") % DEEPEST)
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not _is_clean(key):
                raise Unreadable(_("“%s”下的键须是文字；数字作键请加引号。") % place)
            must_be_plain(inner, depth=depth + 1, at=key)
    elif isinstance(value, list):
        for inner in value:
            must_be_plain(inner, depth=depth + 1, at=at)
    elif isinstance(value, str):
        if not _is_clean(value):
            raise Unreadable(_("“%s”里有不能保存的控制字符。") % place)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        if not abs(value) <= LARGEST:  # nor is NaN
            raise Unreadable(_("“%s”不是可用的数字。") % place)
    else:
        raise Unreadable(_("“%s”须是文字、数字、是或否；日期请加引号。") % place)


def _is_clean(text: str) -> bool:
    plain = text.strip()
    return clean_text(plain, limit=len(plain)) == plain.replace("\r\n", "\n").replace("\r", "\n")
