import { isTypingChinese } from "./shortcuts";
import { local } from "./storage";
import { say } from "./words";

/** ⌘/Ctrl-K: `#palette`, whose options the server finds; those of the open page are its own links and buttons in
 *  `[data-deeds]`, so that nothing is offered that the page does not. Enter that ends a composition chooses nothing. */
const PAUSE_MS = 120;
const REMEMBERED = 8;

const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>("#palette");
const field = (): HTMLInputElement => dialog()!.querySelector<HTMLInputElement>("#palette-input")!;
const list = (): HTMLElement => dialog()!.querySelector<HTMLElement>("#palette-list")!;
const options = (): HTMLElement[] => [...list().querySelectorAll<HTMLElement>("[role=option]")];
const acts = new WeakMap<Element, HTMLElement>();
const slot = (): string => `huiyin.recent:${document.documentElement.dataset["member"] ?? ""}`;

let opener: HTMLElement | null = null;
let timer = 0;
let asking: AbortController | null = null;
let isComposing = false;
let isBehind = false; // what is listed was found for other words than those in the field
let awaited: { isAside: boolean } | null = null; // Enter was pressed meanwhile

function recent(): string[] {
  try {
    return (JSON.parse(localStorage.getItem(slot()) ?? "[]") as string[]).slice(0, REMEMBERED);
  } catch {
    return [];
  }
}

function remember(): void {
  const number = document.querySelector<HTMLElement>("[data-live-complaint]")?.dataset["liveComplaint"];
  if (!number) return;
  const numbers = [number, ...recent().filter((each) => each !== number)].slice(0, REMEMBERED);
  local.setItem(slot(), JSON.stringify(numbers));
}

function open(): void {
  const box = dialog();
  if (!box || box.open || document.querySelector("dialog:modal")) return;
  opener = document.activeElement as HTMLElement | null;
  field().value = "";
  list().replaceChildren();
  show("", []);
  box.showModal();
  field().focus();
  void load();
}

function close(): void {
  isBehind = false;
  awaited = null;
  dialog()?.close();
  opener?.focus({ preventScroll: true });
}

const words = (element: Element): string =>
  ((element as HTMLElement).dataset["keyLabel"] ?? element.textContent ?? "").replace(/\s+/g, " ").trim();

/** The deeds that the page itself offers now, those under "more" included, and the forms to write in; found by their label
 *  or by `data-also`, what else one types for them. */
function offered(typed: string): [string, HTMLElement][] {
  const found = [...document.querySelectorAll<HTMLElement>("[data-deeds]")].flatMap((place) => {
    const what = place.dataset["deeds"] ? `${place.dataset["deeds"]} · ` : "";
    return [...place.querySelectorAll<HTMLElement>('a[href]:not([href^="#"]), a[data-composer-tab], button:not(:disabled)')]
      .map((each): [string, HTMLElement] => [what + words(each), each]);
  });
  const forms = [...document.querySelectorAll<HTMLElement>("form[data-act-label]")];
  return [...found, ...forms.map((each): [string, HTMLElement] => [each.dataset["actLabel"] ?? "", each])].filter(
    ([label, each]) => `${label} ${each.dataset["also"] ?? ""}`.toLowerCase().includes(typed.toLowerCase()),
  );
}

function actGroup(typed: string): HTMLElement | null {
  const found = offered(typed);
  if (!found.length) return null;
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", "palette-group-acts");
  const heading = Object.assign(document.createElement("div"), { className: "palette-heading", id: "palette-group-acts", textContent: say("actsHere") });
  group.append(heading);
  found.forEach(([label, element], place) => {
    const option = Object.assign(document.createElement("div"), { className: "palette-item", id: `palette-act-${place}` });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const icon = element.querySelector("svg")?.cloneNode(true);
    if (icon) option.append(icon);
    option.append(Object.assign(document.createElement("span"), { className: "palette-label", textContent: label }));
    const key = element.dataset["key"];
    if (key) option.append(Object.assign(document.createElement("kbd"), { textContent: key, ariaHidden: "true" }));
    acts.set(option, element);
    group.append(option);
  });
  return group;
}

