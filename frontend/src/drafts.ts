import { ask } from "./confirm";
import * as store from "./draft-store";
import { type Values, isSame, read, write } from "./fields";
import { clock } from "./moments";
import { isSignIn } from "./requests";
import { local, session } from "./storage";
import { say } from "./words";

/** `<form data-draft-key="note:TS…" [data-draft-version="7"]>`: kept on this device per member while one types.
 *  It comes back after a reload, an expired session or a failed request, and goes when the work arrived: an htmx
 *  answer of 2xx, an element or message with `data-draft-clear="key"`, the trigger `draft-clear`, or, after a plain
 *  submit, a page that is neither an error, nor the sign-in, nor the same form again. With `data-draft-store` it is kept
 *  on the server too; of two the newer comes back and the other is offered. `synced`: as which it is known there;
 *  `isStored`: just as it is here, so that this device may forget it when somebody else sits down at it. */
type Draft = { at: number; values: Values; version?: string | undefined; synced?: number | undefined; isStored?: boolean };

const KEPT_DAYS = 7;
const SENT = "huiyin.sent";
const member = (): string => document.documentElement.dataset["member"] ?? "";
const slot = (key: string): string => `huiyin.draft:${member()}:${key}`;
const pristine = new WeakMap<HTMLFormElement, Values>();
const coming = new WeakMap<HTMLFormElement, Values>();
const timers = new WeakMap<HTMLFormElement, number>();
const cleared = new Set<string>();
let isLeaving = false;
let isRestoring = false;

const forms = (root: ParentNode = document): NodeListOf<HTMLFormElement> => root.querySelectorAll("form[data-draft-key]");
const keyOf = (form: HTMLFormElement): string => form.dataset["draftKey"] ?? "";

function load(key: string): Draft | null {
  return local.read<Draft>(slot(key));
}

function save(form: HTMLFormElement, isLast = false): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
  if (isLeaving) return;
  const values = read(form);
  const first = pristine.get(form);
  if (first && isSame(values, first)) return clear(keyOf(form));
  const before = load(keyOf(form));
  if (before?.isStored && isSame(before.values, values)) return; // a field was left, and nothing is new
  const synced = before?.synced;
  const isKept = put(keyOf(form), { at: Date.now(), values, version: form.dataset["draftVersion"], synced });
  if (isKept) told(form, "draftSaved");
  store.keep(form, values, (at) => reached(form, at, values), isLast);
}

/** False where storage is full or forbidden: typing must go on all the same. */
function put(key: string, draft: Draft): boolean {
  return local.setItem(slot(key), JSON.stringify(draft));
}

/** More may have been typed since `values` went on their way. */
function reached(form: HTMLFormElement, at: number, values: Values): void {
  const draft = load(keyOf(form));
  if (draft) put(keyOf(form), { ...draft, synced: at, isStored: isSame(values, draft.values) });
  told(form, "draftStored");
}

function told(form: HTMLFormElement, word: "draftSaved" | "draftStored"): void {
  const status = form.querySelector("[data-draft-status]");
  if (status) status.textContent = say(word, { at: clock(new Date()) });
}

function saveSoon(form: HTMLFormElement): void {
  if (isRestoring) return;
  clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => save(form), 400));
}

export function clear(key: string): void {
  for (const form of forms()) {
    if (keyOf(form) !== key) continue;
    clearTimeout(timers.get(form));
    store.drop(form);
  }
  cleared.add(key);
  local.removeItem(slot(key));
}

function restore(form: HTMLFormElement): void {
  if (pristine.has(form)) return;
  const first = read(form);
  pristine.set(form, first);
  const draft = load(keyOf(form));
  const mine = draft && !isSame({ ...first, ...draft.values }, first) ? draft : null;
  if (mine) {
    back(form, mine.values);
    offer(form, first, mine);
  }
  if (store.isStored(form) && !cleared.has(keyOf(form))) void compare(form, first, mine);
}

function back(form: HTMLFormElement, values: Values): void {
  coming.set(form, values);
  isRestoring = true;
  write(form, values);
  isRestoring = false;
}

/** What the server has comes late, and never over what was typed meanwhile. */
async function compare(form: HTMLFormElement, first: Values, mine: Draft | null): Promise<void> {
  const before = read(form);
  const theirs = await store.look(form);
  if (!form.isConnected || cleared.has(keyOf(form))) return;
  if (!theirs) return void (mine && store.keep(form, mine.values, (at) => reached(form, at, mine.values)));
  if (isSame({ ...first, ...theirs.values }, first)) return;
  if (isSame({ ...before, ...theirs.values }, before)) return void (theirs.has_moved && mine && offer(form, first, mine, null, true));
  if (mine && mine.synced === theirs.at) return;
  const isTyping = !isSame(read(form), before);
  const other: Draft = { at: theirs.at, values: theirs.values, synced: theirs.at };
  if (isTyping || (mine && mine.at > theirs.at)) return offer(form, first, mine ?? { at: Date.now(), values: before }, other);
  put(keyOf(form), other);
  back(form, theirs.values);
  offer(form, first, other, mine, theirs.has_moved);
}

