import { tended } from "./arrivals";
import { local } from "./storage";

/** `<details data-remember="clocks">`: stays open or shut as the member left it, on this device. */
const KEY = "huiyin.folds";

function kept(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, boolean>;
  } catch {
    return {};
  }
}

function restore(root: ParentNode): void {
  const folds = kept();
  for (const fold of root.querySelectorAll<HTMLDetailsElement>("details[data-remember]")) {
    const wanted = folds[fold.dataset["remember"]!];
    if (wanted !== undefined) fold.open = wanted;
  }
}

export function start(): void {
  tended(restore);
  document.addEventListener("click", (event) => {
    const summary = (event.target as Element).closest("summary");
    const fold = summary?.parentElement;
    if (!(fold instanceof HTMLDetailsElement) || !fold.dataset["remember"]) return;
    local.setItem(KEY, JSON.stringify({ ...kept(), [fold.dataset["remember"]]: !fold.open }));
  });
}
