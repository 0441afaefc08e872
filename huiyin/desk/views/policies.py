"""补偿政策: who decides which sum, the tariff and the legal minimums; changed as a new version."""

from typing import Any

import yaml
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from huiyin.compensation.actions import loading
from huiyin.compensation.models import Instrument, PolicyVersion
from huiyin.compensation.policy import Policy
from huiyin.compensation.queries import current, reads_policy
from huiyin.complaints.errors import Refused
from huiyin.desk.forms.fields import Line, Words
from huiyin.desk.pages import Request, at_desk, show
from huiyin.lib import documents
from huiyin.lib.phrasing import listed
from huiyin.org.actors import Actor
from huiyin.org.roles import LABELS
from huiyin.org.rules import Right

AMOUNTS = {"difference": _("差价"), "face_value": _("面值"), "pro_rata": _("按比例")}  # where the tariff has no number


class PolicyForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    body = Words(label=_("政策全文（YAML）"), rows=18, longest=60_000)
    note = Line(label=_("为什么修改"), longest=500)

    def clean_body(self) -> dict[str, Any]:
        try:
            body = documents.read(self.cleaned_data["body"])
        except documents.Unreadable as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        if not isinstance(body, dict):
            raise forms.ValidationError(gettext("看不懂这段 YAML：%s") % "")
        return body


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: Request) -> HttpResponseBase:
    if not reads_policy(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    form = PolicyForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, form=form, status=422)
    given = form.cleaned_data
    try:
        made = loading.amend(
            body=given["body"], note=given["note"], expected=given["number"], actor=Actor.of(request.user),
            at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form=form, status={"may_not": 403, "changed": 409}.get(refusal.code, 422))
    messages.success(request, gettext("补偿政策 v%d 已生效。") % made.number)
    return redirect("desk:compensation-policy")


def _page(request: Request, *, form: PolicyForm | None = None, status: int = 200) -> HttpResponse:
    now_in_force = current()
    may_change = request.user.may(Right.SET_POLICY)
    if form is None and may_change:
        text = yaml.safe_dump(now_in_force.body, allow_unicode=True, sort_keys=False, width=120)
        form = PolicyForm(initial={"body": text, "number": now_in_force.number}, label_suffix="")
    context = {
        "policy": now_in_force,
        "grades": [(LABELS[grade.role], grade, [LABELS[role] for role in sorted(grade.co_sign)])
                   for grade in now_in_force.grades],
        "kinds": _kinds(now_in_force),
        "tariff": [
            {**line, "amount": AMOUNTS.get(line["amount"], line["amount"])} for line in now_in_force.body["tariff"]
        ],
        "floors": now_in_force.floors.values(),
        "versions": PolicyVersion.objects.select_related("created_by")[:20],
        "form": form if may_change else None,
    }  # fmt: skip
    return show(request, "desk/offers/policy.html", context, at=timezone.now(), status=status)


def _kinds(policy: Policy) -> list[tuple[str, str]]:
    return [
        (row.get("zh", kind), listed(str(Instrument(code).label) for code in row["instruments"]))
        for kind, row in ((kind, policy.body["kinds"][kind]) for kind in policy.order)
    ]
