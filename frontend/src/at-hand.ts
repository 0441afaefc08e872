import { say } from "./words";

/** In a text field of `<form data-at-hand="address">`: `::` brings scripts, `??` the library, `@` colleagues, as one
 *  types; arrows choose, Enter or Tab puts it in, Escape leaves it. Chinese composition is left alone. */
const TRIGGER = /(::|：：|\?\?|？？|(?<![\w.])@)([^\s:：?？@]{0,20})$/;
const KINDS: Record<string, string> = { "::": "script", "：：": "script", "??": "article", "？？": "article", "@": "person" };
const PAUSE_MS = 120;

let field: HTMLTextAreaElement | null = null;
let list: HTMLUListElement | null = null;
let begins = 0;
let timer = 0;
let asked = 0;

const options = (): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
const chosen = (): HTMLElement | undefined => options().find((option) => option.ariaSelected === "true");

function close(): void {
  asked++; // what was asked before comes too late
  list?.remove();
  list = null;
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
}

function choose(option: HTMLElement | undefined): void {
  for (const each of options()) each.ariaSelected = String(each === option);
  option?.scrollIntoView({ block: "nearest" });
  if (option) field?.setAttribute("aria-activedescendant", option.id);
}

function put(option: HTMLElement): void {
  if (!field || !begun(field)) return close();
  const text = option.dataset["text"] ?? "";
  field.setRangeText(text, begins, field.selectionStart, "end");
  const hole = /【待填[^】]*】/.exec(text);
  if (hole) field.setSelectionRange(begins + hole.index, begins + hole.index + hole[0].length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close();
  field.focus();
}

/** Where the trigger before the cursor begins, if there is one. */
function begun(target: HTMLTextAreaElement): RegExpExecArray | null {
  const found = TRIGGER.exec(target.value.slice(0, target.selectionStart));
  if (found) begins = found.index;
  return found;
}

/** `isMeant`: something was typed after the trigger, so that Enter takes the first; two question marks end a sentence. */
function open(html: string, isMeant: boolean): void {
  if (!field) return;
  close();
  list = Object.assign(document.createElement("ul"), { className: "hand-list", id: "hand-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("atHand"));
  list.innerHTML = html; // our own server's, escaped there
  list.addEventListener("pointerdown", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    event.preventDefault();
    if (option) put(option);
  });
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  list.scrollIntoView({ block: "nearest" });
  choose(isMeant ? options()[0] : undefined);
}

async function ask(address: string, kind: string, q: string): Promise<void> {
  const mine = ++asked;
  const channel = field?.form?.querySelector<HTMLInputElement>("input[name=channel]:checked")?.value ?? "";
  if (kind === "person" && channel) return; // a customer reads this: colleagues are for notes
  const query = new URLSearchParams({ kind, q, channel });
  const answer = await fetch(`${address}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const html = await answer.text();
  if (mine === asked) open(html, q !== "" || kind !== "article");
}

function look(target: HTMLTextAreaElement): void {
  const address = target.form?.dataset["atHand"];
  clearTimeout(timer);
  asked++;
  if (!address) return;
  field = target;
  const found = begun(target);
  if (!found) return close();
  timer = window.setTimeout(() => void ask(address, KINDS[found[1]!]!, found[2]!), PAUSE_MS);
}

function press(event: KeyboardEvent): void {
  if (!list || event.target !== field || event.isComposing || event.keyCode === 229) return;
  const all = options();
  const at = all.indexOf(chosen()!);
  if (event.key === "Escape") close();
  else if (!all.length) return;
  else if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
  else if (event.key === "ArrowUp") choose(all[(at < 1 ? all.length : at) - 1]);
  else if ((event.key === "Enter" || event.key === "Tab") && chosen() && !event.ctrlKey && !event.metaKey) put(chosen()!);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function start(): void {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && !(event as InputEvent).isComposing) look(event.target);
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target instanceof HTMLTextAreaElement) look(event.target);
  });
  document.addEventListener("keydown", press, true);
  document.addEventListener("focusout", (event) => {
    if (event.target === field) setTimeout(close, 150);
  });
}
