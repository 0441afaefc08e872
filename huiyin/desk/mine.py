"""What 我的工作 tells above the shelves: mentions, reviews of one's own work, and what was begun and not sent."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from huiyin.coaching.models import Sampled
from huiyin.complaints.models import Complaint, Draft, Letter, Mention
from huiyin.complaints.wording import SPOKEN
from huiyin.desk import unsent
from huiyin.desk.reading import Reader
from huiyin.org.models import Member

FIRST = 5
NEW_FOR = timedelta(days=14)
SHOWN_DRAFTS = 10
SHOWN_MENTIONS = 20


def results(member: Member, at: datetime) -> list[Sampled]:
    """Reviews of the member's own work, and appeals that were decided, of the last days."""
    lately = Q(review__reviewed_at__gt=at - NEW_FOR) | Q(review__appeal__decided_at__gt=at - NEW_FOR)
    own = Sampled.objects.visible_to(member).filter(lately).select_related("complaint", "review__appeal__revision")
    return list(own.order_by("-review__reviewed_at", "-id")[:FIRST])


def drafts(member: Member) -> list[dict[str, Any]]:
    """What was begun and not sent: as it was typed last, and letters put aside that were not gone on with since."""
    typed = Draft.objects.visible_to(member).with_moved(member).select_related("complaint")[:SHOWN_DRAFTS]
    found = [_typed(draft) for draft in typed]
    going_on = {(draft["number"], draft["form"]) for draft in found}
    going_on |= {
        (number, Draft.Form.CALL) for number, form in going_on if form == Draft.Form.LETTER
    }  # it takes up both
    aside = [draft for draft in _put_aside(member) if (draft["number"], draft["form"]) not in going_on]
    return sorted([*found, *aside], key=lambda draft: draft["at"], reverse=True)[:SHOWN_DRAFTS]


def _typed(draft: Any) -> dict[str, Any]:
    kind, url = unsent.told(draft)
    return {
        "key": f"typed-{draft.pk}",
        "form": draft.form,
        "kind": kind,
        "url": url,
        "number": draft.complaint.number if draft.complaint else "",
        "step": f"review-{draft.about}" if draft.form == Draft.Form.REVIEW else "",
        "drop": reverse("desk:draft-drop", args=[draft.pk]),
        "text": draft.words[:120],
        "at": draft.saved_at,
        "has_moved": draft.has_moved,
    }


def _put_aside(member: Member) -> list[dict[str, Any]]:
    own = Letter.objects.filter(author=member, status=Letter.Status.DRAFT)
    seen = own.filter(complaint__in=Complaint.objects.visible_to(member)).select_related("complaint")
    return [
        {
            "key": f"letter-{letter.pk}",
            "form": (form := Draft.Form.CALL if letter.channel in SPOKEN else Draft.Form.LETTER),
            "kind": form.label,
            "url": reverse("desk:deed", args=[letter.complaint.number, "letters"]) + f"?channel={letter.channel}",
            "number": letter.complaint.number,
            "text": letter.body[:120],
            "at": letter.created_at,
        }
        for letter in seen.order_by("-id")[:SHOWN_DRAFTS]
    ]


def mentions(member: Member) -> list[dict[str, Any]]:
    reader = Reader(member)
    unseen = Mention.objects.visible_to(member).filter(member=member, seen_at=None)
    return [
        {
            "pk": each.pk,
            "url": reverse("desk:complaint", args=[each.note.complaint.number]) + f"#note-{each.note_id}",
            "number": each.note.complaint.number,
            "author": each.note.author.name if each.note.author else "",
            "text": reader.words(each.note.text)[:200],
            "at": each.note.created_at,
        }
        for each in unseen.select_related("note__complaint", "note__author").order_by("-id")[:SHOWN_MENTIONS]
    ]
