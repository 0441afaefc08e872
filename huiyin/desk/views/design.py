"""The living page of the design: every partial, once."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.samples import sample


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def design(request: Request) -> HttpResponseBase:
    """A form or a button of it changes nothing, and says so as any deed is said: it can be taken back."""
    if request.method == "POST":
        messages.success(request, _("这里只是样例，没有改动任何数据。"), extra_tags=f"undo:{reverse('desk:design')}")
        return redirect("desk:design")
    at = timezone.now()
    return show(request, "desk/design.html", {"sample": sample(at)}, at=at)
