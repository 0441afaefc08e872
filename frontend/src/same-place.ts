import { session } from "./storage";

/** What is done on the complaint's own page loads it anew: where one was reading, what of the timeline was shown and the
 *  button one pressed are found again. An address with a `#place` says itself where to go; in the queue's pane nothing
 *  is loaded (queue.ts). */
type Place = { number: string; path: string; top: number; shows: string; action: string; at: number };

const SLOT = "huiyin.deed-place";
const SOON_MS = 60_000;

const number = (): string => document.querySelector<HTMLElement>("[data-live-complaint]")?.dataset["liveComplaint"] ?? "";
const sieve = (): NodeListOf<HTMLInputElement> => document.querySelectorAll<HTMLInputElement>("input[name=timeline-shows]");

function note(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== "post" || form.closest("[data-pane]") || !number()) return;
  const shows = [...sieve()].find((each) => each.checked)?.value ?? "";
  const place: Place = { number: number(), path: location.pathname, top: scrollY, shows, action: form.action, at: Date.now() };
  session.setItem(SLOT, JSON.stringify(place));
}

function find(): void {
  const place = session.read<Place>(SLOT);
  session.removeItem(SLOT);
  if (!place || place.number !== number() || Date.now() - place.at > SOON_MS) return;
  for (const each of sieve()) each.checked = each.value === place.shows;
  if (location.hash || location.pathname !== place.path) return;
  scrollTo({ top: place.top, behavior: "instant" });
  const pressed = [...document.querySelectorAll<HTMLFormElement>("#main form")].find((form) => form.action === place.action);
  const again = pressed?.querySelector<HTMLElement>("button:not([type=button])") ?? document.querySelector<HTMLElement>("#main");
  again?.focus({ preventScroll: true });
}

export function start(): void {
  document.addEventListener("submit", note);
  find();
}
