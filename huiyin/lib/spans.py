"""Lengths of time in words. frontend/src/moments.ts says the same, so that a ticking page never changes its tone."""

from datetime import timedelta

from django.utils.translation import gettext as _


def words(length: timedelta) -> str:
    """The two largest units, without sign: 3 天 4 小时; 2 小时 5 分钟; 12 分钟."""
    minutes = int(abs(length).total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        parts = [_("%(n)d 天") % {"n": days}] + ([_("%(n)d 小时") % {"n": hours}] if hours and days < 7 else [])
    elif hours:
        parts = [_("%(n)d 小时") % {"n": hours}] + ([_("%(n)d 分钟") % {"n": rest}] if rest and hours < 10 else [])
    else:
        parts = [_("%(n)d 分钟") % {"n": rest}]
    return " ".join(parts)


def took(length: timedelta) -> str:
    """How long something took."""
    return words(length) if length >= timedelta(minutes=1) else _("不到 1 分钟")


def from_now(distance: timedelta) -> str:
    """How long ago (negative) or ahead."""
    if abs(distance) < timedelta(minutes=1):
        return _("刚刚") if distance < timedelta(0) else _("马上")
    return (_("%(span)s前") if distance < timedelta(0) else _("%(span)s后")) % {"span": words(distance)}


def to_deadline(distance: timedelta) -> str:
    """How much is left, or by how much it is late (negative)."""
    if abs(distance) < timedelta(minutes=1):
        return _("即将到期")
    return (_("超时 %(span)s") if distance < timedelta(0) else _("剩 %(span)s")) % {"span": words(distance)}
