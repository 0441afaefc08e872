"""通知: everything one was told, newest first; and how one wants to be told."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.complaints.actions import noting
from huiyin.complaints.models import Mention
from huiyin.desk import notices
from huiyin.desk.forms.notices import PreferenceForm
from huiyin.desk.pages import Request, at_desk, show
from huiyin.desk.reading import Reader
from huiyin.dispatch import queries as dispatch
from huiyin.dispatch.states import IN_HAND
from huiyin.lib.keyset import BadCursor, Page, page
from huiyin.notices.actions import reading
from huiyin.notices.errors import Refused
from huiyin.notices.inbox import bunch_of, bunched, entries, heads, of_bunch
from huiyin.notices.models import Notice
from huiyin.org.models import Member

A_PAGE, FIRST = 30, 10
ORDER = ("-at", "-id")


@at_desk
@require_safe
def inbox(request: Request) -> HttpResponse:
    """All that was told; or only how much waits, for a page without a stream (`X-Live: inbox`)."""
    if request.headers.get("X-Live") == "inbox":
        return JsonResponse({"count": notices.waiting([request.user])[request.user.pk]})
    at, chosen = timezone.now(), request.GET.get("show", "")
    rows, bunch = Notice.objects.visible_to(request.user), bunch_of(request.GET.get("bunch", ""))
    sieved, cursor = _sieved(rows, chosen), request.GET.get("cursor")
    if bunch is None:
        shown = _page(heads(sieved), cursor)
        told = bunched(entries(shown.rows, request.user), shown.rows, sieved)
    else:
        shown = _page(of_bunch(sieved, bunch), cursor)
        told = entries(shown.rows, request.user)
    kept = urlencode({**({"show": chosen} if chosen in SIEVES else {}), **({"bunch": bunch.key} if bunch else {})})
    kept = f"?{kept}&cursor=" if kept else "?cursor="
    context = {
        "entries": told,
        "bunch": bunch,
        "until": at.isoformat(),
        "tabs": _tabs(chosen),
        "chosen": chosen if chosen in SIEVES else "",
        "waiting": _waiting(request.user) if not cursor and bunch is None else [],
        "has_unseen": rows.unseen().exists(),
        "previous_url": kept + shown.previous if shown.previous else "",
        "next_url": kept + shown.next if shown.next else "",
    }
    return show(request, "desk/inbox.html", context, at=at)


SIEVES = ("unseen", "urgent")


def _sieved(rows: QuerySet[Notice], chosen: str) -> QuerySet[Notice]:
    if chosen == "unseen":
        return rows.filter(seen_at=None)
    return rows.filter(urgent=True) if chosen == "urgent" else rows


def _tabs(chosen: str) -> list[dict[str, Any]]:
    url = reverse("desk:inbox")
    labels = (("", _("全部")), ("unseen", _("未读")), ("urgent", _("紧急")))
    return [
        {"label": label, "url": f"{url}?show={name}" if name else url,
         "is_current": name == (chosen if chosen in SIEVES else "")}
        for name, label in labels
    ]  # fmt: skip


def _page(rows: QuerySet[Notice], cursor: str | None) -> Page[Notice]:
    try:
        return page(rows, order=ORDER, size=A_PAGE, cursor=cursor)
    except BadCursor:
        return page(rows, order=ORDER, size=A_PAGE)


def _waiting(member: Member) -> list[dict[str, Any]]:
    """What waits until something is done about it: mentions, orders to sign for, orders that were urged."""
    reader = Reader(member)
    unseen = Mention.objects.visible_to(member).filter(member=member, seen_at=None)
    mentions = unseen.select_related("note__complaint", "note__author").order_by("-id")[:FIRST]
    found = [
        {
            "icon": "message",
            "url": reverse("desk:complaint", args=[each.note.complaint.number]) + f"#note-{each.note_id}",
            "title": _("%(who)s 在 %(number)s 的备注里提到了您")
            % {"who": each.note.author.name if each.note.author else _("系统"), "number": each.note.complaint.number},
            "text": reader.words(each.note.text)[:200],
            "at": each.note.created_at,
        }
        for each in mentions
    ]
    urged = dispatch.to_handle(member).filter(nudge_count__gt=0, state__in=sorted(IN_HAND))
    for rows, words in ((dispatch.to_sign(member), _("工单 %s 等您签收")), (urged, _("工单 %s 被催办"))):
        for order in rows.select_related("complaint").order_by("-id")[:FIRST]:
            place = reverse("desk:complaint", args=[order.complaint.number]) + f"#{order.number}"
            found.append(
                {"icon": "clipboard-list", "url": place, "title": words % order.number, "text": "",
                 "at": order.dispatched_at or order.complaint.received_at}
            )  # fmt: skip
    return sorted(found, key=lambda each: each["at"], reverse=True)


@at_desk
@require_POST
def seen(request: Request) -> HttpResponseBase:
    """Those that are named, or all until now."""
    at = timezone.now()
    if "all" in request.POST:
        count = reading.see_all(member=request.user, at=at)
        mentions = Mention.objects.visible_to(request.user).filter(member=request.user, seen_at=None)
        count += noting.see(member=request.user, mentions=list(mentions.values_list("pk", flat=True)), at=at)
        messages.success(request, _("%d 条通知已标为已读。") % count)
    else:
        bunch, until = bunch_of(request.POST.get("bunch", "")), parse_datetime(request.POST.get("until", "")[:40])
        if bunch is not None and until is not None and until.tzinfo is not None:
            count = reading.see_bunch(member=request.user, bunch=bunch, until=until, at=at)
            messages.success(request, _("%d 条通知已标为已读。") % count)
        ids = [int(pk) for pk in request.POST.getlist("notice") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        reading.see(member=request.user, notices=ids[:200], at=at)
    return redirect(_back(request))


def _back(request: Request) -> str:
    given = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith(reverse("desk:inbox"))
    return given if is_ours else reverse("desk:inbox")


@at_desk
@require_safe
def notice(request: Request, pk: int) -> HttpResponseBase:
    """Read by being opened; leads to its complaint, at the place."""
    row = Notice.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    reading.see(member=request.user, notices=[pk], at=timezone.now())
    [entry] = entries([row], request.user)
    is_path = entry.link.startswith("/") and url_has_allowed_host_and_scheme(entry.link, allowed_hosts=None)
    return redirect(entry.link if is_path else reverse("desk:inbox"))


@at_desk
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponseBase:
    at = timezone.now()
    form = PreferenceForm(request.POST or None, label_suffix="", member=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            reading.prefer(member=request.user, **form.chosen(), at=at)
        except Refused as refusal:
            form.add_error("phone", str(refusal))
        else:
            messages.success(request, _("通知偏好已保存。"))
            return redirect("desk:account-notices")
    return show(request, "desk/account_notices.html", {"form": form}, at=at, status=422 if form.errors else 200)
