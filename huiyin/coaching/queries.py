"""Where members stand: best result, how many attempts, until when it is valid."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from huiyin.coaching.models import Attempt
from huiyin.org.models import Member, MemberQuerySet
from huiyin.org.rules import Right


@dataclass(frozen=True)
class Standing:
    best: int
    attempts: int
    valid_until: datetime | None

    def is_valid(self, at: datetime) -> bool:
        return self.valid_until is not None and at < self.valid_until


def standings(viewer: Member, members: Collection[int]) -> dict[tuple[int, int], Standing]:
    """By member and course, of those whose attempts the viewer may see; one query."""
    found = (
        Attempt.objects.visible_to(viewer)
        .filter(member__in=list(members))
        .order_by()
        .values("member", "course")
        .annotate(best=Max("score"), attempts=Count("pk"), until=Max("valid_until"))
    )
    return {(row["member"], row["course"]): Standing(row["best"], row["attempts"], row["until"]) for row in found}


def learners(viewer: Member) -> MemberQuerySet:
    """Whose results the viewer may look at: active members in their reach."""
    if not viewer.may(Right.SEE_TRAINING):
        return Member.objects.none()
    members = Member.objects.visible_to(viewer).active()
    return members if viewer.reach.everything else members.filter(unit__in=sorted(viewer.reach.unit_ids))
