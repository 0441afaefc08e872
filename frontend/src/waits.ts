import { tended } from "./arrivals";
import { say } from "./words";

/** `<div data-waits="2026-11-22T10:00:15+08:00">`: a letter that goes out at that time; its seconds are counted down. */
function tick(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-waits]")) {
    const left = Math.ceil((Date.parse(box.dataset["waits"]!) - Date.now()) / 1000);
    const words = box.querySelector<HTMLElement>("[data-waits-left]");
    if (words) words.textContent = left > 0 && left <= 300 ? say("seconds", { n: left }) : "";
    if (left <= 0) box.querySelector("form")?.setAttribute("hidden", "");
  }
}

export function start(): void {
  tended(tick);
  setInterval(tick, 1000);
}
