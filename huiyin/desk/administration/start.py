"""The first-run guide: from the demo company to one's own, step by step, each of which may be left out and taken up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.desk.administration.framing import REFUSALS, page_of, sentence, show_settings
from huiyin.desk.pages import Request, show
from huiyin.dispatch.actions import clearing
from huiyin.dispatch.tasks import clear_demo
from huiyin.lib.phrasing import listed
from huiyin.org.actions import importing, setting_up
from huiyin.org.actors import Actor
from huiyin.org.errors import RowsUnsound
from huiyin.org.models import SetupStep
from huiyin.org.queries import STEPS

SHOWN_FAULTS = 20


@page_of("start")
@require_safe
def start(request: Request) -> HttpResponse:
    return _page(request)


def _page(request: Request, faults: tuple[str, ...] = (), status: int = 200, refusal: str = "") -> HttpResponse:
    known = {step.code: step for step in SetupStep.objects.select_related("done_by")}
    done = sum(1 for code in STEPS if code in known and known[code].done_at)
    context = {
        "steps": {code: known.get(code) for code in STEPS}, "done": done, "all": len(STEPS), "left": len(STEPS) - done,
        "faults": faults[:SHOWN_FAULTS], "more_faults": max(0, len(faults) - SHOWN_FAULTS),
        "columns": importing.COLUMNS, "refusal": refusal, **_demo(known.get(clearing.STEP)),
    }  # fmt: skip
    return show_settings(request, "start", context, section="start", at=timezone.now(), status=status)


def _demo(step: SetupStep | None) -> dict[str, Any]:
    remains = clearing.remains()
    is_running = step is not None and step.started_at is not None and step.done_at is None
    is_halted = not is_running and remains.put_away > 0 and bool(remains.members) and not (step and step.done_at)
    held_up = clearing.real_work_touched() if is_halted else []
    is_cleared = step is not None and step.done_at is not None and step.started_at is not None
    return {"held_up": listed(held_up), "remains": remains, "is_running": is_running, "is_cleared": is_cleared,
            "words": clearing.confirmation()}  # fmt: skip


@page_of("start")
@require_POST
def tick(request: Request, step: str) -> HttpResponseBase:
    """Done, left out, or taken up again."""
    actor, at = Actor.of(request.user), timezone.now()
    if step not in STEPS:
        raise Http404
    if request.POST.get("again"):
        setting_up.take_up_again(step, actor=actor, at=at)
    else:
        setting_up.finish(step, actor=actor, at=at, is_skipped="skip" in request.POST)
    return redirect("desk:settings-start")


@page_of("start")
@require_POST
def import_units(request: Request) -> HttpResponseBase:
    actor, at = Actor.of(request.user), timezone.now()
    given = request.FILES.get("file")
    if given is None:
        return _page(request, (_("请选择一个 CSV 文件。"),), 422)
    try:
        made = importing.import_units(given.read(importing.LARGEST + 1), actor=actor, at=at)
    except RowsUnsound as unsound:
        return _page(request, unsound.faults, 422)
    setting_up.finish("units", actor=actor, at=at)
    messages.success(request, _("已导入 %d 个单位。") % made)
    return redirect("desk:settings-units")


@page_of("start")
@require_safe
def units_template(request: Request) -> HttpResponse:
    """The titles and two rows to begin with, as Excel opens it."""
    rows = [
        importing.COLUMNS,
        ("MY-HQ", _("我的公司总部"), "Headquarters", _("总部"), ""),
        ("MY-CC", _("我的客户服务中心"), "Customer service", _("客户服务中心"), "MY-HQ"),
    ]
    content = "\ufeff" + "".join(",".join(row) + "\r\n" for row in rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="units.csv"'
    return response


@page_of("start")
@require_POST
def clear(request: Request) -> HttpResponseBase:
    try:
        clearing.begin(typed=request.POST.get("typed", "")[:100], actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        return _page(request, status=422, refusal=sentence(refusal))
    clear_demo.defer()
    messages.success(request, _("正在移除演示数据，可以离开本页。"))
    return redirect("desk:settings-start")


@page_of("start")
@require_safe
def progress(request: Request) -> HttpResponse:
    """The one step of the guide that takes its time; asked again every two seconds until it is done."""
    step = SetupStep.objects.filter(code=clearing.STEP).first()
    return show(request, "desk/settings/demo_progress.html", _demo(step), at=timezone.now())
