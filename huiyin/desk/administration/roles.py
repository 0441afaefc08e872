"""Who may see and do what, out of the same data that decides it. Read only: roles come with the product."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.desk.administration.framing import asked_of, changes, page_of, show_settings
from huiyin.desk.pages import Request
from huiyin.org import labels
from huiyin.org.field_access import FIELD_ACCESS
from huiyin.org.models import Change, Member
from huiyin.org.roles import LABELS
from huiyin.org.rules import RIGHTS, ROLES, SCOPE, Right, Role

WORKING: list[Role] = [role for role in Role if role is not Role.CUSTOMER]


@page_of("roles")
@require_safe
def roles(request: Request) -> HttpResponse:
    chosen = ROLES.get(request.GET.get("role", ""))
    held: Counter[str] = Counter()
    for held_roles in Member.objects.visible_to(request.user).active().values_list("roles", flat=True):
        held.update(held_roles)
    shown: list[Role] = [chosen] if chosen else WORKING
    named = [{"code": role.value, "label": LABELS[role], "count": held[role]} for role in WORKING]
    groups: list[dict[str, Any]] = [
        {"label": label, "rights": [_row(right, words, shown) for right, words in rights.items()]}
        for label, rights in _named_groups()
    ]
    context: dict[str, Any] = {
        "roles": named, "chosen": chosen, "shown": [each for each in named if each["code"] in shown],
        "right_groups": groups,
        "scopes": [labels.SCOPES[SCOPE[role]] for role in shown],
        "fields": [(label, [_access(role, key) for role in shown]) for key, label in labels.FIELD_GROUPS.items()],
    }  # fmt: skip
    if asked := asked_of(request):
        context["right_groups"] = [_found(group, asked) for group in context["right_groups"]]
        context["fields"] = [row for row in context["fields"] if asked.lower() in str(row[0]).lower()]
    context |= {"asked": asked, "changes": changes(request, Change.Area.MEMBER)}
    if chosen:
        holders = Member.objects.visible_to(request.user).active().with_role(chosen).select_related("unit")
        context["holders"] = holders.order_by("name")[:200]
        context["right_groups"] = _only_held(context["right_groups"])
    if chosen or asked:
        context["right_groups"] = [group for group in context["right_groups"] if group["rights"]]
    return show_settings(request, "roles", context, section="roles", at=timezone.now())


def _found(group: dict[str, Any], asked: str) -> dict[str, Any]:
    """Of a group that is called so all of it."""
    if asked.lower() in str(group["label"]).lower():
        return group
    return {**group, "rights": [row for row in group["rights"] if asked.lower() in str(row["label"]).lower()]}


def _row(right: Right, words: Any, shown: list[Role]) -> dict[str, Any]:
    return {"label": words, "cells": [role in RIGHTS[right] for role in shown]}


def _access(role: Role, group: str) -> tuple[str, Any]:
    access = FIELD_ACCESS[role][group]
    return access, labels.ACCESS.get(access, access)


def _only_held(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**group, "rights": [row for row in group["rights"] if any(row["cells"])]} for group in groups]


def _named_groups() -> list[tuple[Any, dict[Right, Any]]]:
    """Rights that nobody has found words for yet are shown all the same."""
    known = {right for _label, rights in labels.RIGHT_GROUPS for right in rights}
    missing = {right: right.value for right in Right if right not in known}
    return [*labels.RIGHT_GROUPS, *([("…", missing)] if missing else [])]
