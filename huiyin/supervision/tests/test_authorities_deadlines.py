"""AL-24: an authority's deadline is told of two working days before, once."""

from datetime import timedelta

import pytest

from huiyin.complaints.actions import regulating
from huiyin.complaints.actions.regulating import Referral
from huiyin.notices.models import Notice
from huiyin.supervision.actions import authorities
from tests import cast
from tests.cast import MONDAY, actor, later

pytestmark = pytest.mark.django_db


def test_two_working_days_before_an_authoritys_deadline_its_people_are_told_once() -> None:
    cast.company()
    due = MONDAY + timedelta(days=7)  # the Monday after
    sent = Referral(profile="CN-12315", number="SAMR-2026-1", received_at=MONDAY, deadline=due)
    regulating.refer(cast.filed(), sent, actor=actor("agent"), at=later(minutes=5))

    assert authorities.warn(at=later(days=2, hours=10)) == 0  # Wednesday: Thursday, Friday and Monday are left
    assert Notice.objects.filter(kind="regulator_due").count() == 0
    assert authorities.warn(at=later(days=3)) == 1  # Thursday
    told = Notice.objects.filter(kind="regulator_due").count()
    assert told >= 2
    assert authorities.warn(at=later(days=4)) == 1
    assert Notice.objects.filter(kind="regulator_due").count() == told
