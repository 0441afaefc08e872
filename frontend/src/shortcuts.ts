/** `data-key="c"` or `data-key="g q"` on a link, button or field: pressing it clicks or focuses. `?` lists them all.
 *  Silent while one types, during Chinese composition, under a dialog, and when the member has switched them off. */
const OFF = "huiyin.keys";
const PATIENCE_MS = 900;

let before = "";
let timer = 0;

const isOff = (): boolean => localStorage.getItem(OFF) === "off";

export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (event.isComposing || event.keyCode === 229) return true;
  if (target.isContentEditable || target.matches?.("textarea, select")) return true;
  return target.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit])") ?? false;
}

const scope = (): ParentNode => [...document.querySelectorAll<HTMLDialogElement>("dialog:modal")].at(-1) ?? document;

const bound = (): HTMLElement[] => [...scope().querySelectorAll<HTMLElement>("[data-key]")].filter(isShown);

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0 || element.dataset["keyHidden"] === "";

function act(element: HTMLElement): void {
  const isField = element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])");
  if (isField) element.focus();
  else element.click();
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isOff()) return;
  if (event.key === "?") {
    event.preventDefault();
    return openSheet();
  }
  if (event.key.length !== 1) return;
  const typed = before ? `${before} ${event.key}` : event.key;
  const all = bound();
  const hit = all.find((element) => element.dataset["key"] === typed);
  clearTimeout(timer);
  before = "";
  if (hit) {
    event.preventDefault();
    act(hit);
  } else if (all.some((element) => element.dataset["key"]?.startsWith(`${typed} `))) {
    before = typed;
    timer = window.setTimeout(() => (before = ""), PATIENCE_MS);
  }
}

function label(element: HTMLElement): string {
  const own = element.dataset["keyLabel"] ?? element.getAttribute("aria-label") ?? element.textContent ?? "";
  return own.replace(/\s+/g, " ").trim();
}

function openSheet(): void {
  const sheet = document.querySelector<HTMLDialogElement>("#keys");
  const list = sheet?.querySelector("[data-keys-list]");
  if (!sheet || !list || sheet.open) return;
  const seen = new Set<string>();
  list.replaceChildren(
    ...bound().flatMap((element) => {
      const keys = element.dataset["key"] ?? "";
      if (seen.has(keys)) return [];
      seen.add(keys);
      const row = document.createElement("div");
      const term = document.createElement("dt");
      term.append(
        ...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })),
      );
      const words = document.createElement("dd");
      words.textContent = label(element);
      row.append(term, words);
      return [row];
    }),
  );
  const box = sheet.querySelector<HTMLInputElement>("[data-keys-switch]");
  if (box) box.checked = !isOff();
  sheet.showModal();
}

export function start(): void {
  document.addEventListener("keydown", press);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const field = event.target as HTMLElement;
    const form = field.matches?.("textarea, input") ? field.closest<HTMLFormElement>("form[method=post], form[hx-post]") : null;
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-keys-switch]")) localStorage.setItem(OFF, box.checked ? "on" : "off");
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-keys-open]")) openSheet();
  });
}
