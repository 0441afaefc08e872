import { say } from "./words";

/** `[data-drop]` round an `<input type="file">`: files dropped on it, or pasted anywhere in its form, join the input;
 *  chosen files are listed in `[data-drop-list]`, each with a button that takes it out again. */
const inputOf = (zone: Element): HTMLInputElement | null => zone.querySelector("input[type=file]");

function put(input: HTMLInputElement, files: Iterable<File>): void {
  const shelf = new DataTransfer();
  for (const file of files) shelf.items.add(file);
  input.files = shelf.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function add(input: HTMLInputElement, files: Iterable<File>): void {
  const fresh = [...files].map(named);
  put(input, input.multiple ? [...(input.files ?? []), ...fresh] : fresh.slice(0, 1));
}

/** Every pasted picture is called image.png; give it the minute instead. */
function named(file: File): File {
  if (file.name !== "image.png") return file;
  const minute = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return new File([file], `${minute}.png`, { type: file.type });
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function list(input: HTMLInputElement): void {
  const shelf = input.closest("[data-drop]")?.querySelector<HTMLElement>("[data-drop-list]");
  if (!shelf) return;
  const files = [...(input.files ?? [])];
  shelf.replaceChildren(
    ...files.map((file, index) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      name.className = "drop-name";
      name.textContent = file.name;
      const picture = shown(input, file);
      const bytes = document.createElement("span");
      bytes.className = "drop-size";
      bytes.textContent = size(file.size);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn-close";
      button.setAttribute("aria-label", say("remove", { name: file.name }));
      button.addEventListener("click", () => put(input, files.toSpliced(index, 1)));
      const said = document.createElement("input"); // a preview shows what will go along
      said.type = "hidden";
      said.name = "file_names";
      said.value = file.name;
      line.append(...picture, name, bytes, button, said);
      return line;
    }),
  );
  const status = input.closest("[data-drop]")?.querySelector("[data-drop-status]");
  if (status) status.textContent = files.length ? say("filesAdded", { n: files.length }) : "";
}

/** `[data-drop-pictures]`: a small picture of each picture. */
function shown(input: HTMLInputElement, file: File): HTMLImageElement[] {
  if (!input.closest("[data-drop-pictures]") || !/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return [];
  const picture = document.createElement("img");
  picture.className = "drop-picture";
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  picture.addEventListener("error", () => picture.remove());
  return [picture];
}

/** What was chosen for a form of the composer waits while another tab stands in its place, and comes back with it. */
const laidAside = new Map<string, File[]>();

function chosen(body: Element): [string, HTMLInputElement][] {
  return [...body.querySelectorAll<HTMLFormElement>("form[data-draft-key]")].flatMap((form) => {
    const input = form.querySelector<HTMLInputElement>("[data-drop] input[type=file]");
    return input ? [[form.dataset["draftKey"]!, input] as [string, HTMLInputElement]] : [];
  });
}

function layAside(body: Element): void {
  for (const [key, input] of chosen(body)) if (input.files?.length) laidAside.set(key, [...input.files]);
}

function takeUp(body: Element): void {
  for (const [key, input] of chosen(body)) {
    const files = laidAside.get(key) ?? [];
    laidAside.delete(key);
    if (files.length && !input.files?.length) put(input, files);
  }
}

export function start(): void {
  const composerIn = (event: Event): HTMLElement | null => {
    const place = (event as CustomEvent<{ target?: HTMLElement }>).detail.target ?? (event.target as HTMLElement);
    return place.id === "composer-body" ? place : null;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const body = composerIn(event);
    if (body) layAside(body);
  });
  document.addEventListener("htmx:afterSettle", () => {
    const body = document.querySelector("#composer-body");
    if (body) takeUp(body);
  });
  const over = (event: DragEvent): Element | null =>
    event.dataTransfer?.types.includes("Files") ? (event.target as Element).closest("[data-drop]") : null;
  document.addEventListener("dragover", (event) => {
    const zone = over(event);
    if (!zone) return;
    event.preventDefault();
    zone.setAttribute("data-over", "");
  });
  document.addEventListener("dragleave", (event) => over(event)?.removeAttribute("data-over"));
  document.addEventListener("drop", (event) => {
    const zone = over(event);
    const input = zone && inputOf(zone);
    if (!zone || !input) return;
    event.preventDefault();
    zone.removeAttribute("data-over");
    add(input, event.dataTransfer?.files ?? []);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    const input = (event.target as Element).closest("form")?.querySelector<HTMLInputElement>("[data-drop] input[type=file]");
    if (!input) return;
    event.preventDefault();
    add(input, files);
  });
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file") list(input);
  });
}
