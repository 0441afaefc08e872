import { ask } from "./confirm";
import { type Values, isSame, read, write } from "./fields";
import { clock } from "./moments";
import { isSignIn } from "./requests";
import { say } from "./words";

/** `<form data-draft-key="note:TS…" [data-draft-version="7"]>`: kept on this device per member while one types.
 *  It comes back after a reload, an expired session or a failed request, and goes when the work arrived: an htmx
 *  answer of 2xx, an element or message with `data-draft-clear="key"`, the trigger `draft-clear`, or, after a plain
 *  submit, a page that is neither an error, nor the sign-in, nor the same form again. */
type Draft = { at: number; values: Values; version?: string | undefined };

const KEPT_DAYS = 7;
const SENT = "huiyin.sent";
const member = (): string => document.documentElement.dataset["member"] ?? "";
const slot = (key: string): string => `huiyin.draft:${member()}:${key}`;
const pristine = new WeakMap<HTMLFormElement, Values>();
const coming = new WeakMap<HTMLFormElement, Values>();
const timers = new WeakMap<HTMLFormElement, number>();
let isLeaving = false;

const forms = (root: ParentNode = document): NodeListOf<HTMLFormElement> => root.querySelectorAll("form[data-draft-key]");
const keyOf = (form: HTMLFormElement): string => form.dataset["draftKey"] ?? "";

function load(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(slot(key)) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function save(form: HTMLFormElement): void {
  if (isLeaving) return;
  const values = read(form);
  const first = pristine.get(form);
  if (first && isSame(values, first)) return clear(keyOf(form));
  const draft: Draft = { at: Date.now(), values, version: form.dataset["draftVersion"] };
  try {
    localStorage.setItem(slot(keyOf(form)), JSON.stringify(draft));
  } catch {
    return; // storage is full or forbidden: typing must go on all the same
  }
  const status = form.querySelector("[data-draft-status]");
  if (status) status.textContent = say("draftSaved", { at: clock(new Date()) });
}

function saveSoon(form: HTMLFormElement): void {
  clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => save(form), 400));
}

export function clear(key: string): void {
  for (const form of forms()) if (keyOf(form) === key) clearTimeout(timers.get(form));
  localStorage.removeItem(slot(key));
}

function restore(form: HTMLFormElement): void {
  if (pristine.has(form)) return;
  const first = read(form);
  pristine.set(form, first);
  const draft = load(keyOf(form));
  if (!draft || isSame({ ...first, ...draft.values }, first)) return;
  coming.set(form, draft.values);
  write(form, draft.values);
  offer(form, draft, first);
}

function offer(form: HTMLFormElement, draft: Draft, first: Values): void {
  const pattern = document.querySelector<HTMLTemplateElement>("#draft-pattern");
  const banner = (pattern?.content.cloneNode(true) as DocumentFragment | undefined)?.firstElementChild;
  if (!banner) return;
  const version = form.dataset["draftVersion"];
  const isStale = draft.version !== undefined && version !== undefined && draft.version !== version;
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
  form.prepend(banner);
}

function when(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock(date) : `${date.getMonth() + 1}-${date.getDate()} ${clock(date)}`;
}

/** Which plain submit came through: told by the page that follows it. */
function settleSent(): void {
  const key = sessionStorage.getItem(SENT);
  const page = document.body.dataset["page"];
  if (!key || page === "error" || page === "login") return;
  sessionStorage.removeItem(SENT);
  if (![...forms()].some((form) => keyOf(form) === key)) clear(key);
}

function clearMarked(root: ParentNode): void {
  for (const mark of root.querySelectorAll<HTMLElement>("[data-draft-clear]")) clear(mark.dataset["draftClear"] ?? "");
}

function all(): string[] {
  return Object.keys(localStorage).filter((name) => name.startsWith("huiyin.draft:"));
}

function purge(): void {
  for (const name of all()) {
    const draft = JSON.parse(localStorage.getItem(name) ?? "{}") as Partial<Draft>;
    if (Date.now() - (draft.at ?? 0) > KEPT_DAYS * 86_400_000) localStorage.removeItem(name);
  }
}

const arrived = (xhr: XMLHttpRequest): boolean => xhr.status >= 200 && xhr.status < 300 && !isSignIn(xhr);

function guardLogout(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const mine = all().filter((name) => name.startsWith(slot("")));
      if (!("logout" in form.dataset) || !mine.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask(say("logoutDrafts", { n: mine.length }), { confirmTone: "danger" }).then((yes) => {
        if (!yes) return;
        isLeaving = true;
        mine.forEach((name) => localStorage.removeItem(name));
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
    if (!event.defaultPrevented) sessionStorage.setItem(SENT, keyOf(form));
  });
  const saveAll = (): void => forms().forEach((form) => timers.has(form) && save(form));
  addEventListener("pagehide", saveAll);
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
