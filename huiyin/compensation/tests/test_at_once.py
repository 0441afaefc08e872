"""Two at the same moment: of two awards that only singly stay within the limit, one is given."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from huiyin.compensation.actions import offering
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.models import Offer
from huiyin.compensation.worth import Proposed
from huiyin.complaints.errors import GuardFailed
from huiyin.complaints.models import Complaint
from tests import cast
from tests.cast import later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _company(transactional_db: None) -> None:
    cast.company()


def test_two_agents_cannot_both_pass_under_the_limit_of_one_customer() -> None:
    complaints = [cast.reviewed(cast.filed(text=f"第 {n} 件：电饭煲又坏了，请尽快处理。")) for n in (1, 2)]
    assert complaints[0].customer_id == complaints[1].customer_id
    options = [Proposed("apology_letter", words="书面致歉"), Proposed("voucher", Decimal(1200), "券")]
    terms = Terms(options=options, explanation="安抚", off_tariff_because="急", at_once=True)

    def give(pk: int, username: str) -> bool:
        try:
            complaint = Complaint.objects.get(pk=pk)
            offering.offer(complaint, terms=terms, actor=cast.actor(username), at=later(hours=1))
        except GuardFailed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        given = list(both.map(give, [complaint.pk for complaint in complaints], ["agent", "agent2"]))

    assert sorted(given) == [False, True]
    assert Offer.objects.count() == 1
