"""A form that is begun: its key on the page, its row on the server, and the way back to it."""

import re
from dataclasses import dataclass

from django.urls import reverse

from huiyin.coaching.models import Sampled
from huiyin.complaints.models import Complaint, Draft, Letter
from huiyin.desk.deed import Deed
from huiyin.desk.deeds import ON_COMPLAINTS
from huiyin.desk.order_deeds import ON_ORDERS
from huiyin.dispatch.models import WorkOrder
from huiyin.org.models import Member

KEY = re.compile(r"([a-z-]{1,40}):([A-Za-z0-9-]{1,40})")
OF_THE_RECORD = {Draft.Form.NOTE, Draft.Form.LETTER, Draft.Form.CALL}
DEEDS: dict[str, Deed] = {each.noun: each for each in ON_COMPLAINTS if not each.is_plain}
ORDER_DEEDS: dict[str, Deed] = {each.noun: each for each in ON_ORDERS if not each.is_plain}


@dataclass(frozen=True)
class Place:
    """Where a draft is kept: one for each member, form, complaint, and what of it."""

    form: Draft.Form
    complaint: Complaint | None
    about: str = ""


def place_of(key: str, member: Member) -> Place | None:
    """Of `intake`, `notes:NUMBER` (letters, calls), `DEED:NUMBER` of a complaint or an order, `review:ID`.

    None for what is no form, or is of a complaint that the member does not see.
    """
    if key == Draft.Form.INTAKE:
        return Place(Draft.Form.INTAKE, None)
    if (named := KEY.fullmatch(key)) is None:
        return None
    noun, name = named.groups()
    if noun == "review":
        return _of_review(name, member)
    seen = Complaint.objects.visible_to(member)
    if (noun in OF_THE_RECORD or noun in DEEDS) and (complaint := seen.filter(number=name).first()) is not None:
        return Place(Draft.Form(noun), complaint) if noun in OF_THE_RECORD else of_deed(noun, complaint)
    if noun not in ORDER_DEEDS:
        return None
    order = WorkOrder.objects.visible_to(member).filter(number=name, complaint__in=seen).select_related("complaint")
    return next((of_deed(noun, found.complaint, found) for found in order), None)


def of_deed(noun: str, complaint: Complaint, order: WorkOrder | None = None) -> Place | None:
    """Of the form of one deed; None for what is one press."""
    if order is not None:
        return Place(Draft.Form.ORDER, complaint, f"{order.number}:{noun}") if noun in ORDER_DEEDS else None
    return Place(Draft.Form.DEED, complaint, noun) if noun in DEEDS else None


def of_review(case: Sampled) -> Place:
    return Place(Draft.Form.REVIEW, case.complaint, str(case.pk))


def _of_review(name: str, member: Member) -> Place | None:
    if not (name.isascii() and name.isdigit() and len(name) < 10):
        return None
    case = Sampled.objects.visible_to(member).select_related("complaint").filter(pk=int(name)).first()
    return of_review(case) if case else None


def key_of(draft: Draft) -> str:
    """As place_of() reads it."""
    number = draft.complaint.number if draft.complaint else ""
    match draft.form:
        case Draft.Form.INTAKE:
            return str(draft.form)
        case Draft.Form.REVIEW:
            return f"review:{draft.about}"
        case Draft.Form.ORDER:
            order, noun = draft.about.split(":")
            return f"{noun}:{order}"
        case Draft.Form.DEED:
            return f"{draft.about}:{number}"
    return f"{draft.form}:{number}"


def told(draft: Draft) -> tuple[str, str]:
    """What it is called, and where one goes on with it."""
    number = draft.complaint.number if draft.complaint else ""
    label = str(draft.get_form_display())
    match draft.form:
        case Draft.Form.INTAKE:
            return label, reverse("desk:intake")
        case Draft.Form.NOTE:
            return label, reverse("desk:complaint", args=[number]) + "#composer"
        case Draft.Form.LETTER:
            return label, reverse("desk:deed", args=[number, "letters"])
        case Draft.Form.CALL:
            return label, reverse("desk:deed", args=[number, "letters"]) + f"?channel={Letter.Channel.PHONE}"
        case Draft.Form.REVIEW:
            return label, reverse("desk:review", args=[int(draft.about)])
        case Draft.Form.ORDER:
            order, noun = draft.about.split(":")
            named = ORDER_DEEDS.get(noun)
            return str(named.submit) if named else label, reverse("desk:order-deed", args=[order, noun])
    named = DEEDS.get(draft.about)
    return str(named.submit) if named else label, reverse("desk:deed", args=[number, draft.about])
