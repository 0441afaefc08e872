/** `<details data-menu>`: a menu that closes when one looks elsewhere, presses Escape, or opens another. */
const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("details[data-menu][open]");

const EDGE = 8;

/** Keep an opened list inside the window: to the other side, or upwards, where it would stick out; where neither side has
 *  room enough (a phone), moved in by what is missing. */
function place(list: HTMLElement): void {
  list.classList.remove("menu-start", "menu-end", "menu-up");
  list.style.translate = "";
  const box = list.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  if (box.left < EDGE) list.classList.add("menu-start");
  else if (box.right > width - EDGE) list.classList.add("menu-end");
  const moved = list.getBoundingClientRect();
  const missing = Math.max(0, EDGE - moved.left) || Math.min(0, width - EDGE - moved.right);
  if (missing) list.style.translate = `${missing}px 0`;
  if (box.bottom > innerHeight - EDGE && box.top > box.height + 60) list.classList.add("menu-up");
}

/** On a phone the current tab of a long row may stand outside: bring it in, without moving the page. */
function showCurrentTab(): void {
  for (const tab of document.querySelectorAll<HTMLElement>(".tabs [aria-current]")) {
    const row = tab.closest<HTMLElement>(".tabs")!;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
  }
}

export function start(): void {
  showCurrentTab();
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target;
      if (!(menu instanceof HTMLDetailsElement) || !menu.matches("[data-menu][open]")) return;
      const list = menu.querySelector<HTMLElement>(".menu-list");
      if (list && !menu.closest(".shell-dock")) place(list);
    },
    true,
  );
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary")?.focus();
    }
  });
}
