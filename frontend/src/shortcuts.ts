import { local } from "./storage";
import { say } from "./words";

/** `data-key="c"` or `data-key="g q"` on a link, button or field: pressing it clicks or focuses. `?` lists them all.
 *  Silent while one types, during Chinese composition, under a dialog, and when the member has switched them off. */
const OFF = "huiyin.keys";
const PATIENCE_MS = 900;

let before = "";
let timer = 0;

export const isOff = (): boolean => local.getItem(OFF) === "off";

/** The key belongs to an input method: also the Enter that ends a composition. */
export const isTypingChinese = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (isTypingChinese(event)) return true;
  if (target.isContentEditable || target.matches?.("textarea, select")) return true;
  return target.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit])") ?? false;
}

const scope = (): ParentNode => [...document.querySelectorAll<HTMLDialogElement>("dialog:modal")].at(-1) ?? document;

const bound = (): HTMLElement[] => [...scope().querySelectorAll<HTMLElement>("[data-key]")].filter(isShown);

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0 || element.dataset["keyHidden"] === "";

const FIELD = "textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=hidden])";

/** What one press sends, a single key must not: there the key leads to the button, and Enter presses it. */
const sends = (element: HTMLElement): boolean =>
  element.matches("form[method=post] button:not([type=button])") && element.dataset["confirm"] === undefined;

function act(element: HTMLElement): void {
  const field = element.matches(FIELD) ? element : element.matches("form") ? element.querySelector<HTMLElement>(FIELD) : null;
  if (field || sends(element)) (field ?? element).focus();
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
      words.textContent = sends(element) ? say("thenEnter", { label: label(element) }) : label(element);
      row.append(term, words);
      return [row];
    }),
  );
  for (const part of sheet.querySelectorAll<HTMLElement>("[data-keys-when]")) {
    part.hidden = !document.querySelector(part.dataset["keysWhen"] ?? "");
  }
  sheet.showModal();
}

/** The switch stands in the sheet and on the account page; both show what holds on this device. */
function showSwitches(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-keys-switch]")) box.checked = !isOff();
}

export function start(): void {
  showSwitches();
  document.addEventListener("keydown", press);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const field = event.target as HTMLElement;
    const form = field.matches?.("textarea, input, select") ? field.closest<HTMLFormElement>("form[method=post], form[hx-post]") : null;
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (!box.matches("[data-keys-switch]")) return;
    local.setItem(OFF, box.checked ? "on" : "off");
    showSwitches();
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-keys-open]")) openSheet();
  });
}
