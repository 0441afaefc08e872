"""抹除客户信息: found by telephone or e-mail, shown masked, erased only when said a second time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huiyin.complaints.actions import erasing
from huiyin.customers.actions.erasing import AlreadyErased
from huiyin.customers.models import Customer
from huiyin.customers.queries import by_contact
from huiyin.desk.administration.framing import changes, page_of, show_settings
from huiyin.desk.forms.fields import Line
from huiyin.desk.pages import Request
from huiyin.org.actors import Actor
from huiyin.org.models import Change


class ErasureForm(forms.Form):
    found: Customer

    contact = Line(label=gettext_lazy("客户的电话或邮箱"), longest=200)
    reason = Line(label=gettext_lazy("为什么抹除"), longest=200,
                  help_text=gettext_lazy("如“客户本人要求”。留在变更记录里，请不要写客户的姓名和号码。"))  # fmt: skip

    def clean_contact(self) -> str:
        written: str = self.cleaned_data["contact"]
        customer = by_contact(written)
        if customer is None:
            raise forms.ValidationError(_("没有用这个电话或邮箱投诉过的客户，或者已经抹除。"))
        self.found = customer
        return written


@page_of("erasure")
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: Request) -> HttpResponseBase:
    at = timezone.now()
    form = ErasureForm(request.POST or None, label_suffix="")
    context: dict[str, Any] = {"form": form, "changes": changes(request, Change.Area.PRIVACY)}
    if request.method == "POST" and form.is_valid():
        customer = Customer.objects.visible_to(request.user).get(pk=form.found.pk)
        if request.POST.get("sure") == str(customer.pk):
            try:
                erasing.erase(customer, actor=Actor.of(request.user), at=at, reason=form.cleaned_data["reason"])
            except AlreadyErased:
                messages.info(request, _("这位客户的信息已经抹除。"))
            else:
                messages.success(request, _("已抹除。投诉仍在，只是不再知道是谁的。"))
            return redirect("desk:settings-erasure")
        context |= {"customer": customer, "count": customer.complaints.count()}
    return show_settings(request, "erasure", context, section="erasure", at=at, status=422 if form.errors else 200)
