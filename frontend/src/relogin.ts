import { toast } from "./toasts";
import { say } from "./words";

/** Sign in again inside a dialog, the page behind it untouched. The sign-in pages mark their form `data-sign-in`;
 *  a second step (one-time code) comes back as another such form. Afterwards every CSRF token on the page is renewed. */
let asking: Promise<boolean> | null = null;

export function relogin(): Promise<boolean> {
  asking ??= run().finally(() => (asking = null));
  return asking;
}

const meta = (name: string, page: Document = document): HTMLMetaElement | null =>
  page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);

async function fetchPage(url: string, init: RequestInit = {}): Promise<{ page: Document; url: string }> {
  const answer = await fetch(url, { credentials: "same-origin", ...init });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { page, url: answer.url };
}

async function run(): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#relogin");
  const login = meta("login-url")?.content;
  if (!dialog || !login) {
    location.reload();
    return false;
  }
  const place = dialog.querySelector<HTMLElement>("[data-relogin-place]")!;
  if (!dialog.open) dialog.showModal();
  try {
    let step = await fetchPage(login);
    for (;;) {
      const form = step.page.querySelector<HTMLFormElement>("form[data-sign-in]");
      if (!form) return finish(dialog, step.page);
      step = await submitted(place, form, step.url, dialog);
    }
  } catch (reason) {
    if (reason !== CLOSED) place.textContent = say("loginFailed");
    return false;
  }
}

const CLOSED = Symbol("closed");

function submitted(
  place: HTMLElement,
  form: HTMLFormElement,
  from: string,
  dialog: HTMLDialogElement,
): Promise<{ page: Document; url: string }> {
  const here = document.importNode(form, true);
  place.replaceChildren(here);
  here.querySelector<HTMLInputElement>("[autofocus], input:not([type=hidden])")?.focus();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => reject(CLOSED), { once: true });
    here.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const action = new URL(form.getAttribute("action") || from, location.href).href;
      fetchPage(action, { method: "POST", body: new URLSearchParams(new FormData(here) as never) }).then(resolve, reject);
    });
  });
}

function finish(dialog: HTMLDialogElement, page: Document): boolean {
  const before = document.documentElement.dataset["member"];
  const now = page.documentElement.dataset["member"];
  const token = meta("csrf-token", page)?.content;
  dialog.close();
  if (!token || (before && now && before !== now)) {
    toast("warning", say("otherMember"));
    setTimeout(() => location.reload(), 1500);
    return false;
  }
  renew(token);
  toast("success", say("signedInAgain"));
  return true;
}

function renew(token: string): void {
  meta("csrf-token")?.setAttribute("content", token);
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=csrfmiddlewaretoken]")) field.value = token;
}
