"""What proves a pause (sla.yaml `needs`): a row of the complaint's own correspondence, not words about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop as noted

from huiyin.complaints.models import Attachment, Complaint, Letter, Note
from huiyin.sla.policy import PauseReason

INFORMED, REQUESTED = "customer_informed", "customer_request_record"
SPOKEN = (Letter.Channel.PHONE, Letter.Channel.COUNTER)
MISSING = {
    INFORMED: noted("还没有告知客户的记录：请先“联系客户”说明情况，再选这次联系作为依据。"),
    REQUESTED: noted("请选客户要求延后的记录：客户的补充、通话记录或附件；没有的先记下来或上传。"),
}


@dataclass(frozen=True)
class Proof:
    """`code` is what a pause keeps of it."""

    code: str
    row: Letter | Note | Attachment
    at: datetime


def asked_of(reason: PauseReason) -> str:
    """Which of the reason's needs is met by a row; empty where none is."""
    return next((each for each in reason.needs if each in MISSING), "")


def found(complaint: Complaint, need: str) -> list[Proof]:
    """The rows that may serve, newest first: since it came (again), and none that served an earlier pause."""
    since = complaint.reopened_at or complaint.received_at
    served = set(complaint.pauses.exclude(evidence="").values_list("evidence", flat=True))
    proofs = (each for each in _rows(complaint, need) if each.at >= since and each.code not in served)
    return sorted(proofs, key=lambda each: each.at, reverse=True)


def shown(complaint: Complaint, codes: Iterable[str]) -> dict[str, Proof]:
    """The rows that pauses keep, by their code."""
    wanted = set(codes) - {""}
    every = [*_rows(complaint, INFORMED), *_rows(complaint, REQUESTED)] if wanted else []
    return {each.code: each for each in every if each.code in wanted}


def _rows(complaint: Complaint, need: str) -> Iterator[Proof]:
    said = complaint.letters.filter(status=Letter.Status.SENT, sent_at__isnull=False)
    if need == REQUESTED:
        said = said.filter(channel__in=SPOKEN)
        for note in complaint.notes.filter(kind=Note.Kind.CUSTOMER):
            yield Proof(f"note:{note.pk}", note, note.created_at)
        for file in Attachment.objects.filter(complaint=complaint).standing():
            yield Proof(f"attachment:{file.pk}", file, file.added_at)
    for letter in said:
        yield Proof(f"letter:{letter.pk}", letter, letter.sent_at or letter.created_at)
