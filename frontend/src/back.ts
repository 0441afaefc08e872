import { tended } from "./arrivals";

/** `<button data-back hidden>`: shown where there is a page to go back to. */
export function start(): void {
  tended((root) => root.querySelectorAll<HTMLElement>("[data-back]").forEach((button) => (button.hidden = history.length < 2)));
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-back]")) history.back();
  });
}
