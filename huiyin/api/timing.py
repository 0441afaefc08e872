"""Endpoints: time. Stopped and resumed, extended, promised, explained, supervised."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from huiyin.api import finding, incoming, outgoing, showing
from huiyin.api.once import once
from huiyin.api.reading import Id
from huiyin.api.tokens import actor_of, member_of
from huiyin.complaints.actions import explaining, extending, promising, urging, waiting
from huiyin.complaints.models import Complaint
from huiyin.supervision.actions import supervising
from huiyin.supervision.models import Supervision

router = Router(tags=["time"])
STANDING = {200: outgoing.Standing}


def _stands(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    return showing.answer(showing.standing(complaint, member_of(request)))


def _shown(request: HttpRequest) -> showing.Shown:
    return showing.Shown(member_of(request), timezone.now())


@router.post("/complaints/{number}/pause", response=STANDING, summary="Stop time for a reason (暂停计时)")
@once
def pause(request: HttpRequest, number: str, body: incoming.PauseIn) -> HttpResponse:
    """Clocks that the reason may pause stand still; waiting for the customer also shows in the state."""
    complaint = finding.complaint(request, number)
    given = body.model_dump(include={"code", "reason", "until", "review", "evidence"})
    waiting.pause(complaint, **given, actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post("/complaints/{number}/resumption", response=STANDING, summary="Let time go on (恢复计时)")
@once
def resume(request: HttpRequest, number: str, body: incoming.ResumptionIn | None = None) -> HttpResponse:
    complaint = finding.complaint(request, number)
    waiting.resume(complaint, codes=body.codes if body else [], actor=actor_of(request), at=timezone.now())
    return _stands(request, complaint)


@router.post(
    "/complaints/{number}/extensions", response={201: outgoing.ExtensionOut}, summary="Ask for time (申请延期)"
)
@once
def ask(request: HttpRequest, number: str, body: incoming.ExtensionIn) -> HttpResponse:
    """Before the promise is broken; once. A supervisor decides."""
    complaint = finding.complaint(request, number)
    clock = finding.clock(complaint, body.clock, body.subject)
    asked = extending.ask(clock, days=body.days, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return showing.answer(_shown(request).extension(asked), 201)


@router.post(
    "/complaints/{number}/extensions/{extension}/verdict",
    response={200: outgoing.ExtensionOut},
    summary="Decide on it (审批延期)",
)
@once
def decide(request: HttpRequest, number: str, extension: Id, body: incoming.VerdictIn) -> HttpResponse:
    """Only before the due moment, by another than who asked, and once the customer has been told."""
    asked = finding.extension(finding.complaint(request, number), extension)
    if body.verdict == "grant":
        extending.grant(asked, actor=actor_of(request), at=timezone.now())
    else:
        extending.refuse(asked, reason=body.reason, actor=actor_of(request), at=timezone.now())
    return showing.answer(_shown(request).extension(asked))


@router.post(
    "/complaints/{number}/breach-reason", response={200: outgoing.Explained}, summary="Say why it is late (超时说明)"
)
@once
def explain(request: HttpRequest, number: str, body: incoming.ReasonIn) -> HttpResponse:
    """One reason for all broken promises that have none; the answer names them."""
    complaint, at = finding.complaint(request, number), timezone.now()
    broken = explaining.explain(complaint, reason=body.reason, actor=actor_of(request), at=at)
    return showing.answer(showing.explained(complaint, broken, member_of(request), at))


@router.post("/complaints/{number}/promises", response={201: outgoing.ClockOut}, summary="Promise a time (承诺时间)")
@once
def promise(request: HttpRequest, number: str, body: incoming.PromiseIn) -> HttpResponse:
    """The customer hears from us by then; a newer promise takes the place of the one that runs."""
    complaint = finding.complaint(request, number, "category", "confirmed_category")
    clock = promising.promise(complaint, until=body.until, actor=actor_of(request), at=timezone.now())
    return showing.answer(showing.clock_of(clock), 201)


@router.post("/complaints/{number}/urging", response={200: outgoing.Urged}, summary="Urge whoever it waits for (催办)")
@once
def urge(request: HttpRequest, number: str) -> HttpResponse:
    """Wherever it is stuck: in review, at work, in audit, before the answer. At most once in 30 minutes."""
    complaint = finding.complaint(request, number)
    count = urging.urge(complaint, actor=actor_of(request), at=timezone.now())
    return showing.answer(outgoing.Urged(number=complaint.number, count=count))


@router.get("/complaints/{number}/supervisions", response=outgoing.SupervisionList, summary="Letters of supervision")
def supervisions(request: HttpRequest, number: str) -> HttpResponse:
    complaint = finding.complaint(request, number)
    rows = Supervision.objects.visible_to(member_of(request)).filter(complaint=complaint)
    shown = _shown(request).of(complaint)
    joined = rows.select_related("issued_by", "words", "answer")
    return showing.answer(outgoing.SupervisionList(items=[shown.supervision(each) for each in joined]))


@router.post("/complaints/{number}/supervisions", response={201: outgoing.SupervisionOut}, summary="Supervise (督办)")
@once
def supervise(request: HttpRequest, number: str, body: incoming.SupervisionIn) -> HttpResponse:
    """Somebody above asks what is being done; an answer is owed."""
    complaint = finding.complaint(request, number)
    order = finding.order_of(request, complaint, body.work_order) if body.work_order else None
    letter = supervising.supervise(
        complaint, words=body.words, answer_by=body.answer_by, order=order, actor=actor_of(request), at=timezone.now()
    )
    return showing.answer(_shown(request).supervision(letter), 201)


@router.post(
    "/complaints/{number}/supervisions/{letter}/answer",
    response={200: outgoing.SupervisionOut},
    summary="Answer it (答复督办)",
)
@once
def answer(request: HttpRequest, number: str, letter: Id, body: incoming.SupervisionAnswerIn) -> HttpResponse:
    owed = finding.supervision(request, finding.complaint(request, number), letter)
    supervising.answer(owed, words=body.words, actor=actor_of(request), at=timezone.now())
    return showing.answer(_shown(request).supervision(owed))
