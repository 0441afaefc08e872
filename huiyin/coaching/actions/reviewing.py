"""A reviewer scores a drawn complaint: once, and never their own."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.coaching.errors import AlreadyReviewed, GuardFailed, MayNot, OwnCase
from huiyin.coaching.models import Review, Sampled, ScoreItem
from huiyin.coaching.scoring import score
from huiyin.org.models import Member
from huiyin.org.rules import Right


@transaction.atomic
def review(
    case: Sampled, *, marks: Mapping[str, str], fatal: Collection[str] = (), comment: str, actor: Member, at: datetime
) -> Review:
    """`marks` by the items' codes, `fatal` the codes of what makes it naught. Of two, the second is AlreadyReviewed."""
    if not actor.may(Right.SCORE):
        raise MayNot
    held = Sampled.objects.select_for_update().get(pk=case.pk)
    if held.agent_id == actor.pk:
        raise OwnCase
    if Review.objects.filter(case=held).exists():
        raise AlreadyReviewed
    if not comment.strip():
        raise GuardFailed("comment", _("请写评语。"))
    items = list(ScoreItem.objects.all())
    asked = [each for each in items if not each.is_fatal]
    broken = [each for each in items if each.is_fatal and each.code in fatal]
    try:
        reached = score({each.code: each.weight for each in asked}, marks, is_fatal=bool(broken))
    except ValueError as wrong:
        raise GuardFailed("marks", _("每一项都须评分，且至少有一项适用。")) from wrong
    return Review.objects.create(
        case=held,
        reviewer=actor,
        reviewed_at=at,
        card=[{**_named(each), "weight": each.weight, "mark": marks[each.code]} for each in asked],
        fatal=[_named(each) for each in broken],
        score=reached,
        comment=comment.strip(),
    )


def _named(item: ScoreItem) -> dict[str, str]:
    return {"code": item.code, "name_zh": item.name_zh, "name_en": item.name_en}
