"""The clocks of a complaint as chips that say why they stand where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.complaints import proof
from huiyin.complaints.actions.clocks import DROPPED, MOVED_TO
from huiyin.complaints.models import Clock, Pause
from huiyin.desk.clockface import counts_naturally, face_of, openings, worked
from huiyin.desk.reading import Reader
from huiyin.desk.wordings import moment, pause_label, proof_label
from huiyin.lib import spans
from huiyin.sla.explaining import ENGLISH_CLOCKS, explain
from huiyin.sla.policy import Policy
from huiyin.sla.queries import NoPolicy, current, numbered

_FIRST = ("CK-RESOLVE", "CK-FR", "CK-INITFB")
REGULATORY = {"CK-REG": "监管时限", "CK-REG-C": "监管时限（对客户）", "CK-REG-W": "受理机构时限"}
DUE_BY = frozenset({"CK-RESOLVE", "CK-RESOLVE.final", "CK-REG", "CK-REG-C"})  # the complaint is due by the tightest


def clock_label(code: str, names: Mapping[str, str]) -> str:
    """The clock's name in the reader's language, the code where it has none."""
    plain = code.removesuffix(".final")
    short = names.get(plain, code).partition("（")[0]
    name = short if _is_chinese() else ENGLISH_CLOCKS.get(plain, code).capitalize()
    return _("%s（最终）") % name if code.endswith(".final") else name


def clock_names() -> dict[str, str]:
    """One query."""
    try:
        return {**REGULATORY, **{code: clock.zh for code, clock in current().clocks.items()}}
    except NoPolicy:
        return {}


def clock_chips(
    clocks: Iterable[Clock], names: Mapping[str, str], pauses: Sequence[Pause], *, reader: Reader, at: datetime
) -> list[dict[str, Any]]:
    """For desk/case/clocks.html and desk/parts/due.html; running ones first, of them the tightest that the complaint is
    due by, and the complaint's own before its work orders'. Each with its drawing, how it stands in working time, and
    what moved it. One query a policy version."""
    policies: dict[int, Policy] = {}
    chips = [_chip(clock, names, pauses, _policy_of(clock, policies), reader, at) for clock in clocks]
    running = (chip for chip in chips if chip["code"] in DUE_BY and not chip["done_at"])
    tightest = min(running, key=lambda chip: (chip["stands_still"], chip["due_at"]), default=None)

    def place(chip: dict[str, Any]) -> tuple[Any, ...]:
        is_first = tightest is not None and chip["code"] in DUE_BY and chip["due_at"] == tightest["due_at"]
        return chip["done_at"] is not None, not is_first, chip["is_of_order"], chip["place"], chip["due_at"]

    return sorted(chips, key=place)


def _policy_of(clock: Clock, known: dict[int, Policy]) -> Policy | None:
    number = clock.policy_version
    if number not in known:
        try:
            known[number] = numbered(number)
        except NoPolicy:
            return None
    return known[number]


def _chip(
    clock: Clock, names: Mapping[str, str], pauses: Sequence[Pause], policy: Policy | None, reader: Reader, at: datetime
) -> dict[str, Any]:
    why = explain(clock.why, get_language() or "zh-hans")
    holding = [
        each for each in pauses if policy and each.ended_at is None and policy.may_pause(clock.code, each.reason)
    ]
    untils = [each.until_at for each in holding]
    is_regulatory = clock.code in REGULATORY
    return {
        "id": f"clock-{clock.pk}",
        "label": _regulatory_label(clock) if is_regulatory else clock_label(clock.code, names),
        "subject": "" if is_regulatory else clock.subject,
        "key": clock.subject,
        "is_of_order": bool(clock.subject) and not is_regulatory,
        "code": clock.code,
        "due_at": clock.due_at,
        "done_at": clock.stopped_at,
        "breached": clock.breached_at is not None,
        "paused_at": clock.paused_at if clock.is_running else None,
        "stands_still": clock.stands_still,
        "paused_until": max((each for each in untils if each), default=None) if all(untils) else None,
        "why": why,
        "reasons": [(_("理由"), why)] if why else [],
        "explanation": clock.explanation,
        "explanation_words": _told(clock, reader),
        "extensions": list(clock.extensions.all()),
        "place": _FIRST.index(clock.code) if clock.code in _FIRST else len(_FIRST),
        "face": face_of(clock, pauses, policy, at=at) if policy else None,
        **_standing(clock, policy, at),
    }


def _regulatory_label(clock: Clock) -> str:
    name = clock.why.get("name" if _is_chinese() else "name_en", clock.code)
    return f"{clock.why.get('profile', '')} {name}".strip()


def _told(clock: Clock, reader: Reader) -> str:
    if clock.explanation is None or reader.correspondence == "-":
        return ""
    return reader.words(clock.explanation.text)


def _standing(clock: Clock, policy: Policy | None, at: datetime) -> dict[str, Any]:
    """`standing`: met or broken, and by how much, in working time where the promise counts that. `openings`: what is
    still to come of it, so that the page counts down."""
    end = clock.stopped_at or clock.paused_at or at
    is_natural = policy is None or counts_naturally(clock)
    length = None if is_natural or policy is None else worked(policy, end, clock.due_at)
    said = spans.words(clock.due_at - end) if is_natural or length is None else in_hours(length)
    length_words = said if length is None else _("工作时间 %s") % said
    is_late = end > clock.due_at
    if MOVED_TO in clock.why:
        words, length_words = _("改约到 %s"), moment(clock.why[MOVED_TO])
    elif DROPPED in clock.why:
        words, length_words = "%s", _("按新的定级不再适用")
    elif clock.stopped_at is not None:
        words = _("超时 %s") if is_late else _("按时，提前 %s")
    elif clock.paused_at is not None:
        words = _("暂停时已超时 %s") if is_late else _("暂停时还剩 %s")
    else:
        words = _("已超时 %s") if is_late else _("还剩 %s")
    runs = policy is not None and not is_natural and clock.is_running and clock.paused_at is None and not is_late
    coming = openings(policy, at, clock.due_at) if runs and policy else []
    return {
        "standing": words % length_words,
        "is_late": is_late,
        "is_plain": clock.is_running and clock.paused_at is None and length is None and not is_late,  # the chip says it
        "openings": ",".join(f"{int(first.timestamp())}-{int(last.timestamp())}" for first, last in coming),
    }


def in_hours(length: timedelta) -> str:
    """Working time is told in hours and minutes: a day of it means something else to everybody."""
    minutes = int(length.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)d 小时") % {"n": hours}] * bool(hours) + [_("%(n)d 分钟") % {"n": rest}] * bool(rest or not hours)
    return " ".join(parts)


def paused_lines(pauses: Iterable[Pause], reader: Reader, *, at: datetime) -> list[dict[str, Any]]:
    """The history of what did not count, newest first."""
    try:
        reasons: Mapping[str, Any] = current().pause_reasons
    except NoPolicy:
        reasons = {}
    pauses = list(pauses)
    rows = proof.shown(pauses[0].complaint, (each.evidence for each in pauses)) if pauses else {}
    ended = {"member": _("人工恢复"), "customer": _("客户回复"), "system": _("自动恢复")}
    return [
        {
            "row": each,
            "label": pause_label(each.reason, reasons[each.reason].zh if each.reason in reasons else each.reason),
            "words": reader.words(each.note.text) if reader.correspondence != "-" else "",
            "proof": _proof(rows.get(each.evidence), reader),
            "by": each.started_by.name if each.started_by else _("系统"),
            "ended_by": ended.get(each.ended_by, ""),
            "is_outlived": each.outlived_reply(at),
            "length": each.ended_at - each.started_at if each.ended_at else None,
        }
        for each in sorted(pauses, key=lambda pause: pause.started_at, reverse=True)
    ]


def _proof(found: proof.Proof | None, reader: Reader) -> str:
    return reader.words(proof_label(found)) if found and reader.correspondence != "-" else ""


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
