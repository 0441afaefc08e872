import { tended } from "./arrivals";
import { clearFault } from "./steps";

/** Shorter ways through a form. `<button data-take="#field" data-value="…">` chooses what is proposed and goes to the field;
 *  in a group of radios whose values are digits, the digit chooses; a fault that was shown goes while it is mended. */
function choose(field: HTMLInputElement | HTMLSelectElement): void {
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function take(button: HTMLElement): void {
  const field = document.querySelector<HTMLSelectElement>(button.dataset["take"] ?? "");
  if (!field) return;
  field.value = button.dataset["value"] ?? "";
  choose(field);
  field.focus();
}

/** What is chosen already is not proposed; nor is anything in place of what was typed. */
function weigh(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-take]")) {
    const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(button.dataset["take"] ?? "");
    button.hidden = !field || field.value === button.dataset["value"] || (field instanceof HTMLInputElement && field.value !== "");
  }
}

function byDigit(event: KeyboardEvent): void {
  const at = event.target as HTMLInputElement;
  if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || !at.matches?.("input[type=radio]")) return;
  const radio = [...(at.form?.elements ?? [])].find(
    (each): each is HTMLInputElement => each instanceof HTMLInputElement && each.name === at.name && each.value === event.key,
  );
  if (!radio) return;
  event.preventDefault();
  radio.checked = true;
  radio.focus();
  choose(radio);
}

export function start(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-take]");
    if (button) take(button);
  });
  document.addEventListener("keydown", byDigit);
  document.addEventListener("change", weigh);
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (event.isTrusted && field.getAttribute("aria-invalid") === "true" && field.closest("form[method=post]")) clearFault(field);
  });
  tended(weigh);
}
