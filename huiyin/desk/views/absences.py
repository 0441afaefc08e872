"""不在岗: when one is away and who stands in; one's own, and for those who keep a roster, that of their people."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.desk.forms.duty import AbsenceForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.views.duty import theirs
from huiyin.duty import errors
from huiyin.duty.actions import excusing
from huiyin.duty.models import Absence
from huiyin.duty.rules import may_excuse
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right

SHOWN = 200


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: Request) -> HttpResponseBase:
    at, member = timezone.now(), request.user
    is_lead = member.may(Right.ROSTER)
    own = Member.objects.filter(pk=member.pk)
    people = theirs(request) | own if is_lead else own
    given: Any = request.POST or None
    if given is not None and not is_lead:
        given = given.copy()
        given["member"] = member.pk
    form = AbsenceForm(given, label_suffix="", people=people, initial={"member": member.pk})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            excusing.excuse(
                cleaned["member"], starts_at=cleaned["starts_at"], ends_at=cleaned["ends_at"], deputy=cleaned["deputy"],
                reason=Absence.Reason(cleaned["reason"]), actor=Actor.of(member), at=at,
            )  # fmt: skip
        except errors.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记：%s 不在岗。") % cleaned["member"].name)
            return redirect("desk:absences")
    seen = Absence.objects.visible_to(member).filter(ends_at__gt=at).select_related("member__unit", "deputy")
    actor = Actor.of(member)
    context = {
        "form": form, "is_lead": is_lead,
        "rows": [
            {"row": each, "is_now": each.starts_at <= at, "is_me": each.member_id == member.pk,
             "is_deputy": each.deputy_id == member.pk, "may_end": may_excuse(actor, each.member)}
            for each in seen[:SHOWN]
        ],
    }  # fmt: skip
    return show(request, "desk/duty/absences.html", context, at=at, status=422 if form.errors else 200)


@at_desk
@require_POST
def end_absence(request: Request, pk: int) -> HttpResponseBase:
    found = Absence.objects.visible_to(request.user).select_related("member__unit", "deputy").filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        excusing.take_back(found, actor=Actor.of(request.user), at=timezone.now())
    except errors.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%s 已回到岗位。") % found.member.name)
    return redirect("desk:absences")
