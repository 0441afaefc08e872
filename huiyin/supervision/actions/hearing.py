"""What colleagues write about a complaint in the company's chat is an internal note of theirs (C100); nothing is lost:
what can not be placed yet waits, and is placed once its number or its sender is known."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.channels.models import ChatIdentity, ChatMessage, ChatRobot
from huiyin.complaints.actions import noting
from huiyin.complaints.models import Complaint
from huiyin.lib.canonical import sha256_hex
from huiyin.lib.clean import TooLong, clean_text
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

# a complaint's number, or a work order's, which has it in the middle
NUMBER = re.compile(r"(?<![A-Z0-9])(?:TS(\d{8}-\d{1,12})|GD(\d{8}-\d{1,12})-\d{1,6})(?!\d)", re.ASCII | re.IGNORECASE)
LONGEST = 20_000
PATIENCE = timedelta(minutes=30)  # a number alone places what its sender wrote before, for so long
KEPT = timedelta(days=90)
Outcome = ChatMessage.Outcome


class Replayed(Exception):
    """The signature belongs to another message."""


@dataclass(frozen=True)
class Heard:
    """`conversation`: its title; `conversation_id` tells two of one title apart. `replied`: the words of the message
    that this one answers, where the maker sends them along."""

    message_id: str
    sender: str
    conversation: str
    text: str
    replied: str = ""
    conversation_id: str = ""


def hear(robot: ChatRobot, heard: Heard, *, signature: str, at: datetime) -> str:
    """Keep it, place it if that can be done, and say in one sentence what became of it. The same message again gets
    the same answer and changes nothing. Raises Replayed, TooLong."""
    row = _row(robot, heard, signature, at)
    try:
        row.text = clean_text(heard.text, limit=LONGEST)
    except TooLong:
        pass_over(robot, heard, signature=signature, at=at)
        raise
    row.number = _number(row.text) or _number(heard.replied)
    with transaction.atomic():
        known = _kept(row)
        if known is not None:
            return _answer(known)
        return _place(row, at)


def pass_over(robot: ChatRobot, heard: Heard, *, signature: str, at: datetime) -> None:
    """Nothing of it is kept but that it came: its signature is good for no other message. Raises Replayed."""
    _kept(_row(robot, heard, signature, at), Outcome.EMPTY)


def _row(robot: ChatRobot, heard: Heard, signature: str, at: datetime) -> ChatMessage:
    return ChatMessage(
        robot=robot, message_id=heard.message_id, signature=sha256_hex(signature.encode()), sender=heard.sender,
        received_at=at, conversation=heard.conversation[:200], conversation_id=heard.conversation_id[:128],
    )  # fmt: skip


def _kept(row: ChatMessage, outcome: Outcome = Outcome.NO_NUMBER) -> ChatMessage | None:
    """The one that came before, if any; else this one is ours from now on."""
    row.outcome = outcome
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        found = ChatMessage.objects.filter(robot=row.robot, message_id=row.message_id).first()
        if found is None:
            raise Replayed from None
        return found
    return None


def _place(row: ChatMessage, at: datetime) -> str:
    """Notes of the member, or the reason why not."""
    member = member_of(row.sender)
    complaint = None
    if member is None:
        row.outcome = Outcome.NO_MEMBER
    elif not row.number:
        row.outcome = Outcome.NO_NUMBER
    else:
        if may(member, Right.NOTE):
            complaint = Complaint.objects.visible_to(member).filter(number=row.number).first()
        row.outcome = Outcome.NOTED if complaint else Outcome.HIDDEN
    if member is not None and complaint is not None:
        waited = _waiting(row) if _is_number_only(row.text) else [row]
        for each in waited:
            _note(each, complaint, member, at)
        row.outcome = Outcome.NOTED if waited else Outcome.EMPTY
    row.save(update_fields=["outcome", "text", "number"])
    return _answer(row)


def _is_number_only(text: str) -> bool:
    return not NUMBER.sub("", text).strip(" ，。,.：:#\n\t@")


def _waiting(row: ChatMessage) -> list[ChatMessage]:
    """What the same sender wrote in the same conversation a short while before it without a number."""
    lately = ChatMessage.objects.filter(
        robot=row.robot, sender=row.sender, conversation_id=row.conversation_id, outcome=Outcome.NO_NUMBER,
        received_at__range=(row.received_at - PATIENCE, row.received_at),
    )  # fmt: skip
    if not row.conversation_id:  # the maker did not say: then its title has to do
        lately = lately.filter(conversation=row.conversation)
    return list(lately.exclude(pk=row.pk).select_for_update().order_by("received_at", "pk"))


def _note(row: ChatMessage, complaint: Complaint, member: Member, at: datetime) -> None:
    where = _("（来自群聊“%s”）") % row.conversation if row.conversation else _("（来自群聊）")
    noting.note(complaint, text=f"{row.text}\n{where}", actor=Actor.of(member), at=at)
    row.outcome, row.number, row.text = Outcome.NOTED, complaint.number, ""
    row.save(update_fields=["outcome", "number", "text"])


def member_of(user_id: str) -> Member | None:
    """Whom an administrator named, else whose user name it is."""
    named = ChatIdentity.objects.filter(user_id=user_id).select_related("member").first()
    if named is not None:
        return named.member if named.member.is_active else None
    return Member.objects.active().filter(username=user_id).first()


@transaction.atomic
def placed_at_last(user_id: str, *, at: datetime) -> int:
    """The sender is known now: what they wrote before is placed. Returns how many became notes."""
    member, done = member_of(user_id), 0
    if member is None:
        return 0
    waited = ChatMessage.objects.filter(sender=user_id, outcome=Outcome.NO_MEMBER).select_for_update()
    for row in waited.order_by("received_at", "pk"):
        _place(row, at)
        done += row.outcome == Outcome.NOTED
    return done


def forget(*, at: datetime) -> int:
    """What came in long ago goes: placed, its words are in a note; if not, nobody has asked for them. Returns how many
    messages."""
    return ChatMessage.objects.filter(received_at__lt=at - KEPT).delete()[0]


def _number(text: str) -> str:
    found = NUMBER.search(text)
    return f"TS{found[1] or found[2]}" if found else ""


def _answer(row: ChatMessage) -> str:
    match row.outcome:
        case Outcome.NOTED:
            return _("已记入 %s 的内部备注。") % row.number
        case Outcome.NO_MEMBER:
            said = _("还不知道您是哪位同事，这条消息已保留。请系统管理员登记您的钉钉 userid（%s），登记后自动补记。")
            return said % row.sender
        case Outcome.HIDDEN:
            return _("没有编号为 %s 的投诉，或者您无权查看。这条消息已保留，请核对编号后重发。") % row.number
        case Outcome.EMPTY:
            return _("请在 %s 后面写上要记录的内容。") % row.number
    return _("没有看到投诉编号（如 TS20261122-00042）。这条消息已保留，三十分钟内只发一个编号，就会补记。")