async function load(): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  const typed = field().value.trim();
  const url = new URL(dialog()!.dataset["palette"]!, location.href);
  url.searchParams.set("q", typed);
  if (!typed) for (const number of recent()) url.searchParams.append("recent", number);
  const answer = await fetch(url, { signal: mine.signal, headers: { "HX-Request": "true" } }).catch(() => null);
  if (mine.signal.aborted) return;
  const found = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").body : null;
  if (mine.signal.aborted) return;
  show(typed, [...(found?.childNodes ?? [])]);
  dialog()!.querySelector("[data-palette-status]")!.textContent = say("found", { n: options().length });
  isBehind = false;
  if (awaited && answer?.ok) choose(options()[active()], awaited.isAside);
  awaited = null;
}

/** What the page offers itself, then what was found; what was chosen stays chosen where it is still there. */
function show(typed: string, found: Node[]): void {
  const before = options()[active()];
  const ours = actGroup(typed);
  list().replaceChildren(...(ours ? [ours] : []), ...found);
  if (ours) list().querySelector(".palette-none")?.remove();
  activate(Math.max(0, before && !isBehind ? options().findIndex((each) => isSame(each, before)) : 0));
}

function isSame(one: HTMLElement, other: HTMLElement): boolean {
  if (acts.has(one) || acts.has(other)) return acts.get(one) === acts.get(other);
  return (one as HTMLAnchorElement).href === (other as HTMLAnchorElement).href;
}

function loadSoon(): void {
  isBehind = true;
  awaited = null;
  clearTimeout(timer);
  timer = window.setTimeout(() => void load(), PAUSE_MS);
}

const active = (): number => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

function activate(place: number): void {
  const all = options();
  const chosen = all[all.length ? (place + all.length) % all.length : 0];
  for (const option of all) option.setAttribute("aria-selected", String(option === chosen));
  if (chosen) field().setAttribute("aria-activedescendant", chosen.id);
  else field().removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function choose(option: HTMLElement | undefined, isAside = false): void {
  if (!option) return;
  const act = acts.get(option);
  if (act) {
    close();
    if (act.matches("form")) act.querySelector<HTMLElement>("textarea")?.focus();
    else act.click();
  } else if (isAside) {
    window.open((option as HTMLAnchorElement).href, "_blank", "noopener");
  } else {
    dialog()?.close();
    location.assign((option as HTMLAnchorElement).href);
  }
}

function press(event: KeyboardEvent): void {
  if (isComposing || isTypingChinese(event)) return;
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
  if (step) activate(Math.abs(step) === 1 ? active() + step : Math.min(Math.max(active() + step, 0), options().length - 1));
  else if (event.key === "Enter" && isBehind) awaited = { isAside: event.ctrlKey || event.metaKey };
  else if (event.key === "Enter") choose(options()[active()], event.ctrlKey || event.metaKey);
  else if (event.key === "Tab") activate(active() + (event.shiftKey ? -1 : 1));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function start(): void {
  remember();
  const box = dialog();
  if (!box) return;
  document.addEventListener("htmx:afterSettle", remember);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (isTypingChinese(event)) return;
    event.preventDefault();
    if (box.open) close();
    else open();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-palette-open]")) open();
  });
  field().addEventListener("keydown", press);
  field().addEventListener("compositionstart", () => (isComposing = true));
  field().addEventListener("compositionend", () => {
    isComposing = false;
    loadSoon();
  });
  field().addEventListener("input", (event) => (event as InputEvent).isComposing || isComposing || loadSoon());
  list().addEventListener("pointermove", (event) => {
    const place = options().indexOf((event.target as Element).closest<HTMLElement>("[role=option]")!);
    if (place >= 0 && place !== active()) activate(place);
  });
  list().addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option && acts.has(option)) choose(option);
  });
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!isComposing) close();
  });
}
