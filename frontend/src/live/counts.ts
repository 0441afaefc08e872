/** How much lies in each view (`#counts[data-counts]`), and on the list that is open: asked for when something happened
 *  to what the member may see, and now and then for what the clock does. A steady stream of events is asked about once
 *  in ten seconds, or as seldom as the answer is dear; a hidden page asks when it is looked at again. */
const SOON_MS = 2_000;
const GAP_MS = 10_000;
const SHARE = 100; // an answer that took a second is not asked for again for a hundred: fifty pages take half a core at most
const EVERY_MS = 60_000;

let timer = 0;
let askedAt = -Infinity;
let gap = GAP_MS;
let isDue = false;
let running: AbortController | undefined;

const place = (): HTMLElement | null => document.querySelector<HTMLElement>("#counts[data-counts]");

/** Something happened: the first after a quiet time is shown soon, what follows is taken together. */
export function soon(after = SOON_MS): void {
  if (!place()) return;
  if (document.hidden) return void (isDue = true);
  if (timer) return;
  timer = window.setTimeout(() => void ask(), Math.max(after, askedAt + gap - performance.now()));
}

/** At once: the page was away, or shows another list by now. */
export function now(): void {
  clearTimeout(timer);
  timer = 0;
  if (!place()) return;
  if (document.hidden) isDue = true;
  else void ask();
}

async function ask(): Promise<void> {
  clearTimeout(timer);
  timer = 0;
  isDue = false;
  const from = place();
  if (!from) return;
  running?.abort();
  const mine = (running = new AbortController());
  askedAt = performance.now();
  const answer = await fetch(from.dataset["counts"]! + location.search, { headers: { "X-Live": "counts" }, signal: mine.signal }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== running) return;
  gap = Math.max(GAP_MS, SHARE * (performance.now() - askedAt));
  for (const now of fresh.querySelectorAll<HTMLElement>("[id]")) {
    const was = document.getElementById(now.id);
    if (was && was.outerHTML !== now.outerHTML) was.replaceWith(now);
  }
}

export function start(): void {
  if (!place()) return;
  now();
  setInterval(() => soon(0), EVERY_MS);
  document.body.addEventListener("changed", () => soon(200));
  document.addEventListener("visibilitychange", () => !document.hidden && (isDue || performance.now() - askedAt > GAP_MS) && now());
  addEventListener("pageshow", (event) => event.persisted && now());
  document.addEventListener("htmx:pushedIntoHistory", now);
}
