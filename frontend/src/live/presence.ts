import { announce } from "../announce";
import { isChinese, say, type Word } from "../words";
import { sinceTyped } from "./busy";
import { open } from "./complaint";

/** Who else has a complaint open: told by a heartbeat every 20 s (every minute from a hidden page, which counts as
 *  idle), shown in its head and as small faces in lists. */
type Person = { id: number; name: string; is: "viewing" | "idle" | "editing" };

const BEAT_MS = 20_000;
const WRITING_MS = 60_000;
const IDLE_MS = 300_000;
const FACES = 3;
const WORD: Record<Person["is"], Word> = { viewing: "isViewing", idle: "isIdle", editing: "isEditing" };

const people = new Map<string, Person[]>();
const tab = [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36).padStart(2, "0")).join("");
let address = "";
let movedAt = performance.now();
let said = "";
let hasLeft = false;

function state(): Person["is"] {
  if (sinceTyped() < WRITING_MS && !document.hidden) return "editing";
  return document.hidden || performance.now() - movedAt > IDLE_MS ? "idle" : "viewing";
}

function beat(): void {
  const number = open()?.number;
  if (!number || !address || hasLeft) return;
  said = `${number} ${state()}`;
  const body = new URLSearchParams({ number, tab, is: state() });
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  void fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: true }).catch(() => undefined);
}

const beatIfNew = (): void => void (said !== `${open()?.number} ${state()}` && beat());

/** Another page stands here by now: it is told who looks at it, or that nobody does. */
export function moved(): void {
  people.clear(); // told anew by the stream that follows
  paint();
  if (open()) return beatIfNew();
  leave();
  hasLeft = false;
}

/** The page's becoming hidden, told right after, must not bring one back. */
function leave(): void {
  hasLeft = true;
  if (!said) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "");
  body.set("tab", tab);
  body.set("is", "gone");
  navigator.sendBeacon(address, body);
  said = "";
}

export function show(told: Record<string, Person[]>): void {
  for (const [number, now] of Object.entries(told)) {
    if (number === open()?.number) tell(people.get(number) ?? [], now);
    people.set(number, now);
  }
  paint();
}

function tell(before: Person[], now: Person[]): void {
  const was = new Map(before.map((person) => [person.id, person.is]));
  for (const person of now) {
    const isNews = !was.has(person.id) || (person.is === "editing" && was.get(person.id) !== "editing");
    if (isNews && person.is !== "idle") announce(say(WORD[person.is], { who: person.name }));
  }
}

function face(person: Person): HTMLElement {
  const made = Object.assign(document.createElement("span"), { className: "face", textContent: person.name.slice(0, 1).toUpperCase() });
  made.dataset["is"] = person.is;
  made.title = say(WORD[person.is], { who: person.name });
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** 林涛、陈静 正在查看；李雷 正在填写 */
function inWords(here: Person[]): string {
  const joint = isChinese() ? "、" : ", ";
  return (["editing", "viewing", "idle"] as const)
    .map((is) => [is, here.filter((person) => person.is === is).map((person) => person.name)] as const)
    .filter(([, names]) => names.length)
    .map(([is, names]) => say(WORD[is], { who: names.join(joint) }))
    .join(isChinese() ? "；" : "; ");
}

function fill(place: HTMLElement, here: Person[], isWordy: boolean): void {
  const words = inWords(here);
  if (place.dataset["shows"] === words) return;
  place.dataset["shows"] = words;
  place.hidden = here.length === 0;
  const rest = here.length > FACES ? [Object.assign(document.createElement("span"), { className: "face", textContent: `+${here.length - FACES}` })] : [];
  const text = Object.assign(document.createElement("span"), { className: isWordy ? "faces-words" : "visually-hidden", textContent: words });
  place.replaceChildren(...here.slice(0, FACES).map(face), ...rest, text);
}

/** In lists the place is made when somebody is there: over the row's end, so that nothing moves. */
function inRow(row: HTMLElement): void {
  const number = /\/complaints\/(TS[\d-]+)/.exec(row.querySelector<HTMLAnchorElement>("a.row-title")?.href ?? "")?.[1];
  const here = people.get(number ?? "") ?? [];
  let place = row.querySelector<HTMLElement>(".row-faces");
  if (!place && here.length) {
    place = Object.assign(document.createElement("span"), { className: "faces row-faces" });
    row.querySelector(".cell-title")?.append(place);
  }
  if (place) fill(place, here, false);
}

export function paint(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-presence-of]")) {
    fill(place, people.get(place.dataset["presenceOf"] ?? "") ?? [], true);
  }
  document.querySelectorAll<HTMLElement>("[data-row]").forEach(inRow);
}

export function start(where: string): void {
  address = where;
  beat();
  setInterval(beat, BEAT_MS);
  setInterval(beatIfNew, 2_000);
  const moved = (): void => void (movedAt = performance.now());
  for (const name of ["pointermove", "keydown", "scroll", "pointerdown"]) addEventListener(name, moved, { passive: true });
  document.addEventListener("visibilitychange", beat);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", () => {
    hasLeft = false;
    beatIfNew();
  });
  document.addEventListener("htmx:afterSettle", () => {
    beatIfNew();
    paint();
  });
}
