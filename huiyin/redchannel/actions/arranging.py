"""An administrator changes what makes a case red and who is paged how often."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.errors import MayNotConfigure
from huiyin.org.models import Change
from huiyin.org.rules import Right
from huiyin.redchannel.models import RedPolicy
from huiyin.redchannel.queries import CODE, arrangements

NAMES = ("levels", "rules", "group_code", "every_minutes", "widen_after", "mentions", "daily_level")


@transaction.atomic
def arrange(*, values: Mapping[str, Any], actor: Actor, at: datetime) -> bool:
    """It holds for the next case and the next round; False where it did already. `values` has all of NAMES.
    Raises MayNotConfigure, ValidationError."""
    if not actor.may(Right.CONFIGURE):
        raise MayNotConfigure
    policy = RedPolicy.objects.select_for_update().filter(code=CODE).first() or arrangements()
    before = _said(policy)
    for name in NAMES:
        setattr(policy, name, values[name])
    policy.full_clean()
    policy.save()
    changed = record(
        Change.Area.RED, CODE, label=_("红色通道"), verb=Change.Verb.AMENDED, actor=actor, at=at,
        before=before, after=_said(policy),
    )  # fmt: skip
    return changed is not None


def _said(policy: RedPolicy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in NAMES}
