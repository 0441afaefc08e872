import htmx from "htmx.org";
import { relogin } from "./relogin";
import { toast, type Level } from "./toasts";
import { say, type Word } from "./words";

/** What htmx needs of us: the CSRF header, the progress line, words for failures, and a sign-in when the session is over. */
type Answer = { xhr: XMLHttpRequest; elt: HTMLElement; shouldSwap: boolean; isError: boolean };

const meta = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";

const WORDS_FOR: Record<number, Word> = { 403: "forbidden", 404: "missing", 409: "conflict", 413: "tooLarge", 429: "tooMany" };

export function isSignIn(xhr: XMLHttpRequest): boolean {
  const login = meta("login-url");
  const triggers = xhr.getResponseHeader("HX-Trigger") ?? "";
  if (xhr.status === 401 || triggers.includes("session-expired")) return true;
  const landed = xhr.getResponseHeader("HX-Redirect") || xhr.responseURL;
  return Boolean(login && landed) && new URL(landed, location.href).pathname === login;
}

function progress(): void {
  let running = 0;
  let delay = 0;
  document.addEventListener("htmx:beforeSend", () => {
    running += 1;
    clearTimeout(delay);
    delay = window.setTimeout(() => document.documentElement.toggleAttribute("data-loading", running > 0), 120);
  });
  document.addEventListener("htmx:afterRequest", () => {
    running = Math.max(0, running - 1);
    if (running) return;
    clearTimeout(delay);
    document.documentElement.removeAttribute("data-loading");
  });
}

export function start(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent).detail;
    detail.headers["X-CSRFToken"] = meta("csrf-token");
    if (detail.parameters?.has?.("csrfmiddlewaretoken")) detail.parameters.set("csrfmiddlewaretoken", meta("csrf-token"));
  });

  // Before htmx itself looks at HX-Redirect: a member who types must not lose the page to the sign-in form.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = (event as CustomEvent<Answer>).detail;
    if (!isSignIn(xhr)) return;
    event.preventDefault();
    void relogin();
  });

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<Answer>).detail;
    if (isSignIn(xhr)) return;
    const level: Level = xhr.status >= 500 || xhr.status === 403 ? "danger" : "warning";
    const told = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText.trim() : "";
    toast(level, told || say(WORDS_FOR[xhr.status] ?? "serverError"));
  });
  document.addEventListener("htmx:sendError", () => toast("danger", say("offline")));
  document.addEventListener("htmx:timeout", () => toast("danger", say("timeout")));
  document.addEventListener("session-expired", () => void relogin());
  progress();
  htmx.config.includeIndicatorStyles = false;
}
