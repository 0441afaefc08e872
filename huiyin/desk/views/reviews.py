"""质检评审: what a month's draw took, by whom it is to be looked at, and the scorecard of one case."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.channels.models import Channel
from huiyin.coaching.actions import drawing
from huiyin.coaching.agreement import LEAST_CARDS
from huiyin.coaching.asked import asked_in
from huiyin.coaching.errors import Refused
from huiyin.coaching.models import Draw, Sampled
from huiyin.coaching.queries import agreement_until
from huiyin.desk.forms.reviews import DrawForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.lib import keyset
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right

SIZE = 50
BACK = 12  # months that may be drawn by hand
WAITING = "waiting"
TABS = {
    WAITING: Q(review=None),
    "done": Q(review__isnull=False),
    "appeals": Q(review__appeal__isnull=False, review__appeal__decided_at=None),
}


@at_desk
@require_safe
def reviews(request: Request) -> HttpResponse:
    """The chosen month's cases, waiting or done; to those who see no scores, what was found of their own."""
    return _list(request, at=timezone.now())


def _list(request: Request, *, at: datetime, form: DrawForm | None = None, status: int = 200) -> HttpResponse:
    member = request.user
    is_own = not member.may(Right.SEE_SCORES)
    draws = list(Draw.objects.visible_to(member).defer("strata").select_related("drawn_by"))
    asked = [each for each in draws if f"{each.month:%Y-%m}" == request.GET.get("month")]
    draw = next(iter([*asked, *draws]), None)
    seen = Sampled.objects.visible_to(member)
    seen = seen if is_own else seen.filter(draw=draw)
    tab = "done" if is_own else str(request.GET.get("tab"))
    tab = tab if tab in TABS else WAITING
    counts = seen.order_by().aggregate(**{name: Count("pk", filter=chosen) for name, chosen in TABS.items()})
    shown = (
        seen.filter(TABS[tab])
        .select_related(
            "complaint__customer", "agent", "unit", "review__reviewer", "review__appeal__revision__reviewer"
        )
        .prefetch_related("cards")
    )
    try:
        page = keyset.page(shown, order=("-id",), size=SIZE, cursor=request.GET.get("cursor"))
    except keyset.BadCursor:
        page = keyset.page(shown, order=("-id",), size=SIZE)
    base = f"?tab={tab}" + (f"&month={draw.month:%Y-%m}" if draw else "")
    context = {
        "is_own": is_own,
        "draws": draws,
        "draw": draw,
        "tab": tab,
        "tabs": [] if is_own else _tabs(draw, tab, counts),
        "rows": [_row(each, Reader(member)) for each in page.rows],
        "agreement": None if is_own or draw is None else _agreement(draw),
        "form": form or _draw_form(request, draws, at),
        "previous_url": f"{base}&cursor={page.previous}" if page.previous else "",
        "next_url": f"{base}&cursor={page.next}" if page.next else "",
    }
    return show(request, "desk/reviews/list.html", context, at=at, status=status)


def _tabs(draw: Draw | None, tab: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    month = f"&month={draw.month:%Y-%m}" if draw else ""
    words = {WAITING: _("待评审"), "done": _("已评审"), "appeals": _("申诉待决定")}
    return [
        {"label": label, "url": f"?tab={name}{month}", "count": counts[name], "is_current": name == tab}
        for name, label in words.items()
    ]


def _row(case: Sampled, reader: Reader) -> dict[str, Any]:
    found = getattr(case, "review", None)
    return {
        "case": case,
        "title": title_of(case.complaint, reader),
        "channel": Channel(case.complaint.channel).label,
        "review": found,
        "standing": found.standing if found else None,
        "appeal": getattr(found, "appeal", None),
        "step": _step(case, reader.member) if found is None and case.is_twice else "",
    }


def _step(case: Sampled, member: Member) -> str:
    """Of a case that two score: whose turn it is."""
    cards = case.cards.all()
    if len(cards) == 1 and cards[0].reviewer_id == member.pk:
        return _("您已评，等另一位")
    return (_("双人评分"), _("待第二人评分"), _("相差较大，待第三人定分"))[len(cards)]


def _agreement(draw: Draw) -> dict[str, Any]:
    """Cohen's kappa of the year that ends with the month, as it is said."""
    found, threshold = agreement_until(draw.month), asked_in(draw).agreement / 100
    verdict = found.verdict(threshold)
    return {
        "row": found,
        "kappa": None if found.kappa is None else f"{found.kappa:.2f}",
        "interval": f"{found.low:.2f} – {found.high:.2f}",
        "threshold": f"{threshold:.2f}",
        "verdict": verdict,
        "least": LEAST_CARDS,
    }


def _draw_form(request: Request, draws: list[Draw], at: datetime, data: Any = None) -> DrawForm | None:
    """For the months that are over and were not drawn; None where there is none, or not this member's to draw."""
    if not request.user.may(Right.DRAW_SAMPLE):
        return None
    last, known = drawing.month_before(at), {each.month for each in draws}
    count = last.year * 12 + last.month - 1
    months = [date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(BACK)]
    left = [each for each in months if each not in known]
    return DrawForm(data, months=left) if left else None


@at_desk
@require_POST
def draw(request: Request) -> HttpResponseBase:
    """By hand: a month that is over and that the worker has not drawn."""
    at = timezone.now()
    form = _draw_form(request, list(Draw.objects.visible_to(request.user).defer("strata")), at, request.POST)
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        return _list(request, at=at, form=form, status=422)
    try:
        made, _is_new = drawing.draw_month(form.cleaned_data["month"], actor=Actor.of(request.user), at=at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _list(request, at=at, form=form, status=422)
    said = {"month": f"{made.month:%Y-%m}", "population": made.population, "size": made.size}
    messages.success(request, _("%(month)s 结案 %(population)d 件，随机抽取 %(size)d 件。") % said)
    return redirect(f"{reverse('desk:reviews')}?month={made.month:%Y-%m}")
