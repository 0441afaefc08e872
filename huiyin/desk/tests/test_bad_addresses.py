"""An address, number or year that no row can have is not found, on whatever page."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests import cast

Sits = Callable[[str], Client]


@pytest.mark.parametrize(
    "place",
    [
        "settings/units/%00", "settings/units/QM%00/move", "settings/members/a%00", "settings/categories/%00",
        "settings/categories/%00/new", "settings/elements/%00", "settings/routing/%00", "settings/days/%00/clearance",
        "complaints/%00", "complaints/%00/form", "work-orders/%00/start", "quality/incidents/%00", "courses/%00",
        "complaints/export.%00", "drafts/notes:%00",
    ],
)  # fmt: skip
def test_a_nul_in_an_address_is_not_found(sits: Sits, place: str) -> None:
    assert sits("admin").get(f"/desk/{place}").status_code == 404
    assert sits("admin").post(f"/desk/{place}").status_code == 404


def test_a_nul_outside_the_desk_is_not_found_either() -> None:
    for url in ("/portal/%00", "/brand/%00", "/%00", "/admin/%00"):
        assert Client().get(url).status_code == 404


def test_a_number_of_five_thousand_digits_is_none(sits: Sits) -> None:
    digits = "9" * 5000
    assert sits("agent").post("/desk/mentions/seen", {"mention": digits}).status_code == 302
    assert sits("admin").get("/desk/settings/days", {"year": digits}).status_code == 200
    assert sits("admin").get(f"/desk/quality/causes/{digits}").status_code == 404
    assert sits("agent").get(f"/desk/complaints/{cast.filed().number}/attachments/{digits}").status_code == 404
