"""Endpoints: what other calls refer to by code or name, and who asks."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from huiyin.api import showing
from huiyin.api.outgoing import reference as out
from huiyin.api.paging import Paging, page
from huiyin.api.tokens import member_of, token_of
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right, may
from huiyin.triage import queries
from huiyin.triage.models import Category

router = Router(tags=["reference"])


@router.get("/categories", response=out.CategoryList, summary="The tree of categories in use")
def categories(request: HttpRequest) -> HttpResponse:
    rows = Category.objects.visible_to(member_of(request)).current(timezone.now()).select_related("parent", "owner")
    items = [
        out.CategoryOut(
            code=row.code,
            name=row.name,
            parent=row.parent.code if row.parent else None,
            severity=row.severity,
            complexity=row.complexity,
            owner=row.owner_code,
            requires=row.required_fields,
        )
        for row in rows
    ]
    return showing.answer(out.CategoryList(items=items))


@router.get("/causes", response=out.CauseList, summary="Why customers complain (投诉原因)")
def causes(request: HttpRequest) -> HttpResponse:
    """Those on offer. A category with causes of its own takes one of those instead."""
    member_of(request)
    items = [
        out.CauseOut(code=each.code, name=each.name, explanation=each.is_explanation)
        for each in queries.causes()
        if each.is_active
    ]
    return showing.answer(out.CauseList(items=items))


@router.get("/units", response=out.UnitList, summary="The units, from the top down")
def units(request: HttpRequest) -> HttpResponse:
    rows = Unit.objects.visible_to(member_of(request)).select_related("parent").order_by("path")
    items = [
        out.UnitRow(
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=row.parent.code if row.parent else None,
            active=row.is_active,
        )
        for row in rows
    ]
    return showing.answer(out.UnitList(items=items))


@router.get("/members", response=out.MemberList, summary="Colleagues at work")
def members(request: HttpRequest, filters: Query[Paging]) -> HttpResponse:
    rows = Member.objects.visible_to(member_of(request)).active().select_related("unit")
    found, following = page(request, rows, order=("username",), paging=filters)
    items = [out.MemberRow(username=row.username, name=row.name, unit=row.unit.code, roles=row.roles) for row in found]
    return showing.answer(out.MemberList(items=items, next=following))


@router.get("/me", response=out.Me, summary="Whose token this is")
def me(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    shown = out.Me(
        username=member.username,
        name=member.name,
        unit=showing.unit(member.unit),
        roles=member.roles,
        rights=sorted(right.value for right in Right if may(member, right)),
        scopes=token_of(request).scopes,
        content=member.reach.content,
    )
    return showing.answer(shown)
