import { isOff, isTyping } from "./shortcuts";

/** Moving in a list of `[data-row]`: j and k, or the arrows once one is in it; o or Enter opens, x ticks.
 *  The cursor is the focus itself, so that a screen reader and Enter know of it. */
const rows = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>("#main [data-row]")].filter((row) => row.getClientRects().length > 0 && linkOf(row));

const linkOf = (row: HTMLElement): HTMLElement | null => row.querySelector<HTMLElement>("a.row-title, a[href]");

const STEP: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

function move(all: HTMLElement[], from: number, step: number): void {
  const to = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + step, 0), all.length - 1);
  linkOf(all[to]!)?.focus({ preventScroll: true });
  all[to]!.scrollIntoView({ block: "nearest" });
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isOff()) return;
  if (document.querySelector("dialog:modal") || !(event.key in STEP || event.key === "o" || event.key === "x")) return;
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  if (!all.length || (here < 0 && !"jk".includes(event.key))) return;
  event.preventDefault();
  if (event.key === "o") linkOf(all[here]!)?.click();
  else if (event.key === "x") all[here]!.querySelector<HTMLElement>("[data-bulk-item]")?.click();
  else move(all, here, STEP[event.key]!);
}

export function start(): void {
  document.addEventListener("keydown", press);
}
