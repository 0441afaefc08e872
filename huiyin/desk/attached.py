"""Files of a complaint as a page shows them, to those who may read what they came with."""

from collections.abc import Iterable
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
    attachments: Iterable[Attachment], notes: Iterable[Note], letters: Iterable[Letter], reader: Reader
) -> list[Attachment]:
    """As Attachment.visible_to() has it, of rows that the page has already; a name may say whose a file is, so whoever
    reads in part knows of none."""
    if not reader.is_full:
        return []
    reads_words = reader.correspondence != "-"
    of_notes = {pk for note in notes if note.withdrawn_at or not reads_words for pk in note.enclosed}
    of_letters = {pk for letter in letters if not reads_words for pk in letter.enclosed}
    return [
        each for each in attachments if each.pk not in of_notes and (each.is_from_customer or each.pk not in of_letters)
    ]
