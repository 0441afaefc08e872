from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from huiyin.api.tests.calling import Caller
from huiyin.complaints.models import Attachment, Complaint
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x01" * 500


def upload(call: Caller, complaint: Complaint, content: bytes = PNG, *, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    file = SimpleUploadedFile("插头.png", content, content_type="application/x-msdownload")
    return call.client.post(f"/api/v1/complaints/{complaint.number}/attachments", {"file": file}, headers=headers)


def test_a_file_goes_in_and_comes_out_as_a_download() -> None:
    complaint, call = cast.filed(), Caller("agent")

    made = upload(call, complaint)
    kept = made.json()
    down = call.get(f"/complaints/{complaint.number}/attachments/{kept['id']}")

    assert (made.status_code, kept["media_type"], kept["size"]) == (201, "image/png", len(PNG))
    assert b"".join(down.streaming_content) == PNG
    assert down["Content-Type"] == "application/octet-stream"
    assert down["Content-Disposition"] == "attachment; filename*=utf-8''%E6%8F%92%E5%A4%B4.png"
    assert down["X-Content-Type-Options"] == "nosniff"


def test_the_same_upload_twice_under_one_key_is_one_file() -> None:
    complaint, call = cast.filed(), Caller("agent")

    first, second = (upload(call, complaint, key="f-1") for _twice in range(2))
    other = upload(call, complaint, PNG + b"2", key="f-1")

    assert first.content == second.content
    assert other.status_code == 409
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"MZ\x90\x00" + b"\x00" * 200])
def test_what_could_do_harm_or_is_nothing_is_refused(content: bytes) -> None:
    response = upload(Caller("agent"), cast.filed(), content)

    assert response.status_code == 422
    assert Attachment.objects.count() == 0


def test_who_may_not_see_the_complaint_gets_no_file() -> None:
    complaint, agent = cast.filed(), Caller("agent")
    kept = upload(agent, complaint).json()["id"]
    other = cast.filed(phone="13900005555")

    codes = {name: Caller(name).get(f"/complaints/{complaint.number}/attachments/{kept}").status_code for name in
             ("outsider", "analyst")}  # fmt: skip

    assert codes == {"outsider": 404, "analyst": 404}
    assert agent.get(f"/complaints/{other.number}/attachments/{kept}").status_code == 404
    assert agent.get(f"/complaints/{complaint.number}/attachments/{10**30}").status_code == 404
    assert upload(Caller("outsider"), complaint).status_code == 404


def test_a_broken_upload_is_no_fault_of_ours(settings: Settings) -> None:
    complaint, call = cast.filed(), Caller("agent")
    path = f"/api/v1/complaints/{complaint.number}/attachments"

    for content, media_type, status in (
        (b"nonsense", "multipart/form-data", 400),
        (b"nonsense", "multipart/form-data; boundary=x", 422),
        (b"{}", "application/json", 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ):
        assert call.client.post(path, content, content_type=media_type).status_code == status
    huge = call.client.generic("POST", path, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=10**9)
    assert huge.status_code == 413
