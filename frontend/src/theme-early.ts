/* Loaded as a blocking script in the head, so that a dark page never flashes white. Must not import anything. */
{
  type Choice = "light" | "dark" | "auto";
  const KEY = "huiyin.theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const chosen = (): Choice => {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === "light" || kept === "dark" ? kept : "auto";
    } catch {
      return "auto";
    }
  };

  const apply = (): void => {
    const choice = chosen();
    const shown = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    document.documentElement.dataset["bsTheme"] = shown;
    for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === choice));
    }
  };

  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === KEY && apply());
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset["themeChoice"] ?? "auto");
    } catch {
      /* a browser without storage keeps following the system */
    }
    apply();
  });
}
