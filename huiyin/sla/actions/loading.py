"""The shipped policy, as a new installation's first version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.sla.actions.amending import lock_versions
from huiyin.sla.checking import check
from huiyin.sla.models import PolicyVersion


@transaction.atomic
def load(documents: Mapping[str, Any], at: datetime) -> int:
    """Make `sla` version 1 and return 1; where any version exists nothing changes and 0 is returned.

    Raises PolicyUnsound.
    """
    lock_versions()
    if PolicyVersion.objects.exists():
        return 0
    body = check(documents["sla"])
    PolicyVersion.objects.create(number=1, body=body, created_at=at, note=_("随产品提供的默认政策"))
    return 1
