"""The product behind a proxy that does the TLS, with no more set than its public address: pages, sign-in, what is sent,
and the live stream, at one origin."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from huiyin.lib.tests.browser.conftest import chromium as chromium
from tests.house.prepared import prepared
from tests.house.proxy import Proxy
from tests.house.running import Up, free_port, huiyin
from tests.stories.browsing import PATIENCE, Person
from tests.stories.test_two_at_one_complaint import MAKE_COMPANY

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("up")]


class Behind(NamedTuple):
    proxy: Proxy
    number: str

    @property
    def address(self) -> str:
        return f"https://localhost:{self.proxy.port}"


@pytest.fixture(scope="module")
def behind() -> Iterator[Behind]:
    folder, port = Path(tempfile.mkdtemp(prefix="huiyin-tls-")), free_port()
    up = Up(prepared(folder / "home"), HUIYIN_PUBLIC_URL=f"https://localhost:{port}")
    before = Proxy(folder, port, lambda path: up.port + (1 if path.startswith("/live/") else 0))
    try:
        up.wait_until_ready()
        made = huiyin(up.home, "django", "shell", "-v", "0", "-c", MAKE_COMPANY)
        assert made.returncode == 0, made.stderr
        yield Behind(before, made.stdout.split()[0])
    finally:
        before.end()
        up.end()
        shutil.rmtree(folder, ignore_errors=True)


def test_what_another_does_reaches_the_page_by_the_same_origin(behind: Behind, chromium: Browser) -> None:
    names = ("reviewer", "supervisor")
    reviewer, supervisor = (Person(chromium, behind.address, name, ignore_https_errors=True) for name in names)
    said: list[str] = []
    supervisor.page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for person in (reviewer, supervisor):
        person.open(behind.number)
    expect(supervisor.page.locator("[data-presence-of]")).to_contain_text("陈静 正在查看", timeout=PATIENCE)

    reviewer.press("开始复核", then="已由您复核。")

    expect(supervisor.page.locator("#live-news")).to_contain_text("陈静 刚刚做了：开始复核", timeout=PATIENCE)
    expect(supervisor.page.locator("#live-sign")).to_be_hidden()
    assert [each for each in behind.proxy.asked if each.startswith("/live/desk")] != []
    origins = {urlsplit(each)[:2] for each in _fetched(supervisor)}
    assert origins == {urlsplit(behind.address)[:2]}
    cookies = {each["name"]: each["secure"] for each in supervisor.context.cookies()}
    assert set(cookies) >= {"sessionid", "csrftoken"}
    assert set(cookies.values()) == {True}
    assert (reviewer.faults, supervisor.faults, said) == ([], [], [])
    for person in (reviewer, supervisor):
        person.context.close()


def _fetched(person: Person) -> list[str]:
    found: list[str] = person.page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    return found
