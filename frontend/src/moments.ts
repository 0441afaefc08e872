import { tended } from "./arrivals";
import { isChinese, say } from "./words";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The two largest units, like the `span` filter on the server. */
export function span(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds) / MINUTE);
  const days = Math.floor(whole / 1440);
  const hours = Math.floor((whole % 1440) / 60);
  const minutes = whole % 60;
  const parts = days
    ? [say("days", { n: days }), hours && days < 7 ? say("hours", { n: hours }) : ""]
    : hours
      ? [say("hours", { n: hours }), minutes && hours < 10 ? say("minutes", { n: minutes }) : ""]
      : [say("minutes", { n: minutes })];
  return parts.filter(Boolean).join(" ");
}

export function relative(seconds: number): string {
  if (Math.abs(seconds) < MINUTE) return seconds < 0 ? say("justNow") : say("inAMoment");
  return say(seconds < 0 ? "ago" : "ahead", { span: span(seconds) });
}

export function dueWords(seconds: number): string {
  if (Math.abs(seconds) < MINUTE) return say("dueNow");
  return say(seconds < 0 ? "over" : "left", { span: span(seconds) });
}

export const clock = (at: Date): string =>
  at.toLocaleTimeString(isChinese() ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit" });

function tick(root: ParentNode = document): void {
  const now = Date.now();
  for (const element of root.querySelectorAll<HTMLElement>("time[data-moment]")) {
    const seconds = (Date.parse(element.getAttribute("datetime") ?? "") - now) / 1000;
    if (Number.isFinite(seconds) && Math.abs(seconds) < 7 * DAY) set(element, relative(seconds));
  }
  for (const chip of root.querySelectorAll<HTMLElement>("[data-due]")) {
    const seconds = (Date.parse(chip.dataset["due"] ?? "") - now) / 1000;
    const words = chip.querySelector<HTMLElement>("[data-due-words]");
    if (!Number.isFinite(seconds) || !words) continue;
    set(words, dueWords(seconds));
    const soon = Number(chip.dataset["dueSoon"] ?? 4 * HOUR);
    chip.dataset["dueState"] = seconds < 0 ? "overdue" : seconds < soon ? "soon" : "ok";
  }
  for (const element of root.querySelectorAll<HTMLElement>("[data-work]")) set(element, workLeft(element.dataset["work"] ?? "", now / 1000));
  for (const face of root.querySelectorAll<SVGElement>("[data-face-from]")) move(face, now / 1000);
}

/** What is left of the opening hours, given as "from-until,from-until" in seconds; like `_standing` on the server. */
function workLeft(openings: string, now: number): string {
  const left = openings.split(",").reduce((sum, each) => {
    const [from = 0, until = 0] = each.split("-").map(Number);
    return sum + Math.max(until - Math.max(from, now), 0);
  }, 0);
  const minutes = Math.floor(left / MINUTE);
  const hours = Math.floor(minutes / 60);
  const parts = [hours ? say("hours", { n: hours }) : "", minutes % 60 || !hours ? say("minutes", { n: minutes % 60 }) : ""];
  return say("workLeft", { span: parts.filter(Boolean).join(" ") });
}

/** The line of this moment goes on along the drawing of a promise. */
function move(face: SVGElement, now: number): void {
  const from = Number(face.dataset["faceFrom"]);
  const until = Number(face.dataset["faceUntil"]);
  const place = `${Math.min(Math.max((100 * (now - from)) / (until - from), 0), 100).toFixed(2)}%`;
  for (const mark of face.querySelectorAll("[data-face-now]")) {
    for (const name of mark.tagName === "text" ? ["x"] : ["x1", "x2"]) mark.setAttribute(name, place);
  }
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function start(): void {
  tended(tick);
  setInterval(tick, 30_000);
  document.addEventListener("visibilitychange", () => !document.hidden && tick());
}
