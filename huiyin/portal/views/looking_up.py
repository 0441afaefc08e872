"""The way back for who has lost the link: by number and telephone, to the mail address left with the complaint."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.customers.actions.finding import phone_digest
from huiyin.portal import tasks
from huiyin.portal.forms import LookUpForm
from huiyin.portal.guarding import is_flood, private, refused
from huiyin.portal.pages import page

MOST_AN_HOUR = 10
MOST_FOR_A_NUMBER = 3


@private
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The same answer, in the same time, whether there is such a complaint or not: a job looks for it."""
    if request.method != "POST":
        return page(request, "find", form=LookUpForm())
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return page(request, "find", status=422, form=form)
    at = timezone.now()
    number = form.cleaned_data["number"].strip().upper().replace("\x00", "")
    if is_flood(request, "find", limit=MOST_AN_HOUR, at=at):
        form.add_error(None, _("操作太频繁，请过一会儿再试。"))
        return refused(page(request, "find", form=form), seconds=600)
    if not is_flood(request, "find", limit=MOST_FOR_A_NUMBER, at=at, key=number):
        tasks.send_link.defer(number=number, phone_digest=phone_digest(form.cleaned_data["phone"]))
    return page(request, "find_sent")
