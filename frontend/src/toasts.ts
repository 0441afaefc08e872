import { say } from "./words";

export type Level = "success" | "info" | "warning" | "danger";

/** Bad news stays until dismissed; good news goes by itself, and waits while it is pointed at. */
const STAYS_MS: Record<Level, number> = { success: 6000, info: 6000, warning: 12000, danger: Infinity };

/** What can be taken back by the toast itself stays for as long as it can be (`data-toast-undo`: the seconds), or long
 *  enough to be read and found. */
const UNDO_STAYS_MS = 20000;

function staysFor(card: HTMLElement): number {
  const undo = card.dataset["toastUndo"];
  if (undo !== undefined) return Number(undo) * 1000 || UNDO_STAYS_MS;
  return STAYS_MS[(card.dataset["level"] ?? "info") as Level] ?? STAYS_MS.info;
}

/** `url`: the words lead there. */
export function toast(level: Level, text: string, url = ""): HTMLElement | null {
  const pattern = document.querySelector<HTMLTemplateElement>("#toast-pattern");
  const shelf = document.querySelector("#toasts");
  const copy = pattern?.content.cloneNode(true) as DocumentFragment | undefined;
  const card = copy?.querySelector<HTMLElement>(".toast-card");
  if (!card || !shelf) return null;
  card.dataset["level"] = level;
  const words = card.querySelector(".toast-text")!;
  if (url) words.append(Object.assign(document.createElement("a"), { href: url, textContent: text }));
  else words.textContent = text;
  shelf.append(card);
  return card;
}

function expire(card: HTMLElement): void {
  const stays = staysFor(card);
  if (stays === Infinity) return;
  let timer = 0;
  const start = (): void => {
    timer = window.setTimeout(() => card.remove(), stays);
  };
  const hold = (): void => clearTimeout(timer);
  card.addEventListener("pointerenter", hold);
  card.addEventListener("focusin", hold);
  card.addEventListener("pointerleave", start);
  card.addEventListener("focusout", start);
  start();
}

export function start(): void {
  const shelf = document.querySelector("#toasts");
  if (!shelf) return;
  shelf.querySelectorAll<HTMLElement>(".toast-card").forEach(expire);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement) expire(node);
    }
  }).observe(shelf, { childList: true });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-toast-close]");
    button?.closest(".toast-card")?.remove();
  });
  document.addEventListener("toast", (event) => {
    const detail = (event as CustomEvent<{ level?: Level; text?: string; value?: string }>).detail;
    toast(detail.level ?? "info", detail.text ?? detail.value ?? say("ok"));
  });
}
