"""The shipped policy, as a new installation's first version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.lib.defaults import bring
from huiyin.sla.actions.amending import lock_versions
from huiyin.sla.checking import check
from huiyin.sla.models import PolicyVersion, RegulatoryProfile


def load_profiles(documents: Mapping[str, Any]) -> int:
    """The regulatory profiles as shipped; whether each is switched on is the deployment's and stays."""
    document = documents.get("regulations")
    if document is None:
        return 0
    count = 0
    for position, each in enumerate(document["profiles"]):
        body = {**each, "checked_on": document["checked_on"]}
        first = {"reach": each.get("switched", RegulatoryProfile.Reach.OFF)}
        count += bring(RegulatoryProfile, "code", {each["id"]: {"body": body, "position": position}}, first=first)
    return count


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Make `sla` version 1, where no version exists, and the regulatory profiles; how many rows are new.

    Raises PolicyUnsound.
    """
    lock_versions()
    profiles = load_profiles(documents)
    if PolicyVersion.objects.exists():
        return profiles
    body = check(documents["sla"])
    PolicyVersion.objects.create(number=1, body=body, created_at=at, note=_("随产品提供的默认政策"))
    return 1 + profiles
