"""The complaint page, its printable form, and the look at the customer's contacts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from huiyin.complaints.actions import keeping
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import Complaint
from huiyin.desk import through
from huiyin.desk.casefile import case_of
from huiyin.desk.deeds import ON_COMPLAINTS
from huiyin.desk.forms import moves
from huiyin.desk.pages import Request, at_desk, show, the_complaint
from huiyin.org.actors import Actor

NOTES = next(deed for deed in ON_COMPLAINTS if deed.verb == "note")
FILES = next(deed for deed in ON_COMPLAINTS if deed.verb == "attach")


@at_desk
@require_safe
def complaint(request: Request, number: str) -> HttpResponse:
    return page(request, the_complaint(request, number), at=timezone.now())


def page(
    request: Request, row: Complaint, *, at: datetime, more: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; `more` brings the form that is open on it, or what has been revealed."""
    given: dict[str, Any] = {"complaint": row, "member": request.user}
    note_form = moves.NoteForm(**given)
    note_form.fields["text"].required = False  # nobody has to write one; an empty one is refused when sent
    context = {
        **case_of(row, request.user, at=at),
        "through": through.standing_at(request, row.number, at=at),
        "note_deed": NOTES,
        "note_key": f"notes:{row.number}",
        "note_form": note_form,
        "attach_deed": FILES,
        "reveal_form": moves.RevealForm(**given),
        **(more or {}),
    }
    return show(request, "desk/complaint.html", context, at=at, status=status)


@at_desk
@require_POST
def contact(request: Request, number: str) -> HttpResponse:
    """The customer's contacts in full, this once; the reason is on the record (D25)."""
    row, at = the_complaint(request, number), timezone.now()
    form = moves.RevealForm(request.POST, complaint=row, member=request.user)
    if not form.is_valid():
        return page(request, row, at=at, more={"reveal_form": form}, status=422)
    try:
        customer = keeping.reveal(row, reason=form.cleaned_data["reason"], actor=Actor.of(request.user), at=at)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page(request, row, at=at, more={"reveal_form": form}, status=403)
    revealed = {"phone": customer.phone, "email": customer.email, "address": customer.address}
    return page(request, row, at=at, more={"revealed": revealed})


@at_desk
@require_safe
def registration_form(request: Request, number: str) -> HttpResponse:
    """客户投诉登记表 on paper, filled in (A24, B27)."""
    row, at = the_complaint(request, number), timezone.now()
    return show(request, "desk/registration_form.html", case_of(row, request.user, at=at), at=at)
