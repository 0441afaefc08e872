import { tended } from "./arrivals";

/** `data-scripted hidden`: a button that only script can serve, shown where there is script. `data-print`: prints. */
export function start(): void {
  tended((root) => root.querySelectorAll<HTMLElement>("[data-scripted], [data-print]").forEach((part) => (part.hidden = false)));
  document.addEventListener("click", (event) => (event.target as Element).closest("[data-print]") && print());
}
