"""The way back for who has lost the link: a code to the address they left, and with it the list of their complaints.

Every answer is the same, after the same work, whether anybody has left that address or not: a job looks for them.
"""

from secrets import token_urlsafe

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.channels.models import Channel
from huiyin.complaints import tracking
from huiyin.customers import queries as customers
from huiyin.customers.actions import proving
from huiyin.customers.actions.finding import phone_digest
from huiyin.lib.sealed import digest
from huiyin.portal import tasks
from huiyin.portal.forms import CodeForm, FindForm
from huiyin.portal.guarding import is_flood, private, refused
from huiyin.portal.pages import page, sorry
from huiyin.portal.stages import now as stage_now

MOST_AN_HOUR = 10  # of one network
MOST_FOR_AN_ADDRESS = 3
MOST_TRIES_AN_HOUR = 30  # of one network; five for each code, whoever tries
_tickets = signing.TimestampSigner(salt="huiyin.portal.ticket")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and send a code there if it is somebody's."""
    if request.method != "POST":
        return page(request, "find", form=FindForm())
    form = FindForm(request.POST)
    if not form.is_valid():
        return page(request, "find", status=422, form=form)
    at = timezone.now()
    if is_flood(request, "find", limit=MOST_AN_HOUR, at=at):
        form.add_error(None, _("操作太频繁，请过一会儿再试。"))
        return refused(page(request, "find", form=form), seconds=600)
    contact = form.cleaned_data["contact"]
    by = Channel.EMAIL if "@" in contact else Channel.SMS
    address = digest(contact) if by == Channel.EMAIL else phone_digest(contact)
    ticket = token_urlsafe(12)
    if not is_flood(request, "code-to", limit=MOST_FOR_AN_ADDRESS, at=at, key=address):
        tasks.send_code.defer(
            address_digest=address, by=str(by), ticket=ticket, language=translation.get_language() or "zh-hans"
        )
    response = HttpResponseRedirect(reverse("portal:code", args=[_tickets.sign(ticket)]))
    response.status_code = 303
    return response


@private
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, ticket: str) -> HttpResponse:
    """Ask for the code; with the right one they are in, for half an hour."""
    here, at = reverse("portal:code", args=[ticket]), timezone.now()
    try:
        known = _tickets.unsign(ticket, max_age=proving.CODE_LASTS)
    except signing.BadSignature:
        return sorry(request, status=404, words=_("这一页已过期，请重新获取验证码。"))
    if request.method != "POST":
        return page(request, "code", back=here, form=CodeForm(), ticket=ticket)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return page(request, "code", status=422, back=here, form=form, ticket=ticket)
    if is_flood(request, "code", limit=MOST_TRIES_AN_HOUR, at=at):
        form.add_error(None, _("操作太频繁，请过一会儿再试。"))
        return refused(page(request, "code", back=here, form=form, ticket=ticket), seconds=600)
    try:
        let_in = proving.prove(ticket=known, code=form.cleaned_data["code"], at=at)
    except proving.NotProven:
        form.add_error("code", _("验证码不对，或者已过期、试的次数太多。请核对，或重新获取。"))
        return page(request, "code", status=422, back=here, form=form, ticket=ticket)
    response = HttpResponseRedirect(reverse("portal:mine", args=[let_in]))
    response.status_code = 303
    return response


@private
@require_safe
def mine(request: HttpRequest, let_in: str) -> HttpResponse:
    """Their complaints, each with its link."""
    customer = customers.let_in_by(let_in, at=timezone.now())
    if customer is None:
        return sorry(request, status=404, words=_("这一页已过期，请重新获取验证码。"))
    rows = [{"complaint": each, "stage": stage_now(each.state)} for each in tracking.of_customer(customer)]
    return page(request, "mine", back=reverse("portal:mine", args=[let_in]), rows=rows, let_in=let_in)
