"""The living page of the design: every partial, once."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.samples import sample


@at_desk
@require_safe
def design(request: Request) -> HttpResponse:
    at = timezone.now()
    return show(request, "desk/design.html", {"sample": sample(at)}, at=at)
