"""对本系统提建议: a member asks for something of the product itself, and is answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.lib import limits
from huiyin.org import errors
from huiyin.org.models import Member, Suggestion
from huiyin.org.rules import Right

MOST_AN_HOUR = 10
LONGEST = 2000


@transaction.atomic
def suggest(*, member: Member, text: str, screen: str, path: str, version: str, at: datetime) -> Suggestion:
    """Kept as new, with the screen and the version it is about. Raises SuggestionEmpty, TooManySuggestions."""
    if not text.strip():
        raise errors.SuggestionEmpty
    if not limits.hit(f"suggest:{member.pk}", limit=MOST_AN_HOUR, per_seconds=3600, at=at):
        raise errors.TooManySuggestions
    return Suggestion.objects.create(
        member=member, text=text.strip()[:LONGEST], screen=screen[:100], path=path[:200], version=version, made_at=at
    )


@transaction.atomic
def answer(suggestion: Suggestion, *, state: Suggestion.State, text: str, actor: Member, at: datetime) -> None:
    """Whoever suggested it sees what becomes of it, and why. Raises MayNotAnswer, AnswerMissing."""
    if not actor.may(Right.ANSWER_SUGGESTIONS):
        raise errors.MayNotAnswer
    if state == Suggestion.State.DECLINED and not text.strip():
        raise errors.AnswerMissing
    held = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    held.state, held.answer, held.answered_by, held.answered_at = state, text.strip(), actor, at
    held.save(update_fields=["state", "answer", "answered_by", "answered_at"])
