"""The templates of long lists, `<app>/jinja2/`: compiled to Python, where Django's are walked node by node.

They have what a row needs: `_`, `icon`, `part` (any partial of the pages, remembered), and `moment` and `due_chip`,
which are told `now`. Django's backend switches escaping on.
"""

from datetime import datetime
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from jinja2 import Environment

from huiyin.lib.templatetags import assets, parts, times


def environment(**options: Any) -> Environment:
    made = Environment(**options)
    made.globals.update(_=gettext, icon=assets.icon, part=parts.part, moment=_moment, due_chip=_due_chip)
    return made


def _moment(at: datetime, now: datetime) -> SafeString:
    return times.moment(Context({"now": now}), at)


def _due_chip(now: datetime, at: datetime, done_at: datetime | None = None, is_paused: object = False) -> SafeString:
    return times.due_chip(Context({"now": now}), at, done_at, is_paused)
