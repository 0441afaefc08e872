"""A customer's data goes, whatever hangs on their complaint: a red case, a war room, an authority's letter."""

import pytest
from django.db import connection

from huiyin.complaints import searching
from huiyin.complaints.actions import erasing, regulating
from huiyin.complaints.actions.regulating import Referral
from huiyin.complaints.auditing import verify
from huiyin.complaints.models import Complaint, RegulatoryCase
from huiyin.notices.models import Notice
from huiyin.org.actors import SYSTEM
from huiyin.redchannel.actions import paging, rooms
from huiyin.redchannel.models import Decision, RedCase
from huiyin.redchannel.tests.test_paging import HURT
from huiyin.surveys.models import Answer
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db


@pytest.mark.req("D25")
def test_a_customer_whose_complaint_has_everything_is_erased_and_what_was_done_for_them_stays() -> None:
    cast.company()
    complaint = cast.reviewed(cast.filed(text=HURT), severity=1, by="supervisor", at=later(minutes=3))
    case = paging.consider(complaint, at=later(minutes=3))
    assert case is not None
    room = rooms.call(case, topic="是否停售", actor=actor("supervisor"), at=later(minutes=12))
    rooms.join(room, actor=actor("supervisor"), at=later(minutes=14))
    rooms.decide(room, text="即日停售该批次。", actor=actor("supervisor"), at=later(minutes=30))
    cast.dispatched(complaint, at=later(minutes=40))
    referral = Referral(profile="CN-12315", number="12315-1")
    regulating.refer(complaint, referral, actor=actor("supervisor"), at=later(hours=1))
    Answer.objects.create(
        complaint=complaint, stars=2, words="太慢了", at=later(hours=2), resolved_at=later(hours=1), via="phone"
    )
    told = Notice.objects.count()

    erasing.erase(Complaint.objects.get(pk=complaint.pk).customer, actor=SYSTEM, at=later(days=1), reason="本人要求")

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    left = Complaint.objects.get(pk=complaint.pk)
    assert (left.customer.name, left.customer.phone, left.customer.erased_at) == ("", "", later(days=1))
    assert left.complainant_name == ""
    assert [searching.matching(Complaint.objects.all(), typed).count() for typed in ("13900001111", "电饭煲")] == [0, 1]
    assert [RedCase.objects.count(), Decision.objects.count(), RegulatoryCase.objects.count()] == [1, 1, 1]
    assert (Notice.objects.count(), Answer.objects.count()) == (told, 1)
    assert list(verify()) == []
    assert paging.sweep(at=later(days=1)) == 1  # nobody has confirmed: the pages go on, without the customer
