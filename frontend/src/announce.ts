import { isChinese } from "./words";

/** One polite voice for what comes by itself: never more than once in ten seconds, and nothing twice. */
const APART_MS = 10_000;

let region: HTMLElement | null = null;
let spokenAt = -APART_MS;
let waiting: string[] = [];
let timer = 0;

function speak(): void {
  spokenAt = performance.now();
  if (region) region.textContent = waiting.slice(-3).join(isChinese() ? "；" : "; ");
  waiting = [];
}

export function announce(text: string): void {
  waiting = [...waiting.filter((each) => each !== text), text];
  clearTimeout(timer);
  timer = window.setTimeout(speak, Math.max(spokenAt + APART_MS - performance.now(), 200));
}

export function start(): void {
  region = Object.assign(document.createElement("p"), { id: "live-voice", className: "visually-hidden" });
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
}
