"""质检评审 of one case: the scorecard, filled in by one, by two or by a third, as it was; and its appeal."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.forms import Form
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.channels.models import Channel
from huiyin.coaching.actions import appealing, reviewing
from huiyin.coaching.asked import asked_in
from huiyin.coaching.errors import GuardFailed, MayNot, OwnCase, Refused, WasReviewer
from huiyin.coaching.models import Appeal, Card, Review, Sampled, Scored
from huiyin.complaints.actions import drafting
from huiyin.complaints.models import Letter
from huiyin.complaints.wording import SPOKEN
from huiyin.desk import listening, through, unsent
from huiyin.desk.forms.reviews import AppealForm, DecideForm, ScoreForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.reading import Reader
from huiyin.desk.rows import title_of
from huiyin.knowledge import queries as knowledge
from huiyin.org.models import Member, in_language
from huiyin.org.rules import Right
from huiyin.sla.queries import current

LISTENS = "QS-2"
BOTH = 2


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, pk: int) -> HttpResponseBase:
    """What the record shows, and the scorecard: to be filled in once, or as it was."""
    at, case = timezone.now(), _case(request.user, pk)
    if request.method != "POST":
        return _page(request, case, at=at)
    found = _review(case)
    if found is not None:
        messages.error(request, _("这件的评审已经保存，不能再改。"))
        return redirect("desk:review", case.pk)
    if not _may_score(request.user, case):
        raise PermissionDenied
    form = ScoreForm(request.POST, items=asked_in(case.draw).lines, hints=_hints(_heard(case)))
    if not form.is_valid():
        return _page(request, case, at=at, form=form)
    given, has_seen_two = form.cleaned_data, request.POST.get("seen") == str(BOTH)
    try:
        saved = reviewing.review(
            case, marks=form.marks, fatal=given["fatal"], comment=given["comment"], actor=request.user, at=at,
            has_seen_two=has_seen_two,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _case(request.user, pk), at=at, form=form)
    kept = unsent.of_review(case)
    drafting.discard(member=request.user, form=kept.form, complaint=kept.complaint, about=kept.about)
    said = _("评审已保存，处理人可以看到。") if saved else _("您的评分已保存。这件由两人评分，还有一人要评。")
    messages.success(request, said, extra_tags=f"draft:review:{case.pk}")
    return redirect("desk:review", case.pk)


@at_desk
@require_POST
def appeal(request: Request, pk: int) -> HttpResponseBase:
    """By whose score it is."""
    at, case = timezone.now(), _case(request.user, pk)
    found, form = _review(case), AppealForm(request.POST, auto_id="appeal_%s", label_suffix="")
    if found is None or case.agent_id != request.user.pk:
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, case, at=at, appeal_form=form)
    try:
        appealing.appeal(found, reason=form.cleaned_data["reason"], actor=request.user, at=at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case, at=at, appeal_form=form)
    said = _("申诉已提交，由没有评过这件的评审员决定；决定前原分有效。")
    messages.success(request, said, extra_tags=f"draft:appeal:{case.pk}")
    return redirect("desk:review", case.pk)


@at_desk
@require_POST
def decide(request: Request, pk: int) -> HttpResponseBase:
    """By somebody who has not scored the case."""
    at, case = timezone.now(), _case(request.user, pk)
    asked = _appeal(_review(case))
    if asked is None or not request.user.may(Right.SCORE):
        raise PermissionDenied
    form = DecideForm(request.POST, items=asked_in(case.draw).lines, standing=asked.review)
    if not form.is_valid():
        return _page(request, case, at=at, decide_form=form)
    given = form.cleaned_data
    try:
        appealing.decide(
            asked, is_upheld=given["outcome"] == form.REVISE, answer=given["answer"], marks=form.marks,
            fatal=given["fatal"], actor=request.user, at=at,
        )  # fmt: skip
    except (MayNot, OwnCase, WasReviewer) as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Refused as refusal:
        form.add_error("answer" if isinstance(refusal, GuardFailed) else None, str(refusal))
        return _page(request, _case(request.user, pk), at=at, decide_form=form)
    messages.success(request, _("申诉已决定，已通知申诉人和评审员。"), extra_tags=f"draft:decision:{case.pk}")
    return redirect("desk:review", case.pk)


def _page(
    request: Request,
    case: Sampled,
    *,
    at: datetime,
    form: ScoreForm | None = None,
    appeal_form: AppealForm | None = None,
    decide_form: DecideForm | None = None,
) -> HttpResponseBase:
    member, found, heard = request.user, _review(case), _heard(case)
    asked, is_own = _appeal(found), case.agent_id == member.pk
    items = asked_in(case.draw).lines
    if form is None and found is None and _may_score(member, case):
        form = ScoreForm(items=items, hints=_hints(heard))
    last = None
    if found is not None and asked is None and is_own:
        last = appealing.last_day(found)
        if appeal_form is None and current().calendar.local(at).date() <= last:
            appeal_form = AppealForm(auto_id="appeal_%s", label_suffix="")
    if decide_form is None and asked is not None and _may_decide(member, case, asked):
        decide_form = DecideForm(items=items, standing=asked.review)
    cards = _cards_for(member, case, found)
    bad: list[Form | None] = [form, appeal_form, decide_form]
    return show(
        request,
        "desk/reviews/case.html",
        {
            "through": through.standing_at(request, f"review-{case.pk}", at=at),
            "case": case,
            "title": title_of(case.complaint, Reader(member)),
            "channel": Channel(case.complaint.channel).label,
            "is_own": is_own,
            "letters": [{"row": each, "heard": heard.get(each.pk)} for each in _letters(case)],
            "form": form,
            "review": found,
            "shown": _shown(found.standing) if found else None,
            "own_card": next((_shown(each) for each in cards if each.reviewer_id == member.pk), None),
            "beside": _beside(cards) if len(cards) >= BOTH else None,
            "seen": len(cards),
            "appeal": asked,
            "revised": bool(asked and asked.is_upheld),
            "last": last,
            "appeal_form": appeal_form,
            "decide_form": decide_form,
            "review_key": f"review:{case.pk}",
        },
        at=at,
        status=422 if any(each is not None and each.errors for each in bad) else 200,
    )


def _case(member: Member, pk: int) -> Sampled:
    seen = Sampled.objects.visible_to(member).filter(pk=pk)
    whole = seen.select_related(
        "complaint__customer", "agent", "unit", "draw", "review__reviewer", "review__appeal__made_by",
        "review__appeal__decided_by", "review__appeal__revision__reviewer",
    ).prefetch_related(Prefetch("cards", Card.objects.select_related("reviewer")))  # fmt: skip
    found = whole.defer("draw__strata").first()
    if found is None:
        raise Http404
    return found


def _review(case: Sampled) -> Review | None:
    return getattr(case, "review", None)


def _appeal(found: Review | None) -> Appeal | None:
    return getattr(found, "appeal", None) if found else None


def _may_score(member: Member, case: Sampled) -> bool:
    mine = any(each.reviewer_id == member.pk for each in case.cards.all())
    return member.may(Right.SCORE) and case.agent_id != member.pk and not mine


def _may_decide(member: Member, case: Sampled, asked: Appeal) -> bool:
    has_scored = member.pk in {asked.review.reviewer_id, *(each.reviewer_id for each in case.cards.all())}
    return asked.decided_at is None and member.may(Right.SCORE) and case.agent_id != member.pk and not has_scored


def _cards_for(member: Member, case: Sampled, found: Review | None) -> list[Card]:
    """Before it is settled each sees the own card only, but who is to settle both; afterwards those who see scores."""
    cards = list(case.cards.all())
    if case.agent_id == member.pk or not member.may(Right.SEE_SCORES):
        return []
    if found is not None or (len(cards) == BOTH and _may_score(member, case)):
        return cards
    return [each for each in cards if each.reviewer_id == member.pk]


def _shown(scored: Scored) -> dict[str, Any]:
    """A card as it was filled in, in the reader's language."""
    return {
        "row": scored,
        "fatal": [_name(each) for each in scored.fatal],
        "card": [{**each, "name": _name(each), "label": Review.Mark(each["mark"]).label} for each in scored.card],
    }


