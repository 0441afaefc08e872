/** The tabs over the composer: which one is open is marked, and its first field has the cursor once it has come; so has
 *  that of a form for something to be done, but for a finger, under which a keyboard would cover what is to be read. */
function enter(form: HTMLElement): void {
  const field = form.querySelector<HTMLElement>("select, textarea, input:not([type=hidden], [type=file])");
  (matchMedia("(pointer: coarse)").matches ? form : (field ?? form)).focus({ preventScroll: true });
}

export function start(): void {
  document.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest("[data-composer-tab]");
    if (!tab) return;
    for (const each of tab.parentElement!.querySelectorAll("[data-composer-tab]")) each.removeAttribute("aria-current");
    tab.setAttribute("aria-current", "true");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const body = event.target as HTMLElement;
    if (body.id === "composer-body") body.querySelector<HTMLElement>("textarea")?.focus();
    if (body.id === "deed" && body.contains(document.querySelector("#act"))) enter(body.querySelector<HTMLElement>("#act")!);
  });
}
