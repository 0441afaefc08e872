import { session } from "./storage";
import htmx from "htmx.org";
import { fetchAhead, fetched, taken } from "./ahead";
import { choosePerson } from "./assign";
import { follow } from "./live";
import * as paneAt from "./pane-place";
import { turnTo } from "./turn";

/** The queue: the open complaint beside the list (`[data-pane]`), rows by key, and one's place kept. Without this script
 *  every row is a link to its complaint and every page of rows a link to the next. */
const PAGE = 50;
const FULL = 400; // rows that one answer of the server holds (views/queue.py DEEPEST)
const REST_MS = 150; // who rests on a row for so long may mean to open it
const beside = matchMedia("(min-width: 1024px)");

const queue = (): HTMLElement | null => document.querySelector("[data-queue]");
const pane = (): HTMLElement | null => (beside.matches ? document.querySelector("[data-pane]") : null);
const rows = (): HTMLTableRowElement[] => [...document.querySelectorAll<HTMLTableRowElement>("#found tr[data-row]")];
const link = (row: Element): HTMLAnchorElement | null => row.querySelector("a.row-title");

let origin = new URL(location.href).searchParams.get("cursor") ?? ""; // from where the server answered
let here = location.href; // where the page stands; tells a step in history from another page

function address(changes: Record<string, string>): string {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  return url.pathname + url.search;
}

function settle(changes: Record<string, string>): void {
  history.replaceState(history.state, "", address(changes));
  here = location.href;
}

// The open complaint -------------------------------------------------------------------------------------------------

let asked: AbortController | undefined;
let bySteps = false; // j and k: the next row will be wanted

function mark(number: string): void {
  for (const row of rows()) {
    const isOpen = row.dataset["row"] === number || (link(row)?.pathname.endsWith(`/${number}`) ?? false);
    row.toggleAttribute("aria-current", isOpen);
    if (isOpen) row.setAttribute("aria-current", "true");
  }
}

async function open(url: string, number: string, how: { push: boolean }): Promise<void> {
  const place = pane();
  if (!place) return;
  mark(number);
  paneAt.note(place);
  place.dataset["open"] = number;
  if (how.push) {
    history.pushState({ queue: true }, "", address({ open: number }));
    here = location.href;
  }
  asked?.abort();
  asked = new AbortController();
  const mine = asked;
  try {
    const plain = url.split("#")[0]!;
    const text = await (taken(plain) ?? fetched(plain, mine.signal));
    if (mine !== asked) return;
    fill(place, text, url, number);
  } catch (error) {
    if ((error as Error).name !== "AbortError") location.assign(url); // the whole page says what is the matter
  }
}

function fill(place: HTMLElement, text: string, url: string, number: string): void {
  htmx.swap(place, text, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0, show: "", scroll: "", ignoreTitle: true } as never, { select: "#main > *" });
  paneAt.settle(place, number);
  const anchor = decodeURIComponent(url.split("#")[1] ?? "");
  if (anchor) document.getElementById(anchor)?.scrollIntoView({ block: "start" });
  follow();
  lookAhead();
}

function lookAhead(): void {
  if (!bySteps) return;
  const all = rows();
  const next = all[all.findIndex((row) => row.hasAttribute("aria-current")) + 1];
  const url = next && link(next)?.href.split("#")[0];
  if (url) setTimeout(() => fetchAhead(url), 250);
}

/** What is sent from the pane comes back into the pane; the list is told. */
function keepInside(form: HTMLFormElement): void {
  if (form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("hx-boost") || form.target) return;
  const how = { "hx-boost": "true", "hx-target": "#pane", "hx-select": "#main > *", "hx-select-oob": "#toasts", "hx-swap": "innerHTML show:none", "hx-push-url": "false" };
  for (const [name, value] of Object.entries(how)) form.setAttribute(name, value);
  htmx.process(form);
}

async function refreshRow(): Promise<void> {
  const number = pane()?.dataset["open"];
  const old = rows().find((row) => row.hasAttribute("aria-current"));
  if (!number || !old) return;
  const text = await fetched(location.href).catch(() => "");
  if (!text) return;
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(old.id);
  if (!fresh) {
    old.dataset["gone"] = "";
    return;
  }
  const isTicked = old.querySelector<HTMLInputElement>("[data-bulk-item]")?.checked ?? false;
  old.replaceWith(fresh);
  const box = fresh.querySelector<HTMLInputElement>("[data-bulk-item]");
  if (box) box.checked = isTicked;
  mark(number);
}

