import pytest

from huiyin.channels.models import Channel
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Kind
from tests import cast
from tests.cast import actor, unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    cast.company()


@pytest.mark.req("A18", "A46")
def test_the_nearest_service_centre_owns_every_complaint() -> None:
    owners = {
        "from outside": cast.filed().owner_unit.code,
        "headquarters' hotline": cast.filed(by=actor("agent")).owner_unit.code,
        "a county's counter": cast.filed(by=actor("branch")).owner_unit.code,
        "an outlet": cast.filed(received_unit=unit("OUT-002")).owner_unit.code,
    }

    assert owners == {
        "from outside": "CC",
        "headquarters' hotline": "CC",
        "a county's counter": "BR-EAST-CC",
        "an outlet": "BR-SOUTH-CC",
    }


@pytest.mark.req("A20", "A48")
def test_every_channel_makes_a_complaint_that_knows_its_channel_its_number_there_and_where_it_was_taken_in() -> None:
    outlet = cast.unit("BR-SOUTH-CC")
    for channel in Channel.values:
        cast.filed(channel=channel, external_id="转2026-118", received_unit=outlet)

    kept = Complaint.objects.values_list("channel", "external_id", "received_unit")
    assert sorted(kept) == sorted((channel, "转2026-118", outlet.pk) for channel in Channel.values)


@pytest.mark.req("A14", "B01", "D20")
def test_a_complaint_is_told_from_an_enquiry_a_suggestion_and_praise() -> None:
    groups = {kind: cast.filed(kind=kind, text="你们的包装可以再简单一点").severity for kind in Kind.values}

    assert groups == {"complaint": groups["complaint"], "enquiry": 4, "suggestion": 4, "praise": 4}
