/** `<button data-insert="#field" data-insert-phone="…" data-insert-mail="…">`: puts the words into the field where the
 *  cursor stands, as a letter or as speech by the form's `channel`, and goes to the first place left to fill in. */
const WRITTEN = new Set(["email", "post"]);
const HOLE = /【待填[^】]*】/;
const visited = new WeakSet<Element>();

function words(button: HTMLElement, form: HTMLFormElement | null): string {
  const channel = form?.querySelector<HTMLInputElement>("input[name=channel]:checked")?.value ?? "";
  return button.dataset[WRITTEN.has(channel) ? "insertMail" : "insertPhone"] ?? "";
}

function insert(field: HTMLTextAreaElement, text: string): void {
  const isNew = !visited.has(field);
  const start = isNew ? field.value.length : field.selectionStart;
  const end = isNew ? field.value.length : field.selectionEnd;
  field.focus();
  field.setRangeText(text, start, end, "end");
  const hole = HOLE.exec(text);
  if (hole) field.setSelectionRange(start + hole.index, start + hole.index + hole[0].length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start(): void {
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLTextAreaElement) visited.add(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-insert]");
    const field = button && document.querySelector(button.dataset["insert"] ?? "");
    if (button && field instanceof HTMLTextAreaElement) insert(field, words(button, field.form));
  });
}
