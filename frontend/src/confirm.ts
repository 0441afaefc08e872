import { say } from "./words";

const cleared = new WeakSet<Element>();

/** Ask with the page's one native dialog; true when the member agrees. */
export function ask(text: string, asked: DOMStringMap = {}): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#confirm");
  if (!dialog) return Promise.resolve(window.confirm(text));
  const ok = dialog.querySelector<HTMLButtonElement>("[data-confirm-yes]")!;
  dialog.querySelector("[data-confirm-heading]")!.textContent = asked["confirmTitle"] ?? say("confirmTitle");
  dialog.querySelector("[data-confirm-text]")!.textContent = text;
  ok.textContent = asked["confirmOk"] ?? say("ok");
  ok.classList.toggle("btn-danger", asked["confirmTone"] === "danger");
  ok.classList.toggle("btn-primary", asked["confirmTone"] !== "danger");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function guard(event: Event, element: HTMLElement, goOn: () => void): Promise<void> {
  if (cleared.delete(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(element.dataset["confirm"] ?? "", element.dataset))) return;
  cleared.add(element);
  goOn();
}

export function start(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const button = (event as SubmitEvent).submitter;
      const element = button?.dataset["confirm"] ? button : form.dataset["confirm"] ? form : null;
      if (element) void guard(event, element, () => form.requestSubmit(button));
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLElement>("a[data-confirm]");
      if (link) void guard(event, link, () => link.click());
    },
    true,
  );
  document.addEventListener("htmx:confirm", (event) => {
    const detail = (event as CustomEvent).detail;
    if (!detail.question) return;
    event.preventDefault();
    void ask(detail.question, (detail.elt as HTMLElement).dataset).then((yes) => yes && detail.issueRequest(true));
  });
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      document.querySelector<HTMLDialogElement>(opener.dataset["dialogOpen"] ?? "")?.showModal();
    }
    if (target.closest("[data-dialog-close]")) target.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement && target.open && outside(target, event as MouseEvent)) target.close();
  });
}

function outside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  return !inside && event.detail > 0;
}
