"""Being there: a page tells every 20 seconds that somebody has a complaint open. Nothing of it is on the record."""

from datetime import datetime

from huiyin.complaints.models import Complaint, Presence
from huiyin.org.models import Member


def attend(complaint: Complaint, *, member: Member, tab: str, status: Presence.Status, at: datetime) -> None:
    """That page of the member is open, as of now. One statement; the complaint must be visible to them."""
    Presence.objects.bulk_create(
        [Presence(complaint=complaint, member=member, tab=tab, status=status, seen_at=at)],
        update_conflicts=True,
        unique_fields=["complaint", "member", "tab"],
        update_fields=["status", "seen_at"],
    )


def leave(*, member: Member, tab: str) -> None:
    """That page of the member is closed, whatever it showed."""
    Presence.objects.filter(member=member, tab=tab).delete()


def sweep(*, at: datetime) -> int:
    """Forget the pages that have told nothing for long enough; returns how many."""
    return Presence.objects.stale(at).delete()[0]
