"""What a customer may take home: all that they gave and all that they were answered; nothing said among ourselves."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.complaints.models import Attachment, Complaint, Event, Letter, Note
from huiyin.portal.following import Progress
from huiyin.surveys.queries import answers


def everything(complaint: Complaint, *, at: datetime, is_proved: bool) -> dict[str, Any]:
    """Plain values. `is_proved`: they came with a code to their own address; who has only the link, which can be passed
    on, sees contacts masked."""
    progress = Progress(complaint, at)
    return {
        "number": complaint.number,
        "made_at": _iso(at),
        "submitted_at": _iso(complaint.received_at),
        "stage": progress.now,
        "kind": complaint.get_kind_display(),
        "words": complaint.text,
        "wish": complaint.expectation,
        "happened_on": timezone.localtime(complaint.occurred_at).date().isoformat() if complaint.occurred_at else "",
        "order_no": complaint.order_no,
        "contact": _contact(complaint, is_proved=is_proved),
        "additions": [{"at": _iso(note.created_at), "words": note.text} for note in progress.additions],
        "reasons": [{"at": _iso(note.created_at), "words": note.text} for note in _reasons(complaint)],
        "files": [_file(file) for file in progress.files],
        "answers": [_letter(letter) for letter in progress.letters],
        "ratings": [
            {
                "at": _iso(answer.at),
                "stars": answer.stars,
                "ces": answer.ces,
                "nps": answer.nps,
                "reasons": answer.reason_labels,
                "words": answer.words,
            }
            for answer in answers(complaint)
        ],
        "progress": [{"at": _iso(each.at), "words": each.words} for each in progress.milestones],
    }


def _contact(complaint: Complaint, *, is_proved: bool) -> dict[str, str]:
    customer = complaint.customer
    if not is_proved:
        return {"name": complaint.complainant_name, "phone": customer.phone_masked, "email": customer.email_masked}
    return {"name": complaint.complainant_name, "phone": customer.phone, "email": customer.email}


def _reasons(complaint: Complaint) -> list[Note]:
    """What the customer wrote when they did not accept, or withdrew."""
    kinds = [Event.Kind.REJECTED, Event.Kind.REOPENED, Event.Kind.WITHDRAWN]
    theirs = complaint.events.filter(kind__in=kinds, actor_kind="customer").values_list("particulars", flat=True)
    kept = [given["reason"] for given in theirs if "reason" in given]
    return list(complaint.notes.filter(pk__in=kept))


def _file(file: Attachment) -> dict[str, Any]:
    return {"name": file.name, "bytes": file.size, "sha256": file.sha256, "at": _iso(file.added_at)}


def _letter(letter: Letter) -> dict[str, Any]:
    was_reached = letter.status != Letter.Status.NOT_REACHED
    return {
        "at": _iso(letter.created_at),
        "way": letter.get_channel_display(),
        "purpose": letter.get_purpose_display(),
        "words": letter.body if was_reached else _("我们联系过您，没有联系上，会再试。"),
        "files": [_file(file) for file in letter.files],  # type: ignore[attr-defined]  # by Progress.letters
    }


def _iso(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")


def headings() -> dict[str, str]:
    """The keys of the file in the reader's words, in the order in which they stand."""
    return {
        "number": _("编号"), "submitted_at": _("提交时间"), "stage": _("进度"), "kind": _("类型"),
        "happened_on": _("发生日期"), "order_no": _("订单号或购机凭证号"), "made_at": _("下载时间"),
    }  # fmt: skip
