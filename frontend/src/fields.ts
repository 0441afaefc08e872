/** Reading and writing a form's fields by name, for drafts and for parts of a form that are swapped. */
export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
export type Values = Record<string, string[]>;

const NEVER = new Set(["csrfmiddlewaretoken", "next"]);

export function* fieldsOf(root: ParentNode): Generator<Field> {
  for (const field of root.querySelectorAll<Field>("input[name], textarea[name], select[name]")) {
    if (NEVER.has(field.name) || field.closest("[data-draft-skip]")) continue;
    if (field instanceof HTMLInputElement) {
      if (["password", "file", "submit", "button", "image"].includes(field.type)) continue;
      if (field.type === "hidden" && field.dataset["draftInclude"] === undefined) continue;
    }
    yield field;
  }
}

const isTick = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");

function valuesOf(field: Field): string[] {
  if (isTick(field)) return field.checked ? [field.value] : [];
  if (field instanceof HTMLSelectElement) return [...field.selectedOptions].map((option) => option.value);
  return [field.value];
}

export function read(root: ParentNode): Values {
  const values: Values = {};
  for (const field of fieldsOf(root)) (values[field.name] ??= []).push(...valuesOf(field));
  return values;
}

/** Write kept values back; tells each changed field's listeners. Returns the fields that changed. */
export function write(root: ParentNode, values: Values): Field[] {
  const used: Record<string, number> = {};
  const changed: Field[] = [];
  for (const field of fieldsOf(root)) {
    const kept = values[field.name];
    if (!kept) continue;
    if (set(field, kept, (used[field.name] = (used[field.name] ?? -1) + 1))) changed.push(field);
  }
  for (const field of changed) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return changed;
}

function set(field: Field, kept: string[], index: number): boolean {
  if (isTick(field)) {
    const should = kept.includes(field.value);
    if (field.checked === should) return false;
    field.checked = should;
    return true;
  }
  if (field instanceof HTMLSelectElement) {
    let moved = false;
    for (const option of field.options) {
      const should = kept.includes(option.value);
      moved ||= option.selected !== should;
      option.selected = should;
    }
    return moved;
  }
  const value = kept[index];
  if (value === undefined || field.value === value) return false;
  field.value = value;
  return true;
}

export function isSame(one: Values, other: Values): boolean {
  const meaningful = (values: Values): string =>
    JSON.stringify(
      Object.entries(values)
        .map(([name, list]) => [name, list.filter(Boolean)] as const)
        .filter(([, list]) => list.length)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return meaningful(one) === meaningful(other);
}

/** `data-keep-typed` on a swapped part of a form: what was typed there goes back into fields of the same name. */
export function keepTyped(): void {
  const kept = new WeakMap<Element, Values>();
  const home = (target: EventTarget | null): Element | null =>
    (target as Element | null)?.closest?.("form") ?? null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.target as Element;
    const form = home(target);
    if (!form || !target.matches("[data-keep-typed]")) return;
    kept.set(form, { ...kept.get(form), ...filled(read(target)) });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.target as Element;
    const form = home(target);
    const values = form && kept.get(form);
    if (form && values && target.matches("[data-keep-typed]")) write(target, values);
  });
}

const filled = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, list]) => list.some(Boolean)));
