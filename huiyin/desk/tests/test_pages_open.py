"""Every page opens for those whom it is for, and for nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client

from huiyin.org.actions import demo_members
from tests import cast

Sits = Callable[[str], Client]
EVERYBODY = [person.username for person in demo_members.CAST]


@pytest.mark.parametrize("place", ["/desk/", "/desk/complaints/", "/desk/account", "/desk/design"])
def test_the_common_pages_open_for_every_member(sits: Sits, place: str) -> None:
    cast.filed()

    assert {name: sits(name).get(place).status_code for name in EVERYBODY} == dict.fromkeys(EVERYBODY, 200)


@pytest.mark.parametrize("place", ["/desk/", "/desk/complaints/", "/desk/complaints/new", "/desk/complaints/TS1"])
def test_who_has_not_signed_in_is_sent_to_sign_in(place: str) -> None:
    answer = Client().get(place)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_complaint_opens_for_those_who_may_see_it(sits: Sits) -> None:
    complaint = cast.filed()

    for username in ("agent", "reviewer", "supervisor", "manager", "auditor", "executive", "legal"):
        page = sits(username).get(f"/desk/complaints/{complaint.number}")
        assert page.status_code == 200
        assert cast.TEXT in page.content.decode()


def test_the_complaint_is_not_there_for_those_who_may_not(sits: Sits) -> None:
    complaint = cast.filed()

    for username in ("outsider", "handler", "branch", "admin"):
        assert sits(username).get(f"/desk/complaints/{complaint.number}").status_code == 404
        assert complaint.number not in sits(username).get("/desk/complaints/?view=all").content.decode()


@pytest.mark.parametrize("place", ["/desk/", "/desk/complaints/?view=all"])
def test_what_a_script_compares_comes_without_the_frame_and_says_the_same(sits: Sits, place: str) -> None:
    complaint = cast.filed()
    client = sits("supervisor")
    whole = client.get(place).content.decode()
    bare = client.get(place, headers={"X-Live": "compare"}).content.decode()

    assert complaint.number in bare
    assert bare.count('id="row-') == whole.count('id="row-') == 1
    assert "data-live-view" in bare
    assert "<html" not in bare
    assert "shell-nav" not in bare
    assert len(bare) < len(whole) - 10_000


def test_what_goes_into_the_pane_is_the_complaint_alone(sits: Sits) -> None:
    complaint = cast.filed()
    bare = sits("supervisor").get(f"/desk/complaints/{complaint.number}", headers={"X-Pane": "1"}).content.decode()

    title, _start, main = bare.partition("</title>")
    assert title.lstrip().startswith(f"<title>{complaint.number} ")
    assert main.lstrip().startswith('<main id="main">')
    assert "data-live-complaint" in bare
    assert "shell-nav" not in bare