/** Says what came back; with the `other` one a press away, which may be pressed again. */
function offer(form: HTMLFormElement, first: Values, draft: Draft, other: Draft | null = null, moved?: boolean): void {
  form.querySelector(":scope > .draft-banner")?.remove();
  const pattern = document.querySelector<HTMLTemplateElement>("#draft-pattern");
  const banner = (pattern?.content.cloneNode(true) as DocumentFragment | undefined)?.firstElementChild;
  if (!banner) return;
  const version = form.dataset["draftVersion"];
  const isStale = moved ?? (draft.version !== undefined && version !== undefined && draft.version !== version);
  const words = say("restored", { at: when(draft.at) }) + (isStale ? ` ${say("restoredStale")}` : "");
  banner.querySelector("[data-draft-words]")!.textContent = words;
  banner.toggleAttribute("data-stale", isStale);
  banner.querySelector("[data-draft-discard]")!.addEventListener("click", async () => {
    if (!(await ask(say("discardQuestion"), { confirmOk: say("discard"), confirmTone: "danger" }))) return;
    coming.delete(form);
    write(form, first);
    clear(keyOf(form));
    banner.remove();
  });
  const swap = banner.querySelector<HTMLButtonElement>("[data-draft-other]");
  if (swap && other) {
    swap.hidden = false;
    swap.textContent = say("draftOther", { at: when(other.at) });
    swap.addEventListener("click", () => {
      const now = { ...draft, values: read(form) };
      put(keyOf(form), { ...other, at: Date.now() });
      store.keep(form, other.values, (at) => reached(form, at, other.values));
      back(form, other.values);
      offer(form, first, other, now);
    });
  }
  form.prepend(banner);
}

function when(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock(date) : `${date.getMonth() + 1}-${date.getDate()} ${clock(date)}`;
}

/** Which plain submit came through: told by the page that follows it. */
function settleSent(): void {
  const key = session.getItem(SENT);
  const page = document.body.dataset["page"];
  if (!key || page === "error" || page === "login") return;
  session.removeItem(SENT);
  if (![...forms()].some((form) => keyOf(form) === key)) clear(key);
}

function clearMarked(root: ParentNode): void {
  for (const mark of root.querySelectorAll<HTMLElement>("[data-draft-clear]")) clear(mark.dataset["draftClear"] ?? "");
}

function all(): string[] {
  return local.names().filter((name) => name.startsWith("huiyin.draft:"));
}

function purge(): void {
  for (const name of all()) {
    const draft = local.read<Partial<Draft>>(name);
    const isOld = !(Date.now() - (draft?.at ?? 0) <= KEPT_DAYS * 86_400_000);
    const isElsewhere = Boolean(member()) && !name.startsWith(slot("")) && draft?.isStored; // a shared computer
    if (isOld || isElsewhere) local.removeItem(name);
  }
}

const arrived = (xhr: XMLHttpRequest): boolean => xhr.status >= 200 && xhr.status < 300 && !isSignIn(xhr);

function guardLogout(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!("logout" in form.dataset)) return;
      forms().forEach((each) => timers.has(each) && save(each));
      const own = all().filter((name) => name.startsWith(slot("")));
      own.filter((name) => local.read<Partial<Draft>>(name)?.isStored).forEach((name) => local.removeItem(name));
      const mine = own.filter((name) => local.getItem(name) !== null);
      if (!mine.length) return void (isLeaving = true);
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask(say("logoutDrafts", { n: mine.length }), { confirmTone: "danger" }).then((yes) => {
        if (!yes) return;
        isLeaving = true;
        mine.forEach((name) => local.removeItem(name));
        form.submit();
      });
    },
    true,
  );
}

export function start(): void {
  purge();
  clearMarked(document);
  settleSent();
  // Not earlier: htmx must already listen, so that restored choices load the fields that depend on them.
  document.addEventListener("DOMContentLoaded", () => forms().forEach(restore));
  const formOf = (event: Event): HTMLFormElement | null =>
    (event.target as Element).closest?.<HTMLFormElement>("form[data-draft-key]") ?? null;

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (form && event.isTrusted) coming.delete(form);
    if (form) saveSoon(form);
  });
  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form) saveSoon(form);
  });
  document.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (!form) return;
    save(form);
    store.stop(form);
    if (event.defaultPrevented) return;
    store.submitted(form);
    session.setItem(SENT, keyOf(form));
  });
  const saveAll = (): void => forms().forEach((form) => (timers.has(form) || store.waits(form)) && save(form, true));
  addEventListener("pagehide", saveAll);
  document.addEventListener("leaving", saveAll);
  document.addEventListener("visibilitychange", () => document.hidden && saveAll());

  document.addEventListener("htmx:afterRequest", (event) => {
    const detail = (event as CustomEvent<{ elt: Element; xhr: XMLHttpRequest; requestConfig: { verb: string } }>).detail;
    const form = detail.elt.closest<HTMLFormElement>("form[data-draft-key]");
    const isFormItself = detail.elt === form || detail.elt.matches("[type=submit]");
    if (form && isFormItself && detail.requestConfig.verb !== "get" && arrived(detail.xhr)) {
      timers.delete(form);
      clear(keyOf(form));
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.target as Element;
    clearMarked(document);
    forms().forEach(restore);
    const form = target.closest<HTMLFormElement>("form[data-draft-key]");
    const values = form && coming.get(form);
    if (values) write(target, values);
  });
  document.addEventListener("draft-clear", (event) => {
    const detail = (event as CustomEvent<{ key?: string; value?: string }>).detail;
    clear(detail.key ?? detail.value ?? "");
  });
  guardLogout();
}
