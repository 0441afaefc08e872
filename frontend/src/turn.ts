import htmx from "htmx.org";
import { fetched, taken } from "./ahead";
import { follow } from "./live";
import * as counts from "./live/counts";
import * as news from "./live/news";
import * as presence from "./live/presence";
import * as rows from "./live/rows";

/** From the list to a complaint's own page and back without loading a document: `#main` is filled with what the address
 *  answers, and the list is laid aside as it stands. Whatever is not this one step, the browser loads. */
type Aside = { url: string; title: string; page: string; top: number; focus: Element | null; nodes: Node[]; at: number };

const ASIDE_MS = 900_000; // a list that was laid aside for longer is loaded anew
const PATIENCE_MS = 120;

let aside: Aside | undefined;
let shown = where(); // what this document shows, whatever the address says meanwhile
let asked: AbortController | undefined;

function where(): string {
  return location.pathname + location.search;
}

const main = (): HTMLElement => document.querySelector<HTMLElement>("#main")!;

export async function turnTo(url: string): Promise<void> {
  asked?.abort();
  const mine = (asked = new AbortController());
  const slow = window.setTimeout(() => document.documentElement.setAttribute("data-loading", ""), PATIENCE_MS);
  const plain = url.split("#")[0]!;
  try {
    const text = await (taken(plain) ?? fetched(plain, mine.signal));
    if (mine === asked) show(text, url);
  } catch (error) {
    if ((error as Error).name !== "AbortError") location.assign(url); // the whole page says what is the matter
  } finally {
    clearTimeout(slow);
    if (mine === asked) document.documentElement.removeAttribute("data-loading");
  }
}

function show(text: string, url: string): void {
  const place = main();
  news.forget();
  aside = {
    url: where(), title: document.title, page: document.body.dataset["page"] ?? "", top: scrollY,
    focus: document.activeElement, nodes: [...place.childNodes], at: Date.now(),
  };
  history.pushState({ turned: true }, "", url);
  shown = where();
  place.replaceChildren(); // not by htmx, which would take them apart
  frame("complaint");
  htmx.swap(place, text, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0, show: "", scroll: "" } as never, { select: "#main > *" });
  place.focus({ preventScroll: true });
  const anchor = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (anchor) anchor.scrollIntoView();
  else scrollTo({ top: 0, behavior: "instant" });
}

/** What stands around the main part, as the page has it that is loaded. */
function frame(page: string): void {
  document.body.dataset["page"] = page;
  document.querySelector(".nav-views")?.toggleAttribute("hidden", page === "complaint");
  for (const field of document.querySelectorAll<HTMLInputElement>(".shell-top input[name=next], .shell-dock input[name=next]")) field.value = where();
}

function back(list: Aside): void {
  document.dispatchEvent(new CustomEvent("leaving"));
  news.forget();
  aside = undefined;
  shown = where();
  main().replaceChildren(...list.nodes);
  document.title = list.title;
  frame(list.page);
  scrollTo({ top: list.top, behavior: "instant" });
  if (list.focus instanceof HTMLElement && list.focus.isConnected) list.focus.focus({ preventScroll: true });
  follow();
  presence.moved();
  rows.compareNow();
  counts.now();
}

/** Also on a page that was loaded: an entry of the history may have been made without loading. */
function onPop(event: PopStateEvent): void {
  if (where() === shown) return;
  const state = event.state as { htmx?: boolean; turned?: boolean } | null;
  if (aside && where() === aside.url && Date.now() - aside.at < ASIDE_MS) {
    event.stopImmediatePropagation();
    back(aside);
  } else if (aside || state?.turned || (!state?.htmx && !document.querySelector("[data-queue]"))) {
    event.stopImmediatePropagation();
    location.reload();
  }
}

export function start(): void {
  addEventListener("popstate", onPop, true);
}
