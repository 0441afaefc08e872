"""监管要求: what each profile asks for, on what basis, as of when; and whether this deployment goes by it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huiyin.desk.administration.framing import asked_of, changes, fits, page_of, show_settings
from huiyin.desk.forms.regulatory import named
from huiyin.desk.pages import Request
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.sla import regulations as law
from huiyin.sla.actions import switching
from huiyin.sla.models import RegulatoryProfile

BASES = {
    "S": gettext_lazy("有来源"), "K": gettext_lazy("常识，待法务确认"), "D": gettext_lazy("本产品默认"),
}  # fmt: skip
STARTS = {
    law.REFERRED: gettext_lazy("转办或收到时起"), law.ANSWERED: gettext_lazy("我们答复后起"),
    law.RETURN_RECEIVED: gettext_lazy("收到退货时起"),
}  # fmt: skip


@page_of("regulations")
@require_safe
def regulations(request: Request) -> HttpResponse:
    asked, rows = asked_of(request), [_row(row) for row in RegulatoryProfile.objects.all()]
    context = {
        "profiles": [each for each in rows if fits(asked, each["name"], each["row"].code, each["profile"].authority)],
        "asked": asked,
        "reaches": RegulatoryProfile.Reach.choices,
        "changes": changes(request, Change.Area.PROMISES, subjects=[each["row"].code for each in rows]),
    }
    return show_settings(request, "regulations", context, section="regulations", at=timezone.now())


@page_of("regulations")
@require_POST
def switch(request: Request, code: str) -> HttpResponseBase:
    row = RegulatoryProfile.objects.filter(code=code).first()
    reach = request.POST.get("reach", "")
    if row is None or reach not in RegulatoryProfile.Reach.values:
        raise Http404
    switching.switch(row, reach=reach, actor=Actor.of(request.user), at=timezone.now())
    said = {"profile": row.code, "reach": row.get_reach_display()}
    messages.success(request, _("%(profile)s：%(reach)s。已经在走的监管时限不变。") % said)
    return redirect("desk:settings-regulations")


def _row(row: RegulatoryProfile) -> dict[str, Any]:
    known = law.read(row.body)
    return {
        "row": row,
        "name": named(known),
        "profile": known,
        "clocks": [
            {
                "name": named(limit),
                "limit": limit_words(limit),
                "start": STARTS.get(limit.start, limit.start),
                "basis": limit.basis,
                "basis_kind": BASES.get(limit.basis[:1], ""),
                "is_watched": limit.is_watched,
                "rule": _rule(limit),
                "is_class": limit.id in known.choose,
            }
            for limit in known.clocks
        ],
    }


def limit_words(limit: law.Limit) -> str:
    if not limit.limit:
        return _("及时")
    unit, count = next(iter(limit.limit.items()))
    words = {
        "wd": _("%d 个工作日"), "ld": _("%d 个自然日"),
        "nh": _("%d 小时"), "weeks": _("%d 周"),
        "months": _("%d 个月"),
    }  # fmt: skip
    return words[unit] % count


def _rule(limit: law.Limit) -> str:
    words = {
        "approval": _("须主管审批"), "higher_approval": _("须更高一级审批"), "customer_informed": _("须告知客户"),
    }  # fmt: skip
    return listed(words.get(each, each) for each in limit.needs)
