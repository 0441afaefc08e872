import { say } from "./words";

/** `<form data-timer>`: seconds from the first keystroke into `[data-timer-seconds]`, shown in `[data-timer-display]`
 *  (whose `data-timer-aim` is the number of seconds we aim for). A restored draft goes on counting. */
const begun = new WeakMap<HTMLFormElement, number>();

function begin(form: HTMLFormElement): void {
  if (begun.has(form)) return;
  const field = form.querySelector<HTMLInputElement>("[data-timer-seconds]");
  begun.set(form, Date.now() - Number(field?.value || 0) * 1000);
  show(form);
}

function show(form: HTMLFormElement): void {
  const from = begun.get(form);
  if (from === undefined) return;
  const seconds = Math.round((Date.now() - from) / 1000);
  const field = form.querySelector<HTMLInputElement>("[data-timer-seconds]");
  if (field) field.value = String(seconds);
  for (const display of form.querySelectorAll<HTMLElement>("[data-timer-display]")) {
    const words = display.querySelector("[data-timer-words]") ?? display;
    words.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const aim = Number(display.dataset["timerAim"] ?? Infinity);
    display.toggleAttribute("data-late", seconds > aim);
    if (seconds > aim) display.title = say("aimMissed");
  }
}

export function start(): void {
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-timer]");
    if (form) begin(form);
  });
  setInterval(() => document.querySelectorAll<HTMLFormElement>("form[data-timer]").forEach(show), 1000);
}