// Rows by key --------------------------------------------------------------------------------------------------------

function current(all: HTMLTableRowElement[]): number {
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => row.hasAttribute("aria-current"));
}

function step(by: number): void {
  const all = rows();
  const target = all[Math.max(0, Math.min(all.length - 1, current(all) + by))];
  const to = target && link(target);
  if (!target || !to) return;
  to.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
  if (!pane()) return;
  bySteps = true;
  void open(to.href, numberOf(to), { push: true });
}

const boxOf = (row: Element | undefined): HTMLInputElement | null => row?.querySelector<HTMLInputElement>("[data-bulk-item]") ?? null;

/** The row one is in, else the first. */
function tick(): void {
  const all = rows();
  const at = Math.max(0, current(all));
  boxOf(all[at])?.click();
  const to = all[at] && link(all[at]);
  if (to && !all[at]!.contains(document.activeElement)) to.focus({ preventScroll: true });
}

/** The next row as well. */
function extend(by: number): void {
  const all = rows();
  const at = current(all);
  const next = all[at + by];
  for (const row of [all[at], next]) if (boxOf(row)?.checked === false) boxOf(row)?.click();
  const to = next && link(next);
  to?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** To whom the ticked ones go; where none is ticked, the row one is in. */
function assign(): void {
  if (!rows().some((row) => boxOf(row)?.checked)) tick();
  choosePerson();
}

const numberOf = (to: HTMLAnchorElement): string => to.pathname.split("/").at(-1) ?? "";

// One's place --------------------------------------------------------------------------------------------------------

type Place = { row: string; offset: number; focus: string };
const keyOf = (): string => `huiyin.place:${location.pathname}${new URL(address({ open: "" }), location.href).search}`;
const inList = (): HTMLElement | null => (pane() ? document.querySelector<HTMLElement>("#found") : null);
const edge = (): number => inList()?.getBoundingClientRect().top ?? 0;

/** The first row that one sees. */
function reading(): HTMLTableRowElement | undefined {
  const top = edge();
  return rows().find((row) => row.getBoundingClientRect().bottom > top + 60);
}

function remember(): void {
  if (!queue()) return;
  paneAt.note(pane());
  const first = reading();
  const focus = document.activeElement?.closest<HTMLElement>("tr[data-row]")?.dataset["row"] ?? "";
  if (!first) return;
  const place: Place = { row: first.dataset["row"]!, offset: first.getBoundingClientRect().top - edge(), focus };
  try {
    sessionStorage.setItem(keyOf(), JSON.stringify(place));
  } catch {
    /* full or forbidden: the page begins at its top */
  }
}

function comesBack(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return entry?.type === "back_forward" || entry?.type === "reload" || /\/complaints\/(signatures|assignments|notes)/.test(document.referrer);
}

function restore(): void {
  const kept = comesBack() ? session.getItem(keyOf()) : null;
  if (!kept) return;
  const place = JSON.parse(kept) as Place;
  const by = (number: string): HTMLTableRowElement | undefined => rows().find((row) => row.dataset["row"] === number);
  const row = by(place.row);
  if (row) (inList() ?? document.scrollingElement!).scrollTop += row.getBoundingClientRect().top - edge() - place.offset;
  const focus = place.focus && by(place.focus);
  if (focus) link(focus)?.focus({ preventScroll: true });
}

/** How far the list was scrolled through stands in the address: coming back, the server answers with all of it; of a
 *  list longer than one answer, with the stretch that one reads, from where one of its pages began. */
function deepen(): void {
  const all = rows();
  const shown = all.length;
  if (shown <= PAGE) return;
  const marks = [0, ...all.flatMap((row, place) => (place && row.dataset["from"] ? [place] : []))];
  const first = shown > FULL ? Math.max(0, all.indexOf(reading()!)) : 0;
  const before = marks.filter((place) => place <= first);
  const begins = before.find((place) => first - place < FULL - PAGE) ?? before.at(-1)!;
  const cursor = begins ? all[begins]!.dataset["from"]! : origin;
  settle({ cursor, rows: String(Math.min(FULL, Math.ceil((shown - begins) / PAGE) * PAGE)) });
}

let coming: { from: string; after: Element | null } | undefined;

/** The first row of each page that is fetched knows the cursor it was fetched by. */
function begin(more: Element): void {
  const next = more.querySelector<HTMLAnchorElement>("a[rel=next]");
  const from = next && new URL(next.href).searchParams.get("cursor");
  coming = from ? { from, after: more.previousElementSibling } : undefined;
}

function begun(): void {
  coming?.after?.nextElementSibling?.setAttribute("data-from", coming.from);
  coming = undefined;
}

// --------------------------------------------------------------------------------------------------------------------

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const density = target.closest<HTMLButtonElement>("[data-density-choice]");
  if (density) {
    document.querySelector<HTMLElement>(".shell")!.dataset["density"] = density.value;
    for (const each of document.querySelectorAll("[data-density-choice]")) each.setAttribute("aria-pressed", String(each === density));
  }
  const stepped = target.closest<HTMLElement>("[data-step]")?.dataset["step"];
  if (stepped === "tick") return tick();
  if (stepped === "assign") return assign();
  if (stepped?.startsWith("extend")) return extend(stepped.endsWith("up") ? -1 : 1);
  if (stepped) return step(Number(stepped));
  const to = target.closest<HTMLAnchorElement>("#found a.row-title");
  if (!to) return;
  remember();
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!pane()) return void turnTo(to.href);
  bySteps = false;
  void open(to.href, numberOf(to), { push: true });
}

