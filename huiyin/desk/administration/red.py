"""红色通道 in the settings: what makes a case red, who is paged how often, when mentions are a crisis."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, show_settings
from huiyin.desk.administration.red_forms import ArrangementForm
from huiyin.desk.pages import Request
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member, Unit
from huiyin.org.roles import LABELS
from huiyin.redchannel.actions import arranging
from huiyin.redchannel.models import RedPolicy
from huiyin.redchannel.queries import arrangements, of_units


@page_of("red")
@require_http_methods(["GET", "HEAD", "POST"])
def red(request: Request) -> HttpResponseBase:
    at, policy = timezone.now(), arrangements()
    form = ArrangementForm(request.POST or None, policy=policy)
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = arranging.arrange(values=form.values, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            said = _("已保存，从下一件、下一轮呼叫起生效。") if is_changed else _("没有改动。")
            messages.success(request, said)
            return redirect("desk:settings-red")
    context = {
        "form": form,
        "paged": _paged(policy),
        "quorum": _quorum(policy),
        "changes": changes(request, Change.Area.RED),
    }
    return show_settings(request, "red", context, section="red", at=at, status=422 if form.errors else 200)


def _paged(policy: RedPolicy) -> list[dict[str, str]]:
    """The emergency group by name, then the rungs by role: whose they are depends on the complaint's unit."""
    members = list(Member.objects.active().select_related("unit").order_by("name"))
    group = of_units(members, [policy.group_code]) or [each for each in members if each.has_role(*policy.group_else)]
    first = {"rung": _("应急小组"), "people": listed(member.name for member in group)}
    rungs = [listed(str(LABELS.get(role, role)) for role in roles) for roles in policy.rungs]
    return [first, *({"rung": _("第 %d 次扩大") % place, "people": said} for place, said in enumerate(rungs, 1))]


def _quorum(policy: RedPolicy) -> list[dict[str, str]]:
    names = {unit.code: unit.name for unit in Unit.objects.active()} | {"@owner": _("投诉的主管单位")}
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [
        {"name": side[language], "units": listed(names.get(code, code) for code in side["units"])}
        for side in policy.quorum
    ]