def _beside(cards: list[Card]) -> dict[str, Any]:
    """Two or three cards item by item."""
    items = {each["code"]: _name(each) for card in cards for each in card.card}
    marks = [{each["code"]: Review.Mark(each["mark"]) for each in card.card} for card in cards]
    return {
        "cards": [{"row": card, "fatal": [_name(each) for each in card.fatal]} for card in cards],
        "rows": [
            {
                "code": code,
                "name": name,
                "marks": [(card.reviewer, by.get(code)) for card, by in zip(cards, marks, strict=True)],
                "differs": marks[0].get(code) != marks[1].get(code),
            }
            for code, name in items.items()
        ],
    }


def _name(item: dict[str, Any]) -> str:
    return in_language(item["name_zh"], item["name_en"])


def _letters(case: Sampled) -> list[Letter]:
    return list(case.complaint.letters.filter(status=Letter.Status.SENT).order_by("sent_at"))


def _heard(case: Sampled) -> dict[int, dict[str, Any]]:
    known = knowledge.listening_cues()
    return {each.pk: listening.found_in(each.body, known) for each in _letters(case) if each.channel in SPOKEN}


def _hints(heard: dict[int, dict[str, Any]]) -> dict[str, str]:
    """QS-2: listen, do not argue; and what the detector found in the records of calls (B46)."""
    said = _("虚心接受，耐心听完，不打断，不与客户争论。")
    if heard:
        kept = sum(each["keeps_rule"] for each in heard.values())
        count = {"all": len(heard), "kept": kept}
        said += _("通话记录 %(all)d 份，%(kept)d 份先复述、再问客户对不对（RP-03）。") % count
    else:
        said += _("没有通话记录。")
    return {LISTENS: said}
