/** A form goes out once: its button is marked busy and a second submit is swallowed until the page comes.
 *  `data-again` on a form that answers with a file, where no page comes. */
export function start(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post" || form.target === "_blank") return;
    if ("again" in form.dataset || "again" in ((event as SubmitEvent).submitter?.dataset ?? {})) return;
    if (form.dataset["sent"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "";
    (event as SubmitEvent).submitter?.setAttribute("aria-busy", "true");
  });
  const free = (form: Element): void => {
    form.removeAttribute("data-sent");
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
}
