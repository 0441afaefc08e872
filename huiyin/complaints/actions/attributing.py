"""The cause of a complaint, given with its judgement or its answer (A23)."""

from django.utils.translation import gettext as _

from huiyin.complaints.actions.moving import change
from huiyin.complaints.causes import category_of, offered
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint
from huiyin.lib.phrasing import listed


def attribute(complaint: Complaint, cause: str, *, is_last: bool) -> dict[str, str]:
    """Part of another action, which holds the complaint: keep the cause, if one is given, and say so in its event.

    `is_last`: it is being answered. A category with causes of its own then wants one of them. Raises GuardFailed.
    """
    category = category_of(complaint)
    wanted = cause.strip()
    known = {code for code, _name in offered(category)}
    if wanted and wanted not in known:
        raise GuardFailed("cause", _("没有这个投诉原因：%s。") % wanted[:40])
    if is_last and not wanted and category.causes and complaint.cause not in known:
        raise GuardFailed(
            "cause",
            _("%(code)s 须写明原因，可选：%(causes)s。") % {"code": category.code, "causes": listed(category.causes)},
        )
    if not wanted:
        return {}
    if wanted != complaint.cause:
        change(complaint, cause=wanted)
    return {"cause": wanted}
