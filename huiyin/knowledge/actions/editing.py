"""Scripts, words to avoid and the texts of letters are changed by an editor, each change on record (org.Change).

None is deleted: a script or a rule is switched off, a letter is said as shipped again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.knowledge import letters
from huiyin.knowledge.errors import CodeTaken, MayNotEdit, TextUnsound
from huiyin.knowledge.models import Frame, LetterText, Named, Phrase, Script
from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.org.rules import Right

Row = TypeVar("Row", Script, Phrase)
Values = Mapping[str, Any]
PARTS = ("subject_zh", "body_zh", "subject_en", "body_en")


def _must_edit(actor: Actor) -> None:
    if not actor.may(Right.EDIT_KNOWLEDGE):
        raise MayNotEdit


@transaction.atomic
def add(model: type[Row], *, code: str, values: Values, actor: Actor, at: datetime) -> Row:
    """A new script or rule. Raises MayNotEdit, CodeTaken, ValidationError."""
    _must_edit(actor)
    if model._default_manager.filter(code=code).exists():
        raise CodeTaken(code)
    row = model(code=code, **values)
    row.full_clean()
    row.save()
    said = {name: getattr(row, name) for name in values}
    _record(row, Change.Verb.ADDED, {}, said, actor, at)
    return row


@transaction.atomic
def amend(row: Script | Phrase | Frame, *, values: Values, actor: Actor, at: datetime) -> bool:
    """It says so from now on; False where it did already. Raises MayNotEdit, ValidationError."""
    _must_edit(actor)
    held = type(row)._default_manager.select_for_update().get(pk=row.pk)
    before = {name: getattr(held, name) for name in values}
    if before == dict(values):
        return False
    for name, value in values.items():
        setattr(held, name, value)
    held.full_clean()
    held.save(update_fields=[*values, "updated_at"])
    verb = Change.Verb.AMENDED
    if before.get("is_active") != values.get("is_active"):
        verb = Change.Verb.RESTORED if values["is_active"] else Change.Verb.RETIRED
    _record(held, verb, before, dict(values), actor, at)
    return True


def _record(
    row: Script | Phrase | Frame, verb: Change.Verb, before: Values, after: Values, actor: Actor, at: datetime
) -> None:
    subject = row.channel if isinstance(row, Frame) else row.code
    label = row.name if isinstance(row, Named) else str(row)
    record(
        Change.Area.WORDING, subject, label=label, verb=verb, before=before or None, after=after, actor=actor, at=at
    )  # fmt: skip


@transaction.atomic
def word(code: str, *, texts: Mapping[str, str], actor: Actor, at: datetime) -> bool:
    """The company's own text of what the product sends; what is empty, or as shipped, is said as shipped. False where
    nothing changed. Raises MayNotEdit, TextUnsound."""
    _must_edit(actor)
    shipped = letters.SHIPPED[code]
    own = {part: _own(shipped, part, texts.get(part, "")) for part in PARTS}
    if faults := [*_faults(shipped, own)]:
        raise TextUnsound(faults)
    row = LetterText.objects.select_for_update().filter(code=code).first()
    before = {part: getattr(row, part) if row else "" for part in PARTS}
    if before == own:
        return False
    if any(own.values()):
        LetterText.objects.update_or_create(code=code, defaults=own)
    else:
        LetterText.objects.filter(code=code).delete()
    verb = Change.Verb.AMENDED if any(own.values()) else Change.Verb.RESTORED
    name = str(shipped.name)
    record(Change.Area.LETTERS, code, label=name, verb=verb, before=before, after=own, actor=actor, at=at)
    return True


def as_shipped(code: str, *, actor: Actor, at: datetime) -> bool:
    """Back to the text that came with the product. Raises MayNotEdit."""
    return word(code, texts={}, actor=actor, at=at)


def _own(shipped: letters.Shipped, part: str, text: str) -> str:
    name, _ending, language = part.partition("_")
    given = text.replace("\r\n", "\n").strip()
    is_shipped = given == shipped.said(name, letters.ENGLISH if language == "en" else letters.CHINESE)
    return "" if is_shipped or not shipped.has(name) else given


def _faults(shipped: letters.Shipped, own: Mapping[str, str]) -> list[str]:
    known = "、".join(f"{{{slot}}}" for slot in shipped.slots)
    faults = []
    for part, text in own.items():
        if unknown := [slot for slot in letters.slots_of(text) if slot not in shipped.slots]:
            wrong = "、".join(f"{{{slot}}}" for slot in unknown)
            faults.append(_("没有这样的填空：%(wrong)s。这里可以用：%(known)s") % {"wrong": wrong, "known": known})
        missing = [slot for slot in shipped.needed if f"{{{slot}}}" not in text] if part.startswith("body") else []
        if text and missing:
            faults.append(_("正文里缺少 %s，客户收到也没有用。") % "、".join(f"{{{slot}}}" for slot in missing))
        if len(text) > shipped.longest:
            faults.append(_("太长，最多 %d 个字。") % shipped.longest)
    return list(dict.fromkeys(faults))
