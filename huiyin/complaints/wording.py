"""Whether words may go to the customer of this complaint: the phrase book, read for the occasion (B21, D28)."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from huiyin.complaints.errors import PhraseBlocked
from huiyin.complaints.models import Complaint, Letter
from huiyin.knowledge import phrases, queries
from huiyin.knowledge.phrases import Finding
from huiyin.knowledge.scripts import AT_FAULT, fill_in

SPOKEN = frozenset({Letter.Channel.PHONE, Letter.Channel.COUNTER})


def findings(complaint: Complaint, text: str, *, channel: str, is_final: bool) -> list[Finding]:
    """What the book says of the text as a letter in that channel.

    Of what was said on the telephone or face to face only a summary is kept, which need not greet: what it lacks is a
    hint, no warning. A final answer apologises where two have found that it was our doing.
    """
    found = phrases.check(
        text,
        stage="reply" if is_final else "progress",
        emotion=complaint.emotion,
        is_opening=complaint.first_contact_at is None,
        book=queries.book(),
        is_at_fault=is_final and is_at_fault(complaint),
    )
    if channel in SPOKEN:
        return [replace(each, level=phrases.NOTE) if each.is_missing else each for each in found]
    return found


def is_at_fault(complaint: Complaint) -> bool:
    """By the newest judgement, if a second person has confirmed it."""
    newest = complaint.validities.order_by("-proposed_at", "-id").values_list("value", "confirmed_by").first()
    return newest is not None and newest[0] in AT_FAULT and newest[1] is not None


def refuse_blocked(found: Iterable[Finding], field: str = "body") -> None:
    """Raises PhraseBlocked, naming each phrase, why, and what to say instead."""
    if blocked := phrases.blocks(found):
        raise PhraseBlocked([sentence(each) for each in blocked], [each.code for each in blocked], field)


def sentence(finding: Finding) -> str:
    """What a finding says to the writer."""
    if finding.code == phrases.UNFILLED:
        return _("“%s”还没有填写。") % finding.words
    if finding.is_unread:
        given = {"what": finding.why, "code": finding.code}
        return (
            _("没有检查“%(what)s”（%(code)s）：这条规则的正则表达式不能用或太慢，请自己看一遍，并告诉管理员。") % given
        )
    if finding.is_missing:
        given = {"what": finding.why, "words": finding.words, "code": finding.code}
        if not finding.words:
            return _("缺少%(what)s（%(code)s）。") % given
        return _("缺少%(what)s（%(code)s），例如：%(words)s。") % given
    given = {"words": finding.words, "why": finding.why, "code": finding.code, "rewrite": fill_in(finding.rewrite, {})}
    return _("“%(words)s”不宜对客户说：%(why)s（%(code)s）。可以改成：%(rewrite)s") % given
