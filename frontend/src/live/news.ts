import { announce } from "../announce";
import { say } from "../words";

/** A strip that floats over the top of the page: it moves nothing, waits to be pressed, and can be waved away. */
let strip: HTMLElement | null = null;
let before: HTMLElement | null = null; // where one was before the keyboard came to the strip

function made(): HTMLElement {
  const box = document.createElement("div");
  box.className = "live-news";
  box.id = "live-news";
  box.hidden = true;
  const words = Object.assign(document.createElement("span"), { className: "live-news-words" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-primary" });
  button.dataset["key"] = ".";
  const away = Object.assign(document.createElement("button"), { type: "button", className: "btn-close" });
  away.setAttribute("aria-label", say("close"));
  away.addEventListener("click", hide);
  box.append(words, button, away);
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the pointer takes no focus from a field
  box.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("focusin", (event) => {
    if (event.relatedTarget instanceof HTMLElement && !box.contains(event.relatedTarget)) before = event.relatedTarget;
  });
  const place = document.createElement("div");
  place.className = "live-news-place";
  place.append(box);
  document.querySelector("#main")?.prepend(place);
  return box;
}

export function offer(words: string, act: string, go: () => void): void {
  strip ??= made();
  strip.querySelector(".live-news-words")!.textContent = words;
  const button = strip.querySelector<HTMLButtonElement>(".btn")!;
  button.textContent = button.dataset["keyLabel"] = act;
  button.onclick = go;
  button.hidden = false;
  strip.hidden = false;
  announce(words);
}

/** Words without a thing to press; gone by themselves. */
export function note(words: string): void {
  offer(words, "", () => undefined);
  strip!.querySelector<HTMLElement>(".btn")!.hidden = true;
  window.setTimeout(() => strip?.querySelector(".live-news-words")?.textContent === words && hide(), 8_000);
}

/** The page is laid aside: a strip is made anew for what comes in its place. */
export function forget(): void {
  strip?.closest(".live-news-place")?.remove();
  strip = before = null;
}

export function hide(): void {
  if (!strip) return;
  const held = strip.contains(document.activeElement);
  strip.hidden = true;
  if (held) (before?.isConnected ? before : document.querySelector<HTMLElement>("#main"))?.focus({ preventScroll: true });
}
