import { say } from "./words";

/** `form[data-rows]`: the rows of a list are put in order by a grip, or by two buttons that keep the cursor; a new one is
 *  made from the pattern. Without script, each row has its number, and there is one row to spare. */
const list = (inside: Element): HTMLElement | null => inside.closest("[data-rows]")?.querySelector("[data-rows-list]") ?? null;
const rows = (all: HTMLElement): HTMLElement[] => [...all.querySelectorAll<HTMLElement>(":scope > [data-row-of]")];

function number(all: HTMLElement): void {
  const there = rows(all);
  there.forEach((row, place) => {
    const field = row.querySelector<HTMLInputElement>("input[name$='-place']");
    if (field) field.value = String(place + 1);
    row.querySelector("[data-row-up]")?.toggleAttribute("disabled", place === 0);
    row.querySelector("[data-row-down]")?.toggleAttribute("disabled", place === there.length - 1);
  });
}

/** `output[data-rows-sum]` adds up the fields of that name, of the rows that stay. */
function sum(form: Element | null): void {
  const output = form?.querySelector<HTMLOutputElement>("output[data-rows-sum]");
  const all = form?.querySelector<HTMLElement>("[data-rows-list]");
  if (!output || !all) return;
  const staying = rows(all).filter((row) => !row.querySelector<HTMLInputElement>("input[name$='-gone']")?.checked);
  const total = staying.reduce((sofar, row) => {
    const isFatal = row.querySelector<HTMLSelectElement>("select[name$='-kind']")?.value === "fatal";
    const field = row.querySelector<HTMLInputElement>(`input[name$='-${output.dataset.rowsSum}']`);
    return sofar + (isFatal ? 0 : Number(field?.value) || 0);
  }, 0);
  output.value = String(total);
  output.dataset.isOff = String(total) === output.dataset.whole ? "no" : "yes";
}

function told(all: HTMLElement, row: HTMLElement): void {
  const said = all.closest("[data-rows]")!.querySelector("[data-rows-said]");
  if (said) said.textContent = say("rowPlace", { n: rows(all).indexOf(row) + 1, of: rows(all).length });
}

function move(button: HTMLElement, by: 1 | -1): void {
  const row = button.closest<HTMLElement>("[data-row-of]");
  const all = row && list(row);
  const other = all && rows(all)[rows(all).indexOf(row) + by];
  if (!row || !all || !other) return;
  by < 0 ? other.before(row) : other.after(row);
  number(all);
  told(all, row);
  const next = button.hasAttribute("disabled") ? row.querySelector<HTMLElement>(by < 0 ? "[data-row-down]" : "[data-row-up]") : button;
  next?.focus();
}

function add(button: HTMLElement): void {
  const all = list(button);
  const pattern = button.closest("[data-rows]")?.querySelector<HTMLTemplateElement>("template[data-rows-pattern]");
  if (!all || !pattern) return;
  const used = rows(all).map((row) => Number(row.querySelector<HTMLInputElement>("input[name=row]")?.value) || 0);
  const made = document.createElement("template");
  made.innerHTML = pattern.innerHTML.replaceAll("__row__", String(Math.max(0, ...used) + 1));
  const row = made.content.querySelector<HTMLElement>("[data-row-of]")!;
  all.append(row);
  number(all);
  row.querySelector<HTMLElement>("input:not([type=hidden], [type=number]), select")?.focus();
}

export function start(): void {
  for (const all of document.querySelectorAll<HTMLElement>("[data-rows-list]")) number(all);
  document.addEventListener("input", (event) => sum((event.target as Element).closest("form[data-rows]")));
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-row-up], [data-row-down], [data-rows-add]");
    if (!button) return;
    if (button.matches("[data-rows-add]")) add(button);
    else move(button, button.matches("[data-row-up]") ? -1 : 1);
  });
  let dragged: HTMLElement | null = null;
  document.addEventListener("pointerdown", (event) => {
    const row = (event.target as Element).closest("[data-row-grip]")?.closest<HTMLElement>("[data-row-of]");
    if (row) row.draggable = true;
  });
  document.addEventListener("dragstart", (event) => {
    dragged = (event.target as Element).closest?.<HTMLElement>("[data-row-of][draggable=true]") ?? null;
    dragged?.toggleAttribute("data-dragged", true);
  });
  document.addEventListener("dragover", (event) => {
    const over = (event.target as Element).closest?.<HTMLElement>("[data-row-of]");
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== dragged) event.clientY < box.top + box.height / 2 ? over.before(dragged) : over.after(dragged);
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.draggable = false;
    dragged.removeAttribute("data-dragged");
    const all = list(dragged);
    if (all) number(all), told(all, dragged);
    dragged = null;
  });
}
