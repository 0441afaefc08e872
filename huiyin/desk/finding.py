"""What the palette finds: complaints, people, units, and places; each only as far as the member may see it."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.complaints.models import Complaint
from huiyin.desk import queries
from huiyin.desk.queries import Sieve
from huiyin.desk.rows import complaint_rows
from huiyin.desk.shelves import BY_NAME, NEWEST
from huiyin.org.models import Member, Unit

SHOWN = 7
RECENT = 8
LONGEST = 200
DAYS_BACK = 7
_TAIL = re.compile(r"\d{1,5}", re.ASCII)
_PART = re.compile(r"(?:TS)?\d{8}-?\d{0,5}|TS\d{1,8}", re.IGNORECASE | re.ASCII)

Lines = list[dict[str, Any]]


def groups(
    typed: str, member: Member, *, at: datetime, recent: Sequence[str] = (), places: Sequence[dict[str, Any]] = ()
) -> Lines:
    """[{label, items: [{label, url, note, icon, state...}]}], the likeliest first, `places` among them;
    empty groups are left out."""
    words = typed.strip()[:LONGEST]
    if not words:
        found = [{"label": _("最近看过"), "items": recently(recent, member)}, *places]
    else:
        found = [
            {"label": _("投诉"), "items": complaints(words, member, at=at)},
            *places,
            {"label": _("同事"), "items": people(words, member)},
            {"label": _("单位"), "items": units(words, member)},
        ]
    return [group for group in found if group["items"]]


def complaints(words: str, member: Member, *, at: datetime) -> Lines:
    """By number or its end, then by words, customer, telephone, order; at most SHOWN."""
    numbered = _lines(Complaint.objects.visible_to(member).filter(_by_number(words)), member) if _numbers(words) else []
    if len(numbered) >= SHOWN:
        return numbered
    by_words = _lines(queries.on_shelf(BY_NAME["all"], member, Sieve(q=words), at=at), member)
    known = {line["number"] for line in numbered}
    return [*numbered, *(line for line in by_words if line["number"] not in known)][:SHOWN]


def _numbers(words: str) -> bool:
    return bool(_TAIL.fullmatch(words) or _PART.fullmatch(words) or words.upper().startswith("GD"))


def _by_number(words: str) -> Q:
    """The beginning of a number, or the figure at its end within the last days, as one says it aloud."""
    if _TAIL.fullmatch(words):
        today = timezone.localdate()
        days = [today - timedelta(days=back) for back in range(DAYS_BACK)]
        return Q(number__in=[f"TS{day:%Y%m%d}-{int(words):05d}" for day in days])
    if words.upper().startswith("GD"):
        return Q(work_orders__number=words.upper())
    begins = words.upper() if words.upper().startswith("TS") else f"TS{words}"
    if len(begins) > 10 and "-" not in begins:
        begins = f"{begins[:10]}-{begins[10:]}"
    return Q(number__gte=begins, number__lte=begins.ljust(16, "9"))


def recently(numbers: Sequence[str], member: Member) -> Lines:
    """Those that the browser remembers, in its order, as far as they may still be seen."""
    asked = [number for number in dict.fromkeys(numbers) if "\x00" not in number][:RECENT]
    if not asked:
        return []
    lines = _lines(Complaint.objects.visible_to(member).filter(number__in=asked), member)
    return sorted(lines, key=lambda line: asked.index(line["number"]))


def _lines(found: Any, member: Member) -> Lines:
    shelf = BY_NAME["all"]
    rows = complaint_rows(queries.joined(found, shelf).order_by(*NEWEST)[: max(SHOWN, RECENT)], member)
    return [
        {
            "number": row["number"],
            "label": row["title"],
            "note": " · ".join(str(part) for part in (row["number"], row["customer"], row["state_label"]) if part),
            "url": row["url"],
            "icon": "inbox",
        }
        for row in rows
    ]


def people(words: str, member: Member) -> Lines:
    """Colleagues by name or by the beginning of their staff number; it leads to what they have in hand."""
    named = Q(name__icontains=words) | Q(username__istartswith=words)
    found = Member.objects.visible_to(member).active().filter(named).select_related("unit").order_by("name", "id")
    queue = reverse("desk:queue")
    return [
        {
            "label": each.name,
            "note": f"{each.unit.name} · {_('负责的投诉')}",
            "url": f"{queue}?view=all&sort=due&assignee={each.pk}",
            "icon": "user",
        }
        for each in found[:SHOWN]
    ]


def units(words: str, member: Member) -> Lines:
    named = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words)
    found = Unit.objects.visible_to(member).active().filter(named).order_by("path")
    queue = reverse("desk:queue")
    return [
        {"label": each.name, "note": f"{each.code} · {_('有关的投诉')}", "url": f"{queue}?view=all&unit={each.pk}",
         "icon": "building"}
        for each in found[:SHOWN]
    ]  # fmt: skip
