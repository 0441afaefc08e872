"""What others may change on the open complaint stands in a part that 查看更新 fetches anew."""

from collections.abc import Callable
from html.parser import HTMLParser

from django.test import Client
from django.utils import timezone

from tests import cast

Sits = Callable[[str], Client]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What nobody changes, what is fetched when it is opened, and the panel round the writing, whose parts are live.
STILL = {"words", "similar", "record", "customer", "act"}


class Panels(HTMLParser):
    """`panels`: of each panel of the complaint, its name and whether it is within a live part."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.path: list[tuple[str, bool]] = []
        self.panels: dict[str, bool] = {}
        self.live: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_live = "data-live-part" in given or (bool(self.path) and self.path[-1][1])
        if "data-live-part" in given:
            self.live.add(given["id"] or "")
        if "panel" in (given.get("class") or "").split():
            self.panels[given.get("id") or "words"] = is_live
        if tag not in VOID:
            self.path.append((tag, is_live))

    def handle_endtag(self, tag: str) -> None:
        while self.path and self.path.pop()[0] != tag:
            pass


def seen(client: Client, number: str) -> Panels:
    page = client.get(f"/desk/complaints/{number}").content.decode()
    return Panels(page[page.index("<main") : page.index("</main>")])


def test_every_panel_is_within_a_live_part_or_is_known_to_stand_still(sits: Sits) -> None:
    (order,) = cast.dispatched(
        cast.reviewed(cast.filed(at=timezone.now()), at=timezone.now(), severity=1, by="supervisor")
    )
    found = seen(sits("supervisor"), order.complaint.number)
    assert {name for name, is_live in found.panels.items() if not is_live} <= STILL
    assert {"quality", "clocks", "grading", "files"} <= found.panels.keys()


def test_a_panel_that_is_not_there_yet_has_its_place(sits: Sits) -> None:
    """What comes later comes without loading the page: the compensation, the authority, the incident, the owner."""
    complaint = cast.filed(at=timezone.now())
    found = seen(sits("supervisor"), complaint.number)
    later = {"live-offers", "live-regulatory", "live-quality", "live-guidance", "live-files", "live-others"}
    assert later | {"customer-hands", "customer-facts", "red", "live-validities"} <= found.live
    assert not {"offers", "regulatory"} & found.panels.keys()
    revealed = (
        sits("supervisor")
        .post(f"/desk/complaints/{complaint.number}/contact", {"reason": "回电核实"}, follow=True)
        .content.decode()
    )
    assert "13900001111" in revealed
    assert 'id="customer-facts" data-live-part' not in revealed  # what was looked up is not taken away again
