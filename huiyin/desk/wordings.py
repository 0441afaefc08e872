"""The policy's reasons to pause, and their limits, in words."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.complaints.models import Letter, Note
from huiyin.complaints.proof import Proof
from huiyin.lib.phrasing import noted
from huiyin.sla.engine import Target, Unit
from huiyin.sla.queries import NoPolicy, current

ENGLISH_PAUSES = {
    "WAIT_CUST": "Waiting for the customer", "WAIT_LAB": "Outside laboratory",
    "CUST_DEFER": "The customer asked to wait", "FORCE_MAJ": "Force majeure",
}  # fmt: skip


def moment(written: str | None) -> str:
    """As it is written on the record, in the reader's time; "" where there is none."""
    return timezone.localtime(datetime.fromisoformat(written)).strftime("%Y-%m-%d %H:%M") if written else ""


def pause_label(code: str, zh: str) -> str:
    """The reason's name in the reader's language."""
    is_chinese = (get_language() or "zh").startswith("zh")
    return zh if is_chinese else ENGLISH_PAUSES.get(code, zh)


def pause_heading(code: str) -> str:
    """Of a pause on the record: what it waits for. Older records, which name none, waited for the customer."""
    customer = _("等待客户补充或确认")
    said = {
        "": customer, "WAIT_CUST": customer, "WAIT_LAB": _("等待检测鉴定"), "CUST_DEFER": _("客户要求延后"),
        "FORCE_MAJ": _("不可抗力，暂停"),
    }  # fmt: skip
    return said.get(code) or noted(_("暂停"), _reason_name(code))


def _reason_name(code: str) -> str:
    try:
        reasons = current().pause_reasons
    except NoPolicy:
        return code
    return pause_label(code, reasons[code].zh) if code in reasons else code


def limit_words(longest: Target | None) -> str:
    if longest is None:
        return _("没有期限")
    n = int(longest.amount)
    if longest.unit is Unit.WORKING_DAYS:
        return _("最长 %d 个工作日") % n
    if longest.unit in {Unit.NATURAL_HOURS, Unit.BUSINESS_HOURS}:
        return _("最长 %d 小时") % n
    return _("最长 %d 天") % n


def needs_words(needs: Iterable[str]) -> list[str]:
    """What must be there for it; unknown names are left out."""
    said = {
        "customer_informed": _("须已告知客户"),
        "customer_request_record": _("须有客户要求的记录"),
        "supervisor_approval": _("由投诉主管决定"),
    }
    return [said[name] for name in needs if name in said]


def proof_label(proof: Proof) -> str:
    """What proves a pause, and when it was: the row as a colleague would name it."""
    row = proof.row
    if isinstance(row, Letter):
        words = noted(row.get_purpose_display(), row.get_channel_display())
    elif isinstance(row, Note):
        words = _("客户补充：%s") % row.text[:40]
    else:
        words = _("附件 %s") % row.name
    return f"{timezone.localtime(proof.at):%m-%d %H:%M} {words}"
