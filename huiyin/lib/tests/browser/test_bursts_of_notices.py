"""A burst of notices is one toast with its count, however the stream cuts it; what is urgent stands for itself."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from huiyin.lib.tests.browser.pages import Site

pytestmark = pytest.mark.browser

BODY = (
    '<meta name="live" content="/live/desk" data-complaints="/complaints/" data-presence="/presence" '
    'data-inbox="/inbox/"><main id="main"><div id="list" data-live-view></div></main>'
)


def shown(site: Site, *notices: dict[str, Any]) -> Locator:
    told = "".join(f"id: {n}\nevent: notice\ndata: {json.dumps(each)}\n\n" for n, each in enumerate(notices))
    site.answers["/live/desk"] = lambda request: {
        "status": 200, "content_type": "text/event-stream", "body": f"retry: 900000\n\n{told}",
    }  # fmt: skip
    return site.open(BODY).locator(".toast-card .toast-text")


def notice(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "number": "TS1", "link": "/inbox/1", **more}


def test_few_stand_beside_each_other(site: Site) -> None:
    expect(shown(site, *(notice(f"第{n}条") for n in range(3)))).to_have_text(["第0条", "第1条", "第2条"])


def test_two_hundred_one_after_the_other_are_one_toast_that_leads_to_the_inbox(site: Site) -> None:
    toasts = shown(site, *(notice(f"第{n}条") for n in range(200)))
    expect(toasts).to_have_text(["200 条新提醒"])
    expect(toasts.locator("a")).to_have_attribute("href", "/inbox/?show=unseen")


def test_the_counts_of_bursts_are_added_and_what_is_urgent_stands_for_itself(site: Site) -> None:
    burst = notice("120 条新提醒", count=120, link="/inbox/?show=unseen")
    words = shown(site, burst, notice("红色通道", urgent=True), {**burst, "text": "80 条新提醒", "count": 80})
    expect(words).to_have_text(["红色通道", "200 条新提醒"])
