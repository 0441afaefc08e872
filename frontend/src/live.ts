import * as complaint from "./live/complaint";
import * as counts from "./live/counts";
import * as lost from "./live/lost";
import * as notices from "./live/notices";
import * as presence from "./live/presence";
import * as rows from "./live/rows";
import { session } from "./storage";

/** One stream for each page of the desk (`<meta name="live">`). It survives sleep, a lost network and a live process that
 *  is restarted: it comes back from the last key it was told. Hidden pages let go of it, since a browser keeps but six. */
const LAST = "huiyin.live";
const SILENCE_MS = 50_000; // the server says something at least every 20 s
const QUIET_MS = 30_000; // without a stream for so long, the page says so
const NEVER_MS = 8_000; // and so soon where it never had one: somebody set something up wrong
const HIDDEN_MS = 30_000;
const SLEPT_MS = 30_000; // between two looks that are five seconds apart
const AGAIN_MS = [5_000, 15_000, 30_000, 60_000];

const told: Record<string, (data: never) => void> = {
  changed: complaint.changed, rows: listed, presence: presence.show, notice: noticed, inbox: notices.count,
  beat: () => undefined,
};

function listed(told: { numbers: string[]; more: boolean }): void {
  rows.changed(told);
  counts.soon();
}

function noticed(told: Parameters<typeof notices.show>[0]): void {
  notices.show(told);
  rows.noticed();
}

const meta = document.querySelector<HTMLMetaElement>('meta[name="live"]');
const member = document.documentElement.dataset["member"] ?? "";
let stream: EventSource | null = null;
let watched = "";
let last = "";
let hasOpened = false;
let heardAt = 0;
let lostAt = 0;
let failures = 0;
let isSilent = false; // opened, and nothing came through
let again = 0;
let lookedAt = Date.now();
let hiding = 0;

function address(): string {
  const url = new URL(meta!.content, location.href);
  const open = complaint.open();
  if (open) url.searchParams.set("complaint", open.number), url.searchParams.set("seq", String(open.seq));
  if (rows.isHere()) url.searchParams.set("list", "on");
  if (last) url.searchParams.set("last", last);
  if (!hasOpened) url.searchParams.set("age", String(Math.ceil(performance.now() / 1000)));
  watched = open?.number ?? "";
  return url.href;
}

function hear(event: MessageEvent<string>): void {
  heardAt = Date.now();
  isSilent = false;
  lostAt = 0;
  lost.found();
  if (event.lastEventId) last = event.lastEventId;
  if (last) session.setItem(LAST, `${member}:${last}:${heardAt}`);
  told[event.type]?.(JSON.parse(event.data) as never);
}

function open(): void {
  close();
  stream = new EventSource(address(), { withCredentials: true });
  heardAt = Date.now();
  stream.addEventListener("open", () => {
    hasOpened = true;
    failures = 0;
    if (!isSilent) lostAt = 0;
    heardAt = Date.now();
    if (!isSilent) lost.found();
  });
  stream.addEventListener("error", () => {
    lostAt ||= Date.now();
    if (stream?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    clearTimeout(again);
    again = window.setTimeout(open, AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
  });
  for (const name of Object.keys(told)) stream.addEventListener(name, hear);
}

function close(): void {
  clearTimeout(again);
  stream?.close();
  stream = null;
}

function look(): void {
  const slept = Date.now() - lookedAt > SLEPT_MS;
  lookedAt = Date.now();
  if (document.hidden) return;
  if (slept) return woke();
  if (stream && Date.now() - heardAt > SILENCE_MS) {
    lostAt ||= Date.now();
    isSilent = true;
    open();
  }
  const patience = hasOpened ? QUIET_MS : NEVER_MS;
  if (lostAt && Date.now() - lostAt > patience) void lost.tell(address(), isSilent, () => lostAt > 0);
}

/** From sleep or from the browser's back/forward cache: nothing that is shown need be true any more. */
function woke(): void {
  open();
  rows.compareNow();
  counts.now();
  void complaint.ask();
}

function remembered(): string {
  const [whose, key, at] = (session.getItem(LAST) ?? "").split(":");
  return whose === member && key && Date.now() - Number(at) < 600_000 ? key : "";
}

/** Another complaint may stand on the page now: the stream is asked about that one. */
export function follow(): void {
  if (stream && (complaint.open()?.number ?? "") !== watched) open();
}

export function start(): void {
  counts.start();
  if (!meta?.content) return;
  last = remembered();
  lost.start(open);
  open();
  presence.start(meta.dataset["presence"] ?? "");
  rows.start();
  complaint.start();
  setInterval(look, 5_000);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && woke());
  addEventListener("online", open);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = window.setTimeout(close, HIDDEN_MS);
    else if (!stream) open();
    else look();
  });
  document.addEventListener("htmx:afterSettle", follow);
}