function onPop(event: PopStateEvent): void {
  const was = new URL(here);
  const now = new URL(location.href);
  here = location.href;
  for (const url of [was, now]) for (const name of ["open", "rows"]) url.searchParams.delete(name);
  if (was.href !== now.href) {
    if (!(event.state as { htmx?: boolean } | null)?.htmx) location.reload();
    return; // htmx reloads what it pushed
  }
  event.stopImmediatePropagation();
  const number = new URL(location.href).searchParams.get("open");
  const row = rows().find((each) => number && link(each)?.pathname.endsWith(`/${number}`));
  if (number && row) void open(link(row)!.href, number, { push: false });
  else location.reload();
}

function onSend(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-here], [name=back]")) {
    if (queue()) field.value = location.pathname + location.search;
  }
  if (form.matches("[data-bulk]")) remember();
}

export function start(): void {
  if (!queue()) return;
  history.scrollRestoration = "manual";
  addEventListener("popstate", onPop, true);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSend, true);
  document.addEventListener("pointerdown", (event) => {
    const to = (event.target as Element).closest<HTMLAnchorElement>("#found a.row-title");
    if (to && !event.button) fetchAhead(to.href.split("#")[0]!);
  });
  let rest = 0;
  document.addEventListener("focusin", (event) => {
    clearTimeout(rest);
    const to = (event.target as Element).closest<HTMLAnchorElement>("#found a.row-title:focus-visible");
    if (to && !pane()) rest = window.setTimeout(() => fetchAhead(to.href.split("#")[0]!), REST_MS);
  });
  let pause = 0;
  const later = (): void => {
    clearTimeout(pause);
    pause = window.setTimeout(() => {
      remember();
      if (queue()) deepen();
    }, 120);
  };
  addEventListener("scroll", later, { passive: true, capture: true });
  document.addEventListener("focusin", later);
  addEventListener("pagehide", remember);

  let focused = ""; // where one was in the sentence, which is answered as a whole
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData } = (event as CustomEvent<{ elt: Element; formData: FormData }>).detail;
    if (!elt.matches("[data-sieve]")) return;
    focused = document.activeElement?.id ?? "";
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    origin = new URL(location.href).searchParams.get("cursor") ?? "";
    const number = pane()?.dataset["open"];
    settle(number ? { open: number } : {});
  });
  document.addEventListener("htmx:load", (event) => {
    const place = pane();
    const fresh = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
    if (place?.contains(fresh)) [fresh, ...fresh.querySelectorAll("form")].forEach((each) => each instanceof HTMLFormElement && keepInside(each));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = (event as CustomEvent<{ target: Element }>).detail.target;
    if (target.matches("#found tr.more")) begin(target);
  });
  document.addEventListener("htmx:afterSwap", begun);
  document.addEventListener("htmx:afterSettle", (event) => {
    deepen();
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
    const place = pane();
    const config = (event as CustomEvent<{ requestConfig?: { verb: string } }>).detail.requestConfig;
    if (config?.verb !== "post" || !place?.contains(event.target as Node)) return;
    document.body.dispatchEvent(new CustomEvent("changed"));
    void refreshRow();
  });

  restore();
  const place = pane();
  const url = place?.dataset["openUrl"];
  if (place && url) void open(url, place.dataset["open"]!, { push: false });
}
