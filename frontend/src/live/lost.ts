import { announce } from "../announce";
import { session } from "../storage";
import { say, type Word } from "../words";
import * as complaint from "./complaint";
import * as counts from "./counts";
import * as notices from "./notices";
import * as rows from "./rows";

/** While no stream is there: a small sign says so and why, and what is looked at is asked for once a minute. */
type Why = "offline" | "down" | "unrouted" | "silent" | "refused";

const EVERY_MS = 60_000;
const SPREAD_MS = 20_000; // so that fifty pages that lost it together do not ask together
const KEPT = "huiyin.live.off"; // the next page of this tab need not find out anew
const KEPT_MS = 600_000;
const WORDS: Record<Why, Word> = {
  offline: "lostOffline", down: "lostDown", unrouted: "lostUnrouted", silent: "lostSilent", refused: "lostRefused",
};

let timer = 0;
let isLooking = false;

const sign = (): HTMLElement | null => document.querySelector("#live-sign");

/** The live process has a door that nobody else answers at. */
async function why(address: string, isSilent: boolean): Promise<Why> {
  if (!navigator.onLine) return "offline";
  const asked = { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(5_000) } as const;
  const answer = await fetch(new URL("healthz", address), asked).catch(() => null);
  if (!answer || answer.status >= 500) return "down";
  const told = (await answer.json().catch(() => null)) as { status?: string } | null;
  if (told?.status !== "live") return "unrouted";
  return isSilent ? "silent" : "refused";
}

function show(reason: Why): void {
  const shown = sign();
  if (!shown) return;
  const words = shown.querySelector("[data-live-why]");
  if (words) words.textContent = say(WORDS[reason]);
  session.setItem(KEPT, `${reason}:${Date.now()}`);
  if (!timer) timer = window.setTimeout(poll, EVERY_MS + Math.random() * SPREAD_MS);
  if (!shown.hidden) return;
  shown.hidden = false;
  announce(say("streamLost"));
}

function poll(): void {
  timer = window.setTimeout(poll, EVERY_MS + Math.random() * SPREAD_MS);
  ask();
}

/** What one looks at is compared with what there is now; a hidden page asks when it is looked at again. */
function ask(): void {
  if (document.hidden || !navigator.onLine) return;
  rows.changed({ numbers: [], more: true });
  void complaint.ask();
  counts.soon();
  void notices.ask();
}

/** `isSilent`: it was opened, and nothing came through. */
export async function tell(address: string, isSilent: boolean, isStill: () => boolean): Promise<void> {
  if (isLooking) return;
  isLooking = true;
  const reason = await why(address, isSilent).finally(() => (isLooking = false));
  if (isStill()) show(reason);
}

export function found(): void {
  clearTimeout(timer);
  timer = 0;
  session.removeItem(KEPT);
  const shown = sign();
  if (!shown || shown.hidden) return;
  shown.hidden = true;
  announce(say("streamBack"));
}

export function start(again: () => void): void {
  const [reason, at] = (session.getItem(KEPT) ?? "").split(":");
  if (reason && reason in WORDS && Date.now() - Number(at) < KEPT_MS) {
    show(reason as Why);
    void notices.ask(); // no page brings the count with it
  }
  sign()?.querySelector("[data-live-again]")?.addEventListener("click", () => {
    again();
    ask();
  });
  document.addEventListener("visibilitychange", () => timer && ask());
}
