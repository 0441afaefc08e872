"""Which regulatory profiles this deployment goes by. What runs already goes on."""

from datetime import datetime

from django.db import transaction

from huiyin.org.actions.recording import record
from huiyin.org.actors import Actor
from huiyin.org.models import Change
from huiyin.sla.models import RegulatoryProfile


@transaction.atomic
def switch(row: RegulatoryProfile, *, reach: str, actor: Actor, at: datetime) -> None:
    held = RegulatoryProfile.objects.select_for_update().get(pk=row.pk)
    before, row.reach = held.reach, reach
    RegulatoryProfile.objects.filter(pk=row.pk).update(reach=reach)
    record(
        Change.Area.PROMISES, row.code, label=str(row.body["zh"]), verb=Change.Verb.AMENDED, actor=actor, at=at,
        before={"reach": before}, after={"reach": reach},
    )  # fmt: skip
