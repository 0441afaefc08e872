"""The words of a kind are changed by an administrator, or taken back to those that came with the product."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.notices import wording
from huiyin.notices.errors import UnknownWords
from huiyin.notices.kinds import Kind, Words
from huiyin.notices.models import Template
from huiyin.notices.queries import wording as words_in_force
from huiyin.org.actions.permitting import must_configure
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change


@transaction.atomic
def phrase(kind: Kind, language: str, *, title: str, body: str, actor: Actor, at: datetime) -> None:
    """From now on the kind is told in these words. Raises MayNotConfigure, UnknownWords."""
    must_configure(actor)
    if faults := wording.faults(f"{title}\n{body}", kind.placeholders):
        raise UnknownWords(faults, kind.placeholders)
    before = words_in_force()(kind.code, language)
    Template.objects.update_or_create(
        kind=kind.code, language=language, defaults={"title": title, "body": body, "changed_at": at}
    )
    _record(kind, language, before, Words(title, body), Change.Verb.AMENDED, actor, at)


@transaction.atomic
def take_back(kind: Kind, language: str, *, actor: Actor, at: datetime) -> None:
    """The shipped words hold again. Raises MayNotConfigure."""
    must_configure(actor)
    before = words_in_force()(kind.code, language)
    Template.objects.filter(kind=kind.code, language=language).delete()
    _record(kind, language, before, kind.words[language], Change.Verb.RESTORED, actor, at)


def _record(
    kind: Kind, language: str, before: Words, after: Words, verb: Change.Verb, actor: Actor, at: datetime
) -> None:
    record(
        Change.Area.MAIL, f"notice-{kind.code}-{language}", label=f"{kind.label_zh} ({language})", verb=verb,
        actor=actor, at=at, before={"title": before.title, "body": before.body},
        after={"title": after.title, "body": after.body},
    )  # fmt: skip
