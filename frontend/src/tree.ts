/** `[data-tree]`: a row with `data-drop-unit` and `data-move-url`, or a person with `data-drag-person`, is dragged onto
 *  another unit's row; that leads to the page which says what the move would change and asks. Without a mouse, or without
 *  this script, the unit's and the member's own pages have a form. */
const row = (event: Event): HTMLElement | null => (event.target as Element).closest?.("[data-tree] [data-drop-unit]") ?? null;

const held = (event: Event): HTMLElement | null => (event.target as Element).closest?.("[data-tree] [data-drag-person]") ?? row(event);

export function start(): void {
  let dragged: HTMLElement | null = null;
  const mayDrop = (target: HTMLElement | null): target is HTMLElement => {
    if (dragged === null || target === null || target === dragged) return false;
    const home = dragged.dataset["inUnit"]; // of a person: where they are now
    return home === undefined ? !dragged.closest("li")!.contains(target) : home !== target.dataset["dropUnit"];
  };

  document.addEventListener("dragstart", (event) => {
    dragged = held(event);
    if (!dragged) return;
    dragged.toggleAttribute("data-dragged", true);
    event.dataTransfer?.setData("text/plain", dragged.dataset["dropUnit"] ?? dragged.dataset["dragPerson"] ?? "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const target = row(event);
    for (const old of document.querySelectorAll("[data-over].tree-row")) if (old !== target) old.removeAttribute("data-over");
    if (!mayDrop(target)) return;
    event.preventDefault();
    target.toggleAttribute("data-over", true);
  });
  document.addEventListener("drop", (event) => {
    const target = row(event);
    if (!mayDrop(target)) return;
    event.preventDefault();
    location.assign(`${dragged!.dataset["moveUrl"]}?under=${encodeURIComponent(target.dataset["dropUnit"] ?? "")}`);
  });
  document.addEventListener("dragend", () => {
    for (const one of document.querySelectorAll(".tree-row, .tree-person")) {
      one.removeAttribute("data-over");
      one.removeAttribute("data-dragged");
    }
    dragged = null;
  });
}
