/** How far each complaint was scrolled in the queue's pane: coming back to it, by key or by history, finds the place. */
const SLOT = "huiyin.panes";
const KEPT = 20;

const tops = new Map<string, number>(kept());
let shown = "";

function kept(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(SLOT) ?? "[]") as [string, number][];
  } catch {
    return [];
  }
}

export function note(pane: HTMLElement | null): void {
  if (!pane || !shown) return;
  tops.delete(shown);
  tops.set(shown, pane.scrollTop);
  try {
    sessionStorage.setItem(SLOT, JSON.stringify([...tops].slice(-KEPT)));
  } catch {
    /* full or forbidden: it is known as long as the page stands */
  }
}

/** The pane holds that complaint now. */
export function settle(pane: HTMLElement, number: string): void {
  shown = number;
  pane.scrollTop = tops.get(number) ?? 0;
}
