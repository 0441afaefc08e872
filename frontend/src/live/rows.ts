import htmx from "htmx.org";
import { say } from "../words";
import { isBusy } from "./busy";
import * as news from "./news";
import { paint } from "./presence";

/** Lists of complaints (`[data-live-view]`): the page is fetched again and compared. Rows, and other items of a list
 *  (`[data-live-item]`), that changed are filled anew where they stand, counts (`[data-live-part]`) as well; what came or
 *  went is offered, never pushed under the pointer. A view with `data-live-watch` has what no event of a complaint tells:
 *  it is compared for notices, when one looks at it again, and now and then, as seldom as the answer is dear. */
const SOON_MS = 1_500;
const PAUSE_MS = [3_000, 30_000] as const;
const EVERY_MS = 60_000;
const AGAIN_MS = 10_000;
const SHARE = 100; // an answer that took a second is not asked for again for a hundred

let pause: number = PAUSE_MS[0];
let timer = 0;
let isDue = false;
let fetchedAt = -Infinity;
let took = 0;

const view = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-live-view][id]");
export const isHere = (): boolean => view() !== null;

const rowsOf = (root: ParentNode): HTMLElement[] => [...root.querySelectorAll<HTMLElement>("[data-row][id], [data-live-item][id]")];

/** The row without what the script did to it, its token and the words that change with the clock. */
function essence(row: HTMLElement): string {
  const copy = row.cloneNode(true) as HTMLElement;
  for (const ours of copy.querySelectorAll(".row-faces, [name=csrfmiddlewaretoken]")) ours.remove();
  for (const clock of copy.querySelectorAll("time, [data-due-words]")) clock.textContent = "";
  for (const chip of copy.querySelectorAll("[data-due-state]")) chip.removeAttribute("data-due-state");
  return copy.innerHTML.replace(/\s+/g, " ");
}

export function changed(told: { numbers: string[]; more: boolean }): void {
  const list = view();
  if (!list) return;
  const isShown = told.more || told.numbers.some((number) => list.querySelector(`a[href*="${number}"]`));
  plan(isShown ? SOON_MS : Math.max(SOON_MS, fetchedAt + pause - performance.now()));
}

function plan(after: number): void {
  if (document.hidden) return void (isDue = true);
  if (timer && after > SOON_MS) return; // planned already, and perhaps sooner
  clearTimeout(timer);
  timer = window.setTimeout(() => void compare(), after);
}

async function fetched(): Promise<Document | null> {
  const answer = await fetch(view()?.dataset["liveView"] || location.href, { headers: { "X-Live": "compare" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function compare(): Promise<void> {
  isDue = false;
  timer = 0;
  fetchedAt = performance.now();
  const list = view();
  const page = list && (await fetched());
  const now = page && page.getElementById(list.id);
  took = performance.now() - fetchedAt;
  if (!list || !now) return;
  const differed = [parts(page), fill(list, now)].includes(true);
  const ours = new Set(rowsOf(list).map((row) => row.id));
  const theirs = new Set(rowsOf(now).map((row) => row.id));
  const gone = new Set(answered(rowsOf(list), theirs, now).filter((row) => !theirs.has(row.id)));
  for (const row of rowsOf(list)) row.toggleAttribute("data-gone", gone.has(row));
  const count = [...theirs].filter((id) => !ours.has(id)).length + new Set([...gone].map((row) => row.id)).size;
  pause = differed || count ? PAUSE_MS[0] : Math.min(pause * 2, PAUSE_MS[1]);
  if (count) news.offer(say("rowsChanged", { n: count }), say("showRows"), show);
  else news.hide();
  paint();
}

/** Our rows that the answer speaks of: of a long list it holds a stretch, and the rows before and after it may be there. */
function answered(ours: HTMLElement[], theirs: Set<string>, now: HTMLElement): HTMLElement[] {
  const known = ours.map((row) => theirs.has(row.id));
  const first = now.querySelector(".queue-before") ? known.indexOf(true) : 0;
  const last = now.querySelector("tr.more") ? known.lastIndexOf(true) : ours.length - 1;
  return first < 0 ? [] : ours.slice(first, last + 1);
}

/** Counts and tiles; true where one differed. */
function parts(page: Document): boolean {
  let differed = false;
  for (const part of document.querySelectorAll<HTMLElement>("[data-live-part][id]")) {
    const now = page.getElementById(part.id);
    if (!now || now.textContent === part.textContent || isBusy(part)) continue;
    part.replaceChildren(...now.childNodes);
    htmx.process(part);
    differed = true;
  }
  return differed;
}

/** Rows on both sides that differ are filled anew: the element, its tick and the focus in it stay. */
function fill(list: HTMLElement, now: HTMLElement): boolean {
  const theirs = new Map<string, HTMLElement[]>();
  for (const row of rowsOf(now)) theirs.set(row.id, [...(theirs.get(row.id) ?? []), row]);
  let differed = false;
  for (const row of rowsOf(list)) {
    const other = theirs.get(row.id)?.shift();
    if (!other || essence(row) === essence(other)) continue;
    differed = true;
    const ticked = row.querySelector<HTMLInputElement>("[data-bulk-item]")?.checked ?? false;
    const focus = row.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    const place = focus && [...row.querySelectorAll(focus.tagName)].indexOf(focus);
    row.replaceChildren(...other.cloneNode(true).childNodes);
    const box = row.querySelector<HTMLInputElement>("[data-bulk-item]");
    if (box) box.checked = ticked;
    if (focus) row.querySelectorAll<HTMLElement>(focus.tagName)[place ?? 0]?.focus({ preventScroll: true });
    row.setAttribute("data-fresh", "");
    htmx.process(row);
  }
  return differed;
}

async function show(): Promise<void> {
  const list = view();
  const page = list && (await fetched());
  const now = page && page.getElementById(list.id);
  if (!list || !now) return;
  const before = new Set(rowsOf(list).map((row) => row.id));
  const ticked = new Set([...list.querySelectorAll<HTMLInputElement>("[data-bulk-item]:checked")].map((box) => box.value));
  parts(page);
  list.replaceChildren(...now.childNodes);
  for (const box of list.querySelectorAll<HTMLInputElement>("[data-bulk-item]")) box.checked = ticked.has(box.value);
  htmx.process(list);
  htmx.trigger(list, "htmx:afterSettle");
  news.hide();
  const fresh = rowsOf(list).filter((row) => !before.has(row.id));
  for (const row of fresh) row.setAttribute("data-fresh", "");
  fresh[0]?.scrollIntoView({ block: "nearest" });
  const first = fresh[0] ?? list;
  (first.querySelector<HTMLElement>("a.row-title") ?? fresh[0]?.querySelector("a"))?.focus({ preventScroll: true });
  paint();
}

/** The page was away for a while: what happened meanwhile is looked for at once. */
export function compareNow(): void {
  if (view()) plan(200);
}

const isWatched = (): boolean => view()?.hasAttribute("data-live-watch") ?? false;
const since = (): number => performance.now() - fetchedAt;

/** This member was told something: it may stand in the view. */
export function noticed(): void {
  if (isWatched()) plan(SOON_MS);
}

export function start(): void {
  setInterval(() => isWatched() && !document.hidden && since() >= SHARE * took && plan(SOON_MS), EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (isDue || (isWatched() && since() > AGAIN_MS))) plan(200);
  });
}
