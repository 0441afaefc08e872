"""What an event that is about time says: which promise, how far it was, until when, from whom to whom."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from huiyin.complaints.models import Event
from huiyin.desk.promises import clock_label
from huiyin.desk.wordings import moment, pause_heading
from huiyin.lib.phrasing import clauses, listed, noted
from huiyin.org.models import Member

Kind = Event.Kind
Given = Mapping[str, Any]
Clocks = Mapping[str, str]
Members = Mapping[int, Member]


def about(kind: str, given: Given, clocks: Clocks, members: Members) -> str | None:
    """None where the event is not about time."""
    if (said := _OF_CLOCKS.get(kind)) is not None:
        return said(given, clocks)
    if (handed := _OF_ORDERS.get(kind)) is not None:
        return handed(given, members)
    return None


def breached(given: Given, clocks: Clocks) -> str:
    """The clock, what it is of, and by when it was due."""
    return " ".join(part for part in (_clock(given, clocks), moment(given.get("due"))) if part)


def dropped(given: Given, clocks: Clocks) -> list[str]:
    gone = [breached(each, clocks) for each in given.get("dropped", ())]
    return [_("按新的定级不再适用、到此为止的时限：%s") % listed(gone)] if gone else []


def _clock(given: Given, clocks: Clocks) -> str:
    return " ".join(
        part for part in (clock_label(str(given.get("clock", "")), clocks), str(given.get("subject", ""))) if part
    )


def _warned(given: Given, clocks: Clocks) -> str:
    said = _("%(clock)s，已用 %(share)d%%，截止 %(due)s")
    return said % {"clock": _clock(given, clocks), "share": given.get("share", 0), "due": moment(given.get("due"))}


def _paused(given: Given, clocks: Clocks) -> str:
    held = [clock_label(str(code), clocks) for code in given.get("clocks", ())]
    parts = [_("停止计时：%s") % listed(held)] if held else [_("没有停下的时限")]
    if given.get("until"):
        parts.append(_("最晚 %s 恢复") % moment(given["until"]))
    if given.get("review"):
        parts.append(_("%s 再看是否还要等") % moment(given["review"]))
    return clauses(parts)


def _resumed(given: Given, _clocks: Clocks) -> str:
    ended: Sequence[str] = given.get("pauses", ())
    return _("暂停结束：%s") % listed(pause_heading(str(code)) for code in ended) if ended else ""


def _reminded(given: Given, _clocks: Clocks) -> str:
    return noted(pause_heading(str(given.get("pause", ""))), _("第 %s 次") % str(given.get("count", 1)))


def _asked(given: Given, clocks: Clocks) -> str:
    if "days" in given:
        return _("%(clock)s，申请延长 %(time)s") % {"clock": _clock(given, clocks), "time": _days(given["days"])}
    return _("%(clock)s，申请延至 %(due)s") % {"clock": _clock(given, clocks), "due": moment(given.get("due"))}


def _extended(given: Given, clocks: Clocks) -> str:
    said = _("%(clock)s，延至 %(due)s") % {"clock": _clock(given, clocks), "due": moment(given.get("due"))}
    said = noted(said, _days(given["days"])) if given.get("days") else said
    return "\n".join([said, *dropped(given, clocks)])


def _days(days: int) -> str:
    return _("%d 个工作日") % days


def _refused(given: Given, clocks: Clocks) -> str:
    return _("%s，仍按原定时限") % _clock(given, clocks)


def _lapsed(given: Given, clocks: Clocks) -> str:
    why = [_("已重新定级，原申请失效")] if given.get("because") == "regraded" else []
    return clauses([breached(given, clocks), *why])


def _explained(given: Given, clocks: Clocks) -> str:
    """Written as the clocks call themselves: code and, of an order, its number."""
    told = (str(each).partition(" ") for each in given.get("clocks", ()))
    return listed(" ".join(part for part in (clock_label(code, clocks), of) if part) for code, _space, of in told)


def _supervised(given: Given, _members: Members) -> str:
    about_order = [_("工单 %s") % str(given["order"])] if given.get("order") else []
    by = [_("请于 %s 前答复") % moment(given["due"])] if given.get("due") else []
    return clauses([str(given.get("letter", "")), *about_order, *by])


def _taken_back(given: Given, members: Members) -> str:
    order, member = _("工单 %s") % str(given.get("order", "")), members.get(given.get("member") or 0)
    return clauses([order, _("从%s收回") % member.name] if member else [order])


def _offered_on(given: Given, members: Members) -> str:
    member = members.get(given.get("member") or 0)
    said = _("工单 %(order)s → %(unit)s") % {"order": given.get("order", ""), "unit": member.name if member else "—"}
    return clauses([said, _("请于 %s 前签收") % moment(given["due"])] if given.get("due") else [said])


def _authority(given: Given, _members: Members) -> str:
    return f"{given.get('profile', '')} {given.get('rung', '')}".strip()


def _authority_decided(given: Given, members: Members) -> str:
    decision = _("同意") if given.get("granted") else _("不同意")
    before = given.get("before") or {}
    is_moved = given.get("granted") and before.get("due") and given.get("due")
    moved = [f"{moment(before['due'])} → {moment(given['due'])}"] if is_moved else []
    return clauses([_authority(given, members), decision, *moved])


_OF_CLOCKS: dict[str, Callable[[Given, Clocks], str]] = {
    Kind.WARNED: _warned, Kind.BREACHED: breached, Kind.PAUSED: _paused, Kind.RESUMED: _resumed,
    Kind.PAUSE_REMINDED: _reminded, Kind.EXTENSION_ASKED: _asked, Kind.EXTENDED: _extended,
    Kind.EXTENSION_REFUSED: _refused, Kind.EXTENSION_LAPSED: _lapsed, Kind.BREACH_EXPLAINED: _explained,
}  # fmt: skip
_OF_ORDERS: dict[str, Callable[[Given, Members], str]] = {
    Kind.SUPERVISED: _supervised, Kind.SUPERVISION_ANSWERED: _supervised, Kind.TAKEN_BACK: _taken_back,
    Kind.OFFERED_ON: _offered_on, Kind.REGULATORY_ASKED: _authority, Kind.REGULATORY_DECIDED: _authority_decided,
}  # fmt: skip
