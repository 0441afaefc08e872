import { say } from "./words";

/** `<form data-bulk>` (or any element) with `[data-bulk-item]` checkboxes, one `[data-bulk-all]`, a `[data-bulk-bar]`
 *  shown while something is selected and a `[data-bulk-count]` that says how many. Shift selects a range. */
const last = new WeakMap<Element, HTMLInputElement>();

const items = (list: Element): HTMLInputElement[] => [...list.querySelectorAll<HTMLInputElement>("[data-bulk-item]")];

function show(list: Element): void {
  const all = items(list);
  const chosen = all.filter((box) => box.checked);
  const canBeGiven = list.querySelector('button[name=act][value="assign"]') !== null;
  for (const box of all) {
    const row = box.closest<HTMLElement>("[data-row]");
    row?.toggleAttribute("data-selected", box.checked);
    if (row) row.draggable = canBeGiven && box.checked; // onto a person
  }
  for (const head of list.querySelectorAll<HTMLInputElement>("[data-bulk-all]")) {
    head.checked = all.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  for (const bar of list.querySelectorAll<HTMLElement>("[data-bulk-bar]")) bar.hidden = chosen.length === 0;
  for (const count of list.querySelectorAll("[data-bulk-count]")) {
    count.textContent = say("selected", { n: chosen.length });
  }
}

function range(list: Element, from: HTMLInputElement, to: HTMLInputElement): void {
  const all = items(list);
  const [low, high] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b) as [number, number];
  if (low < 0) return;
  for (const box of all.slice(low, high + 1)) box.checked = to.checked;
}

export function start(): void {
  document.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    const list = box.closest?.("[data-bulk]");
    if (!list) return;
    if (box.matches("[data-bulk-all]")) for (const item of items(list)) item.checked = box.checked;
    else if (box.matches("[data-bulk-item]")) {
      const from = last.get(list);
      if ((event as MouseEvent).shiftKey && from) range(list, from, box);
      last.set(list, box);
    } else if (box.closest("[data-bulk-none]")) for (const item of items(list)) item.checked = false;
    else return;
    show(list);
  });
  const all = (): void => document.querySelectorAll("[data-bulk]").forEach(show);
  document.addEventListener("htmx:afterSettle", all);
  addEventListener("pageshow", all);
}
