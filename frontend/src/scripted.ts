/** `data-scripted hidden`: a button that only script can serve, shown where there is script. `data-print`: prints. */
export function start(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-scripted], [data-print]")) part.hidden = false;
  document.addEventListener("click", (event) => (event.target as Element).closest("[data-print]") && print());
}
