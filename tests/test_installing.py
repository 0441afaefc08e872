"""The desk on a home screen: what a browser asks for before it installs an app is there, in the company's own look."""

import re
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin import branding
from huiyin.lib.tests.tokens import COLOURS
from huiyin.org import looks
from huiyin.org.actions import arranging, dressing
from huiyin.org.actors import Actor
from huiyin.org.queries import company
from tests import cast

pytestmark = pytest.mark.django_db
MANIFEST = "/manifest.webmanifest"
HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture(autouse=True)
def company_of_the_cast(db: None) -> Iterator[None]:
    cast.company()
    looks.forget()
    yield
    looks.forget()


def told(client: Client) -> dict[str, Any]:
    answer = client.get(MANIFEST)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest: dict[str, Any] = answer.json()
    return manifest


def picture(client: Client, address: str) -> tuple[str, bytes]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.headers["Content-Type"], b"".join(answer)


def size(png: bytes) -> str:
    assert png.startswith(HEAD)
    wide, high = struct.unpack(">II", png[16:24])
    return f"{wide}x{high}"


def test_the_desk_can_be_installed() -> None:
    client = Client()
    client.force_login(cast.member("branch"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/").content.decode()
    assert f'rel="manifest" href="{MANIFEST}"' in page

    manifest = told(Client())

    icons = manifest.pop("icons")
    assert manifest == {
        "id": "/desk/", "name": "回音", "short_name": "回音", "start_url": "/desk/", "scope": "/",
        "display": "standalone", "lang": "zh-Hans", "dir": "ltr",
        "theme_color": "#2554b8", "background_color": "#f6f7f9",
    }  # fmt: skip
    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"), ("any", "any"),
    }  # fmt: skip
    assert (COLOURS["accent-fill"][0], COLOURS["ground"][0]) == (branding.ACCENT, branding.GROUND)


def test_each_icon_is_there_with_the_type_and_the_size_that_it_says() -> None:
    client = Client()
    for icon in told(client)["icons"]:
        kind, content = picture(client, icon["src"])
        assert kind.partition(";")[0] == icon["type"], icon
        assert icon["sizes"] == ("any" if kind.startswith("image/svg") else size(content)), icon


@pytest.mark.parametrize("place", ["/accounts/login/", "/portal/"])
def test_a_telephone_of_apple_is_given_a_picture_of_its_own_size(place: str) -> None:
    client = Client()
    said = re.findall(
        r'<link rel="apple-touch-icon" href="([^"]+)" sizes="(\d+x\d+)">', client.get(place).content.decode()
    )

    [(address, sizes)] = said

    assert sizes == "180x180" == size(picture(client, address)[1])


def test_what_is_installed_bears_the_companys_own_name_logo_and_colour() -> None:
    row, actor, at = company(), Actor.of(cast.member("admin")), timezone.now()
    assert row is not None
    arranging.name_company(
        row, name_zh="天山电器", name_en="Tianshan Home Appliances", time_zone="Asia/Shanghai", actor=actor, at=at
    )
    dressing.choose_accent(accent="#7a1f5c", actor=actor, at=at)
    logo = HEAD + struct.pack(">II", 256, 256) + b"\x08\x06\0\0\0"
    dressing.set_logo(content=logo, name="logo.png", actor=actor, at=at)
    looks.forget()
    client = Client()

    manifest = told(client)
    english = told(Client(headers={"Accept-Language": "en"}))

    assert (manifest["name"], manifest["short_name"], manifest["theme_color"]) == ("天山电器", "天山电器", "#7a1f5c")
    assert (english["name"], english["short_name"], english["lang"]) == ("Tianshan Home Appliances", "Tianshan", "en")
    [icon] = manifest["icons"]
    assert (icon["sizes"], icon["type"], icon["purpose"]) == ("256x256", "image/png", "any")
    assert picture(client, icon["src"]) == ("image/png", logo)
    assert f'<link rel="apple-touch-icon" href="{icon["src"]}">' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    ("name", "short"),
    [("回音", "回音"), ("Acme", "Acme"),
     ("Acme Home Appliances", "Acme Home"), ("Tianshan, Ltd. of Urumqi", "Tianshan"),
     ("新疆天山家用电器制造有限公司", "新疆天山家用电器制造有限")],
)  # fmt: skip
def test_under_an_icon_stands_what_fits(name: str, short: str) -> None:
    assert branding.in_short(name) == short
