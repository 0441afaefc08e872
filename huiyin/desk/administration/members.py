"""The roll of members: add one and show the first password once, change what they do, let them go."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.desk.administration.forms import ROLE_CHOICES, MemberForm, MoveMember, NewMember
from huiyin.desk.administration.framing import REFUSALS, changes, page_of, refused, sentence, show_settings
from huiyin.desk.pages import Request
from huiyin.dispatch import burdens
from huiyin.lib import keyset
from huiyin.lib.clean import clean_line
from huiyin.org import passwords
from huiyin.org.actions import members as acting
from huiyin.org.actions import setting_up
from huiyin.org.actors import Actor
from huiyin.org.models import Change, Member, Unit
from huiyin.org.rules import ROLES

A_PAGE = 50


@page_of("members")
@require_safe
def members(request: Request) -> HttpResponse:
    rows = Member.objects.visible_to(request.user).select_related("unit")
    asked, role = clean_line(request.GET.get("q", "")[:100]), request.GET.get("role", "")
    state = request.GET.get("state", "active")
    if asked:
        said = Q(name__icontains=asked) | Q(username__icontains=asked) | Q(unit__name_zh__icontains=asked)
        rows = rows.filter(said | Q(unit__code__iexact=asked))
    if role in ROLES:
        rows = rows.with_role(role)
    if state in ("active", "left"):
        rows = rows.filter(is_active=state == "active")
    try:
        shown = keyset.page(rows, order=("username",), size=A_PAGE, cursor=request.GET.get("cursor"))
    except keyset.BadCursor:
        shown = keyset.page(rows, order=("username",), size=A_PAGE)
    kept = request.GET.copy()
    context = {
        "members": shown.rows, "asked": asked, "role": role, "state": state, "roles": ROLE_CHOICES,
        "previous_url": _at(kept, shown.previous), "next_url": _at(kept, shown.next),
        "changes": changes(request, Change.Area.MEMBER),
    }  # fmt: skip
    return show_settings(request, "members", context, section="members", at=timezone.now())


def _at(kept: Any, cursor: str | None) -> str:
    if not cursor:
        return ""
    kept["cursor"] = cursor
    return f"?{kept.urlencode()}"


@page_of("members")
@require_http_methods(["GET", "HEAD", "POST"])
def new_member(request: Request) -> HttpResponseBase:
    """The page that answers shows the first password, and no other ever does."""
    at = timezone.now()
    unit = Unit.objects.visible_to(request.user).filter(code=request.GET.get("unit", "")[:32]).first()
    initial = {"unit": unit.code if unit else None, "language": "zh-hans"}
    form = NewMember(request.POST or None, label_suffix="", initial=initial)
    if request.method == "POST" and form.is_valid():
        first, actor = passwords.fresh(), Actor.of(request.user)
        try:
            made = acting.add(**form.cleaned_data, password=first, actor=actor, at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            setting_up.finish("members", actor=actor, at=at)
            return _member_page(request, made, first_password=first)
    status = 422 if form.errors else 200
    context = {"form": form, "title": _("新增成员"), "submit": _("新增并生成首次密码"), "back": "desk:settings-members"}
    return show_settings(request, "form", context, section="members", at=at, status=status)


def _member(request: Request, username: str) -> Member:
    rows = Member.objects.visible_to(request.user).select_related("unit", "line_manager")
    found = rows.filter(username=username[:64]).first() if "\x00" not in username else None
    if found is None:
        raise Http404
    return found


@page_of("members")
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: Request, username: str) -> HttpResponseBase:
    shown, at = _member(request, username), timezone.now()
    if request.method != "POST":
        return _member_page(request, shown)
    form = MemberForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            acting.revise(shown, **form.cleaned_data, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("desk:settings-member", username=shown.username)
    return _member_page(request, _member(request, username), form=form)


def _member_page(
    request: Request, shown: Member, *, form: MemberForm | None = None, first_password: str = ""
) -> HttpResponse:
    initial = {
        "name": shown.name, "unit": shown.unit.code, "roles": shown.roles, "email": shown.email,
        "line_manager": shown.line_manager.username if shown.line_manager else None, "language": shown.language,
    }  # fmt: skip
    context = {
        "member": shown, "form": form or MemberForm(label_suffix="", initial=initial),
        "first_password": first_password, "open": burdens.of_member(shown),
        "reports": Member.objects.visible_to(request.user).active().filter(line_manager=shown),
        "changes": changes(request, Change.Area.MEMBER, subject=shown.username),
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return show_settings(request, "member", context, section="members", at=timezone.now(), status=status)


@page_of("members")
@require_http_methods(["GET", "HEAD", "POST"])
def move_member(request: Request, username: str) -> HttpResponseBase:
    """First what the move would change, then, by POST, the move: everything else of the member stays."""
    shown, at = _member(request, username), timezone.now()
    form = MoveMember(request.POST or request.GET or None, label_suffix="", member=shown)
    if not form.is_valid():
        messages.error(request, _("请选择要移到哪个单位，不能是现在的单位，也不能是停用的。"))
        return redirect("desk:settings-member", username=shown.username)
    unit: Unit = form.cleaned_data["under"]
    if request.method == "POST":
        try:
            acting.transfer(shown, unit=unit, line_manager=shown.line_manager, actor=Actor.of(request.user), at=at)
        except REFUSALS as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("“%(member)s”已移到“%(unit)s”。") % {"member": shown.name, "unit": unit.name})
        return redirect("desk:settings-member", username=shown.username)
    context = {"member": shown, "under": unit, "open": burdens.of_member(shown)}
    return show_settings(request, "member_move", context, section="units", at=at)


@page_of("members")
@require_POST
def new_password(request: Request, username: str) -> HttpResponseBase:
    shown, fresh = _member(request, username), passwords.fresh()
    acting.set_password(shown, password=fresh, actor=Actor.of(request.user), at=timezone.now())
    return _member_page(request, shown, first_password=fresh)


@page_of("members")
@require_POST
def retire_member(request: Request, username: str) -> HttpResponseBase:
    return _deed(request, username, acting.deactivate, _("“%s”已离岗，不能再登录。"))


@page_of("members")
@require_POST
def restore_member(request: Request, username: str) -> HttpResponseBase:
    return _deed(request, username, acting.reactivate, _("“%s”已恢复在岗。"))


@page_of("members")
@require_POST
def reset_second_factor(request: Request, username: str) -> HttpResponseBase:
    return _deed(request, username, acting.reset_second_factor, _("“%s”的两步验证已重设，下次只凭密码登录。"))


def _deed(request: Request, username: str, action: Any, done: str) -> HttpResponseBase:
    shown = _member(request, username)
    try:
        action(shown, actor=Actor.of(request.user), at=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done % shown.name)
    return redirect("desk:settings-member", username=shown.username)
