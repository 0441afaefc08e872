/** The tabs over the composer: which one is open is marked, and its first field has the cursor once it has come. */
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
  });
}
