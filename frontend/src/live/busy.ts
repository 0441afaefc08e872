/** What somebody is at must not be swapped away: a field that has the focus, a form that has been typed in. */
const typed = new WeakSet<Element>();
let typedAt = -Infinity;

export const sinceTyped = (): number => performance.now() - typedAt;

export function isBusy(part: Element): boolean {
  const focus = document.activeElement;
  if (focus && part.contains(focus) && focus.matches("input:not([type=checkbox]), textarea, select")) return true;
  return [part, ...part.querySelectorAll("form")].some((form) => typed.has(form));
}

document.addEventListener("input", (event) => {
  const form = (event.target as Element).closest("#main form");
  if (!form || form.getAttribute("role") === "search" || form.getAttribute("method") !== "post") return;
  typed.add(form);
  typedAt = performance.now();
});
document.addEventListener("reset", (event) => typed.delete(event.target as Element));
