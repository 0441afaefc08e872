import { tended } from "./arrivals";

/** `[data-day]`: a day is written as text; its button opens the browser's calendar and writes what was chosen there. */
export const start = (): void => tended(tend);

const done = new WeakSet<Element>();

function tend(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>("[data-day]")) {
    if (done.has(box)) continue;
    done.add(box);
    const text = box.querySelector<HTMLInputElement>("input[name]");
    const native = box.querySelector<HTMLInputElement>("[data-day-native]");
    const pick = box.querySelector<HTMLElement>("[data-day-pick]");
    if (!text || !native || !pick || !("showPicker" in native)) continue;
    pick.hidden = false;
    const now = new Date();
    native.max = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
    pick.querySelector("[data-day-button]")?.addEventListener("click", () => {
      if (/^\d{4}-\d{2}-\d{2}$/.test(text.value)) native.value = text.value;
      native.showPicker();
    });
    native.addEventListener("change", () => {
      text.value = native.value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
  }
}
