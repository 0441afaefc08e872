import { announce } from "./announce";
import { say } from "./words";

/** To give the ticked rows to somebody: by name (`[data-people-find]` beside the list of people in the bar; Enter gives),
 *  or by dragging one of the ticked rows onto a name. */
const find = (): HTMLInputElement | null => document.querySelector("[data-bulk-bar]:not([hidden]) [data-people-find]");
const people = (inside: Element): HTMLSelectElement | null => inside.closest("form")?.querySelector<HTMLSelectElement>("select[name=to]") ?? null;
const giving = (form: HTMLFormElement): HTMLButtonElement | null => form.querySelector<HTMLButtonElement>('button[name=act][value="assign"]');

/** The bar fetches the people when it comes up; the cursor waits for them. */
export function choosePerson(patience = 40): void {
  const field = find();
  if (field) field.focus();
  else if (patience) setTimeout(() => choosePerson(patience - 1), 50);
}

/** The first whose name, number or unit has what was typed; one that begins so goes before. */
function look(field: HTMLInputElement): void {
  const list = people(field);
  if (!list) return;
  const typed = field.value.trim().toLowerCase();
  const all = [...list.options].filter((option) => option.value);
  const text = (option: HTMLOptionElement): string => option.text.toLowerCase();
  const found = typed ? (all.find((option) => text(option).startsWith(typed) || option.dataset["username"]?.startsWith(typed)) ?? all.find((option) => text(option).includes(typed))) : undefined;
  list.value = found?.value ?? "";
  field.setAttribute("aria-invalid", String(Boolean(typed) && !found));
  announce(found?.text ?? (typed ? say("nobodyFound") : ""));
}

function give(form: HTMLFormElement): void {
  const button = giving(form);
  if (button && form.querySelector<HTMLSelectElement>("select[name=to]")?.value) form.requestSubmit(button);
}

// By dragging -----------------------------------------------------------------------------------------------------------

let places: HTMLElement | null = null;

function showPlaces(form: HTMLFormElement): void {
  const list = form.querySelector<HTMLSelectElement>("select[name=to]");
  if (!list || places) return;
  places = Object.assign(document.createElement("div"), { className: "drop-people" });
  places.append(Object.assign(document.createElement("strong"), { textContent: say("dropOn") }));
  for (const option of list.options) {
    if (!option.value) continue;
    const place = Object.assign(document.createElement("div"), { className: "drop-person", textContent: option.text });
    place.dataset["person"] = option.value;
    places.append(place);
  }
  document.body.append(places);
}

function clear(): void {
  places?.remove();
  places = null;
}

const placeAt = (event: DragEvent): HTMLElement | null => (event.target as Element).closest?.<HTMLElement>("[data-person]") ?? null;

export function start(): void {
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.matches?.("[data-people-find]")) look(field);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target as HTMLInputElement;
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !field.matches?.("[data-people-find]")) return;
    event.preventDefault();
    give(field.form!);
  });

  let dragged: HTMLFormElement | null = null;
  document.addEventListener("dragstart", (event) => {
    const row = (event.target as Element).closest?.("tr[data-selected]");
    const form = row?.closest<HTMLFormElement>("form[data-bulk]");
    if (!form || !giving(form) || !event.dataTransfer) return;
    dragged = form;
    const count = form.querySelectorAll("[data-bulk-item]:checked").length;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", say("selected", { n: count }));
    setTimeout(() => dragged && showPlaces(dragged)); // a page that changes within the event ends the drag
  });
  document.addEventListener("dragover", (event) => {
    const place = dragged && placeAt(event);
    for (const each of places?.querySelectorAll("[data-over]") ?? []) if (each !== place) each.removeAttribute("data-over");
    if (!place) return;
    event.preventDefault();
    place.setAttribute("data-over", "");
  });
  document.addEventListener("drop", (event) => {
    const place = dragged && placeAt(event);
    if (!place || !dragged) return;
    event.preventDefault();
    const list = dragged.querySelector<HTMLSelectElement>("select[name=to]");
    if (list) list.value = place.dataset["person"]!;
    give(dragged);
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    clear();
  });
}
