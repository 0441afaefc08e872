"""时限考核记录: where a rule says so, a reviewed complaint stands against the unit that answers for it (C050)."""

from datetime import datetime

from django.db import transaction

from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.models import Complaint, Event, Validity
from huiyin.complaints.states import State
from huiyin.org.actors import SYSTEM
from huiyin.quality.models import Assessment, AssessmentRule
from huiyin.sla.queries import current


@transaction.atomic
def assess(complaint: Complaint, *, at: datetime) -> Assessment | None:
    """A complaint that was confirmed in such a category has its one record; None where no rule asks for one.

    SP-12 is by definition a repair past its time, which the reviewer confirmed. One that was found not justified
    afterwards stays on record and does not count.
    """
    hold(complaint)
    category = complaint.confirmed_category or (complaint.category if complaint.state == State.CLOSED else None)
    rule = category and AssessmentRule.objects.filter(category_code=category.code).first()
    if category is None or rule is None:
        return None
    assessment = Assessment.objects.filter(complaint=complaint, rule=rule.code).first()
    if assessment is None:
        assessment = Assessment.objects.create(
            complaint=complaint,
            rule=rule.code,
            unit=category.owner or complaint.owner_unit,
            month=current().calendar.local(complaint.received_at).date().replace(day=1),
            assessed_at=at,
        )
        events.record(complaint, Event.Kind.ASSESSED, actor=SYSTEM, at=at, rule=rule.code, unit=assessment.unit.code)
    _dismiss(assessment, complaint)
    return assessment


def _dismiss(assessment: Assessment, complaint: Complaint) -> None:
    judged = complaint.validities.exclude(confirmed_by=None).first()
    assessment.is_dismissed = judged is not None and judged.value in Validity.NOT_VALID
    assessment.save(update_fields=["is_dismissed"])
