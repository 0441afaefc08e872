"""What people feel: in a real Chromium, signed in, against the running product. From the click on a row until the
complaint is painted; what the first page of the queue weighs after a first visit; what moves by itself; and whether
coming back finds the place."""

import shutil
import statistics
from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.multiplying import grow_to
from bench.place import Place
from bench.reading import session_cookie

CLICKS = 30
HELD_MS = 80  # how long a hand holds the button down; the clock starts when it lets go
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUEUE = "/desk/complaints/?view=all"
FEWEST = 2_000

# Kept by every page: what moved without being asked to, and when it was painted. Times are since 1970, so that those
# of two pages can be compared. For half a second after a click a browser takes every shift for asked for; what moves
# once the complaint is painted was not.
_WATCH = """
window.felt = {moved: 0, painted: 0, clicked: false};
new PerformanceObserver(list => {
  const {painted, clicked} = window.felt;
  for (const entry of list.getEntries()) {
    const isAfter = clicked && painted && performance.timeOrigin + entry.startTime > painted;
    if (isAfter || !entry.hadRecentInput) window.felt.moved += entry.value;
  }
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => {
  if (window.felt.clicked) return;
  for (const entry of list.getEntries()) window.felt.painted = performance.timeOrigin + entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
document.addEventListener("click", event => {
  sessionStorage.setItem("felt.click", performance.timeOrigin + event.timeStamp);
  window.felt = {moved: 0, painted: 0, clicked: true};
  if (document.querySelector("[data-pane]")) return;
  // Where the same document goes on there is no largest paint to be told of: two frames, as for the pane.
  const look = () => {
    if (!document.querySelector("#main > #case [data-live-seq]")) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => {
      window.felt.painted = performance.timeOrigin + performance.now();
    }));
  };
  look();
}, true);
"""
# The pane is painted when two frames have passed since it was filled: the first paints it, the second follows that.
_PANE = """number => new Promise(resolve => {
  const look = () => {
    if (!document.querySelector("#pane h1") || !document.querySelector("#pane").textContent.includes(number)) {
      return requestAnimationFrame(look);
    }
    requestAnimationFrame(() => setTimeout(() => {
      window.felt.painted = performance.timeOrigin + performance.now();
      resolve(window.felt.painted - Number(sessionStorage.getItem("felt.click")));
    }));
  };
  look();
})"""


def measure(place: Place, *, size: int) -> dict[str, Any]:
    """`size`: complaints there are at least."""
    from huiyin.complaints.models import Complaint

    grow_to(max(size, FEWEST))
    complaints = Complaint.objects.count()
    name, _equals, value = session_cookie("supervisor").partition("=")
    place.start_web()
    try:
        with sync_playwright() as playwright:
            found = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
            address = f"http://127.0.0.1:{place.port}"
            measured = _measured(browser, address, {"name": name, "value": value, "url": address})
            browser.close()
    finally:
        place.stop_web()
    return {"complaints": complaints, **measured}


def _measured(browser: Browser, address: str, cookie: Mapping[str, str]) -> dict[str, Any]:
    context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.add_cookies([dict(cookie)])  # type: ignore[list-item]  # three names of the many that a cookie may have
    context.add_init_script(_WATCH)
    page = context.new_page()
    first = _weight(page, lambda: _goto(page, QUEUE))
    again = _weight(page, lambda: _goto(page, QUEUE))
    _lay_out(page, "list")
    listed, moved = _clicks_in_list(page)
    split, moved_beside = _clicks_in_split(page)
    _must_see_what_moves(page)
    return {
        "first_visit_kb": first,
        "next_visit_kb": again,
        "list": _summary(listed),
        "back_off_by_px": _back(page),
        "split": _summary(split),
        "moved": {"queue": _moved_while_scrolling(page), "complaint": max(moved), "pane": max(moved_beside)},
    }


def _goto(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")


def _weight(page: Page, act: Callable[[], None]) -> float:
    """Kilobytes over the wire, headers and all, of everything that is fetched."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    fetched: list[float] = []
    line.on("Network.loadingFinished", lambda event: fetched.append(event["encodedDataLength"]))
    act()
    line.detach()
    return round(sum(fetched) / 1000, 1)


def _lay_out(page: Page, layout: str) -> None:
    _goto(page, QUEUE)
    page.locator(f'button[name=layout][value="{layout}"]').click()
    page.wait_for_load_state("networkidle")
    _goto(page, QUEUE)


def _clicks_in_list(page: Page) -> tuple[list[float], list[float]]:
    """Milliseconds from each click to the complaint's page painted, and what moved on that page."""
    times, moved = [], []
    for place in range(CLICKS):
        _goto(page, QUEUE)
        page.locator("#found a.row-title").nth(place).click(delay=HELD_MS)
        page.wait_for_url("**/desk/complaints/TS*")
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => window.felt.painted > 0")
        times.append(float(page.evaluate("felt.painted - Number(sessionStorage.getItem('felt.click'))")))
        moved.append(float(page.evaluate("felt.moved")))
    return times, moved


def _clicks_in_split(page: Page) -> tuple[list[float], list[float]]:
    _lay_out(page, "split")
    times, moved = [], []
    for place in range(CLICKS):
        row = page.locator("#found tr[data-row]").nth(place)
        row.locator("a.row-title").click(delay=HELD_MS)
        times.append(float(page.evaluate(_PANE, row.get_attribute("data-row"))))
        page.wait_for_load_state("networkidle")
        moved.append(float(page.evaluate("felt.moved")))
    _lay_out(page, "list")
    return times, moved


def _must_see_what_moves(page: Page) -> None:
    """Something is pushed down right after a complaint came: a measurement that does not see it is none."""
    _goto(page, QUEUE)
    page.locator("#found a.row-title").first.click(delay=HELD_MS)
    page.wait_for_function("() => window.felt.painted > 0")
    page.evaluate("document.querySelector('#main').prepend(document.createElement('pre'))")
    page.evaluate("document.querySelector('#main pre').textContent = '\\n'.repeat(12)")
    page.wait_for_timeout(300)
    seen = float(page.evaluate("felt.moved"))
    if seen < 0.01:
        raise RuntimeError(f"a shift right after the click was not seen ({seen})")


def _back(page: Page) -> float:
    """How far the row that was clicked stands from where it stood, after going there and back."""
    _goto(page, QUEUE)
    _scroll(page)
    row = page.locator("#found tr[data-row]").nth(70)
    row.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    before = row.evaluate("row => row.getBoundingClientRect().top")
    row.locator("a.row-title").click()
    page.wait_for_url("**/desk/complaints/TS*")
    page.go_back()
    row.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    return round(abs(float(row.evaluate("row => row.getBoundingClientRect().top")) - float(before)), 1)


def _scroll(page: Page) -> None:
    page.locator("#found tr[data-row]").nth(49).scroll_into_view_if_needed()
    page.locator("#found tr[data-row]").nth(80).wait_for(state="attached")


def _moved_while_scrolling(page: Page) -> float:
    _goto(page, QUEUE)
    _scroll(page)
    page.wait_for_load_state("networkidle")
    return round(float(page.evaluate("felt.moved")), 4)


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1),
    }
