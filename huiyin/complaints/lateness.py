"""What is late and still without a filed reason: the policy says whether a case goes on without one (C027, sla.yaml
`warnings.requires`)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.complaints.models import Clock, Complaint
from huiyin.lib.phrasing import listed
from huiyin.sla.explaining import clock_name
from huiyin.sla.queries import NoPolicy, current

RESOLUTION = ("CK-RESOLVE", "CK-RESOLVE.final")
PLANS = ("CK-PLAN", "CK-DIAG")
AUTHORITY = ("CK-REG", "CK-REG-C")
# the promises a case stands on: late and unexplained, they hold up its answer and its end; the others (first contact,
# sign-off, review ...) are explained on its page whenever somebody can
HOLDING = (*RESOLUTION, *PLANS, "CK-HANDLE", "CK-AUDIT", *AUTHORITY)


def must_be_filed() -> bool:
    """Whether the policy asks why a promise was broken before the case goes on."""
    try:
        return current().asks_why
    except NoPolicy:
        return False


def _late(at: datetime | None) -> Q:
    broken = Q(breached_at__isnull=False)
    late = broken if at is None else broken | Q(stopped_at=None, paused_at=None, due_at__lt=at)
    return Q(code__in=HOLDING, explanation=None) & late


def unexplained(complaint: Complaint, at: datetime, about: Q | None = None) -> Sequence[Clock]:
    """The late promises that hold the case up (of these, or all), the earliest first; none where the policy does not
    ask."""
    if not must_be_filed():
        return []
    return list(Clock.objects.filter(_late(at), about or Q(), complaint=complaint).order_by("due_at", "id"))


def hold_up(codes: Iterable[str]) -> bool:
    """Whether the case waits for the reason of one of these."""
    return not set(codes).isdisjoint(HOLDING) and must_be_filed()


def waiting_for_reason() -> Q:
    """Which complaints may not close for want of a reason, as a condition on their rows."""
    if not must_be_filed():
        return Q(pk__in=[])
    return Q(Exists(Clock.objects.filter(_late(None), complaint=OuterRef("pk"))))


def sentence(late: Iterable[Clock]) -> str:
    """Which promises are late, by name, and what is to be done."""
    return _("%s已超时：请说明超时原因（备案后才能继续）。") % listed(
        dict.fromkeys(name(each, get_language() or "zh-hans") for each in late)
    )


def name(clock: Clock, language: str) -> str:
    """What the promise is called, with the work order it is about."""
    if clock.code.startswith("CK-REG"):
        given = str(clock.why.get("name" if language.startswith("zh") else "name_en", ""))
        with translation.override(language):
            return given or _("监管时限")
    known = current().clocks.get(clock.code.removesuffix(".final"))
    zh = known.zh.partition("（")[0] if known else clock.code
    return f"{clock_name(clock.code, zh, language)} {clock.subject}".strip()
