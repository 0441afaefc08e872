"""The form in a frame on the company's own site, and the poster with its code for the counter."""

import pytest
from django.conf import LazySettings
from django.test import Client

from huiyin.complaints.models import Complaint
from huiyin.portal import qr
from huiyin.portal.tests.visiting import GIVEN, number_of
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
SITE = "https://www.example.com"


def test_no_site_may_frame_anything_unless_it_is_named(client: Client) -> None:
    for path in ("/portal/embed", "/portal/"):
        page = client.get(path)
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"


def test_the_named_site_may_frame_the_form_and_its_answer_and_nothing_else(
    client: Client, settings: LazySettings
) -> None:
    settings.HUIYIN_EMBED_ORIGINS = [SITE]
    form = client.get("/portal/embed?lang=en&unit=CTY-E01")
    given = {**GIVEN, "form": number_of(form.content.decode()), "unit": "CTY-E01"}

    filed = client.post("/portal/embed?lang=en", given)
    answer = client.get(filed["Location"])
    complaint = Complaint.objects.get()

    assert 'lang="en"' in form.content.decode()
    assert filed.status_code == 303
    assert filed["Location"].startswith("/portal/embed/received/")
    assert complaint.received_unit is not None
    for page in (form, filed, answer):
        assert f"frame-ancestors {SITE}" in page["Content-Security-Policy"]
        assert "X-Frame-Options" not in page
    assert 'method="post"' not in answer.content.decode()
    assert 'target="_blank"' in answer.content.decode()
    assert client.cookies == {}
    for path in (f"/portal/t/{complaint.tracking_code}", "/portal/", "/portal/find", "/accounts/login/"):
        page = client.get(path)
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"


def test_the_poster_is_for_members_and_leads_to_their_unit(client: Client, settings: LazySettings) -> None:
    settings.HUIYIN_PUBLIC_URL = "https://help.example.com"
    assert client.get("/portal/counter").status_code == 302

    client.force_login(cast.member("branch"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/portal/counter/CTY-E01").content.decode()

    assert "https://help.example.com/portal/?unit=CTY-E01" in page
    assert qr.picture("https://help.example.com/portal/?unit=CTY-E01").path in page
    assert client.get("/portal/counter/NONE").status_code == 404
    assert "/portal/counter/" in client.get("/desk/account").content.decode()


def test_the_picture_is_a_code_of_black_squares_with_quiet_round_it() -> None:
    picture = qr.picture("https://help.example.com/portal/?unit=CTY-E01")

    assert picture.path.startswith("M4 4h1v1h-1z")  # the corner of the first finder
    assert picture.size == 8 + 33
