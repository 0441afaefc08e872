import { say } from "./words";

/** `<form data-steps>` with sections `[data-step]`: one at a time, with back, next and the browser's own back button;
 *  without script it is one page. Each step is looked at before the next: `data-missing` on a required field, `data-wrong`
 *  on a typed one, `data-one-of="phone email"` on a section; where the server found a fault, that step opens. */
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const controls = (root: ParentNode): Control[] => [...root.querySelectorAll<Control>("input[name], textarea[name], select[name]")];

export function clearFault(field: Control): void {
  field.removeAttribute("aria-invalid");
  for (const id of [`${field.id}_fault`, `${field.id}_error`]) {
    document.getElementById(id)?.remove();
    describe(field, (ids) => ids.filter((each) => each !== id));
  }
}

export function fault(field: Control, words: string): void {
  clearFault(field);
  const line = document.createElement("div");
  line.className = "field-error";
  line.id = `${field.id}_fault`;
  line.textContent = words;
  field.setAttribute("aria-invalid", "true");
  describe(field, (ids) => [line.id, ...ids]);
  (field.closest(".field") ?? field.parentElement)?.append(line);
}

function describe(field: Control, change: (ids: string[]) => string[]): void {
  const ids = change((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** The fields of this section that cannot stay as they are, each marked with why. */
function faultsIn(section: HTMLElement): Control[] {
  const found: Control[] = [];
  const say_ = (field: Control, words: string | undefined): void => {
    if (!words) return;
    fault(field, words);
    found.push(field);
  };
  for (const field of controls(section)) {
    clearFault(field);
    if (field.required && !field.value.trim()) say_(field, field.dataset["missing"]);
    else if (field.validity.typeMismatch) say_(field, field.dataset["wrong"]);
    else if (field instanceof HTMLInputElement && field.type === "file") say_(field, tooMuch(field));
  }
  const group = (section.dataset["oneOf"] ?? "").split(" ").flatMap((name) => controls(section).filter((field) => field.name === name));
  if (group[0] && group.every((field) => !field.value.trim())) say_(group[0], section.dataset["oneOfWords"]);
  return found;
}

function tooMuch(input: HTMLInputElement): string | undefined {
  const given = input.closest<HTMLElement>("[data-drop]")?.dataset ?? {};
  const files = [...(input.files ?? [])];
  if (files.length > Number(given["most"] ?? Infinity)) return given["mostWords"];
  return files.some((file) => file.size > Number(given["largest"] ?? Infinity)) ? given["largestWords"] : undefined;
}

class Steps {
  private readonly sections: HTMLElement[];
  private readonly way: HTMLElement | null;
  private at = 0;

  constructor(private readonly form: HTMLFormElement) {
    this.sections = [...form.querySelectorAll<HTMLElement>("[data-step]")];
    this.way = form.querySelector("[data-steps-way]");
    if (this.way) this.way.hidden = false;
    this.part("next")?.addEventListener("click", () => this.forward());
    this.part("back")?.addEventListener("click", () => history.back());
    form.addEventListener("submit", (event) => this.guard(event), true);
    form.addEventListener("input", (event) => clearFault(event.target as Control));
    form.addEventListener("change", (event) => clearFault(event.target as Control));
    form.addEventListener("click", (event) => this.follow(event));
    addEventListener("popstate", (event) => this.show((event.state as { step?: number } | null)?.step ?? 0, true));
    this.begin();
  }

  private part(name: string): HTMLElement | null {
    return this.form.querySelector(`[data-steps-${name}]`);
  }

  /** At the first fault the server found, or where a reload left it. */
  private begin(): void {
    const faulty = this.sections.findIndex((section) => section.querySelector(".field-error, [aria-invalid=true]"));
    const kept = (history.state as { step?: number } | null)?.step ?? 0;
    this.enter(faulty > 0 ? faulty : faulty < 0 && kept < this.sections.length ? kept : 0);
  }

  /** The browser's history gets each step on the way, so that its back button goes one step and not off the page. */
  private enter(target: number): void {
    history.replaceState({ step: 0 }, "");
    for (let step = 1; step <= target; step++) history.pushState({ step }, "");
    this.show(target, false);
  }

  private forward(): void {
    if (!this.holds(this.at)) return;
    history.pushState({ step: this.at + 1 }, "");
    this.show(this.at + 1, true);
  }

  private holds(step: number): boolean {
    const [first] = faultsIn(this.sections[step]!);
    first?.focus();
    return !first;
  }

  private guard(event: Event): void {
    const isLast = this.at === this.sections.length - 1;
    const wrong = isLast ? this.sections.findIndex((section) => faultsIn(section).length > 0) : -1;
    if (isLast && wrong < 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!isLast) return this.forward(); // Enter in a field
    if (wrong !== this.at) this.show(wrong, false);
    this.holds(wrong);
  }

  /** The list of faults above the form leads into steps that are not shown. */
  private follow(event: Event): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
    const target = link && document.querySelector<HTMLElement>(link.hash);
    const step = this.sections.findIndex((section) => target && section.contains(target));
    if (!target || step < 0) return;
    event.preventDefault();
    this.show(step, false);
    (target.matches("input, textarea, select") ? target : target.querySelector<HTMLElement>("input"))?.focus();
  }

  private show(step: number, isMoved: boolean): void {
    this.at = Math.min(Math.max(step, 0), this.sections.length - 1);
    const last = this.sections.length - 1;
    this.sections.forEach((section, index) => (section.hidden = index !== this.at));
    [...(this.way?.children ?? [])].forEach((item, index) => {
      item.toggleAttribute("data-done", index < this.at);
      if (index === this.at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    this.part("back")!.hidden = this.at === 0;
    this.part("next")!.hidden = this.at === last;
    this.part("submit")!.hidden = this.at !== last;
    const heading = this.sections[this.at]!.querySelector<HTMLElement>("h2");
    const said = this.part("said");
    if (!isMoved) return;
    if (said) said.textContent = say("step", { n: this.at + 1, of: last + 1, title: heading?.textContent?.trim() ?? "" });
    this.form.scrollIntoView({ block: "start" });
    heading?.focus({ preventScroll: true });
  }
}

export function start(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-steps]").forEach((form) => new Steps(form));
}
