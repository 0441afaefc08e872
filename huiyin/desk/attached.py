"""Files of a complaint as a page shows them, to those who may read what they came with."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from huiyin.complaints.models import Attachment, Letter, Note
from huiyin.desk.reading import Reader


def shown(kept: Attachment, number: str) -> dict[str, Any]:
    """For desk/parts/attachment.html."""
    place = [number, kept.pk]
    return {
        "name": kept.name,
        "url": reverse("desk:attachment", args=place),
        "preview_url": reverse("desk:attachment-preview", args=place) if kept.is_image else "",
        "size": kept.size,
        "media_type": kept.media_type,
        "by": kept.added_by.name if kept.added_by else "",
        "at": kept.added_at,
        "is_from_customer": kept.is_from_customer,
    }


def readable(
    attachments: Iterable[Attachment], notes: Sequence[Note], letters: Iterable[Letter], number: str, reader: Reader
) -> list[dict[str, Any]]:
    """What came with notes and letters only to those who read these; what came with a withdrawn note to nobody."""
    if not reader.is_full:
        return []
    hidden = {pk for note in notes if note.withdrawn_at is not None for pk in note.enclosed}
    if reader.correspondence == "-":
        hidden.update(pk for note in notes for pk in note.enclosed)
        hidden.update(pk for letter in letters for pk in letter.enclosed)
    return [shown(each, number) for each in attachments if each.pk not in hidden]
