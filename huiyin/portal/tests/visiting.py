"""A customer's browser without script: it fills in the form that the page shows and sends it."""

import re
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.complaints.models import Complaint
from huiyin.portal.proving import is_work_done

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
GIVEN: dict[str, Any] = {
    "kind": "complaint",
    "text": "上周六买的星桥电饭煲，用了三次就不通电。打了两次电话都没有人回。",
    "occurred_on": "2026-11-14",
    "order_no": "XQ20261114-001",
    "expectation": "换一台新的",
    "name": "客户张伟",
    "phone": "13900001111",
    "email": "zhangwei@example.com",
}


def photo(name: str = "插头.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def number_of(page: str, name: str = "form") -> str:
    """The one-time number in the page's form."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def fill_in(client: Client, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it; where it asks for a sum, added up."""
    page = client.get("/portal/").content.decode()
    asked = re.search(r"请算一下：(\d) \+ (\d)", page)
    answer = {"sum": str(int(asked[1]) + int(asked[2]))} if asked else {}
    return {**GIVEN, "form": number_of(page), **answer, **changes}


def submit(client: Client, **changes: Any) -> Any:
    return client.post("/portal/", fill_in(client, **changes))


def work(number: str) -> str:
    """What a browser with script finds for this form."""
    return next(str(nonce) for nonce in count() if is_work_done(number, str(nonce)))


def submit_with_work(client: Client, **changes: Any) -> Any:
    given = fill_in(client, **changes)
    return client.post("/portal/", {**given, "proof": work(given["form"].partition(":")[0])})


def act(client: Client, complaint: Complaint, what: str, prefix: str, **given: Any) -> Any:
    here = f"/portal/t/{complaint.tracking_code}"
    page = client.get(here).content.decode()
    fields = {f"{prefix}-{name}": value for name, value in given.items()}
    return client.post(f"{here}/{what}", {f"{prefix}-form": number_of(page, f"{prefix}-form"), **fields})
