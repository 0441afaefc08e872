import htmx from "htmx.org";
import { isChinese, say } from "../words";
import { isBusy } from "./busy";
import * as news from "./news";
import { hold } from "./place";

/** The open complaint (`[data-live-complaint]`): when somebody else did something to it, a strip says what and offers to
 *  fetch the parts that may have changed (`[data-live-part]`). A part in which one types stays as it is. */
type Done = { who: string; what: string };
type Changed = { seq: number; number: string; done: Done[] };

let waiting: Done[] = [];

const page = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-live-complaint]");
const mark = (): HTMLElement | null => document.querySelector<HTMLElement>("#live-seq");
const parts = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-live-part][id]")];
const entries = (): string[] => [...document.querySelectorAll("#timeline > [id]")].map((entry) => entry.id);

export function open(): { number: string; seq: number } | null {
  const number = page()?.dataset["liveComplaint"];
  return number ? { number, seq: Number(mark()?.dataset["liveSeq"] ?? 0) } : null;
}

export function changed(told: Changed): void {
  const here = open();
  if (here?.number !== told.number || told.seq <= here.seq) return;
  waiting.push(...told.done);
  news.offer(words(), say("seeChanges"), update);
}

/** 陈静刚刚“派单”“内部备注”; several people one after the other. */
function words(): string {
  const by = new Map<string, string[]>();
  for (const { who, what } of waiting) by.set(who, [...new Set([...(by.get(who) ?? []), what])]);
  const joint = isChinese() ? "、" : ", ";
  return [...by].map(([who, what]) => say("justDid", { who, what: what.slice(-3).join(joint) })).join(isChinese() ? "；" : "; ");
}

const queueAt = (): string | undefined => document.querySelector<HTMLMetaElement>('meta[name="live"]')?.dataset["complaints"];

/** Without a stream: whether its chain is longer by now. Who did what is told with the changes. */
export async function ask(): Promise<void> {
  const here = open();
  const queue = queueAt();
  if (!here || !queue) return;
  const answer = await fetch(`${queue}${here.number}`, { headers: { "X-Live": "compare" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const seq = Number(page.querySelector<HTMLElement>("#live-seq")?.dataset["liveSeq"] ?? 0);
  const now = open();
  if (now?.number === here.number && seq > now.seq) news.offer(say("hasChanged"), say("seeChanges"), update);
}

function update(): void {
  const here = open();
  const queue = queueAt();
  if (!here || !queue) return;
  const asker = document.createElement("span");
  asker.hidden = true;
  asker.setAttribute("hx-get", `${queue}${here.number}`);
  asker.setAttribute("hx-trigger", "fetch-changes");
  asker.setAttribute("hx-swap", "none");
  asker.setAttribute("hx-select-oob", parts().map((part) => `#${part.id}`).join(","));
  page()!.append(asker);
  htmx.process(asker);
  const before = new Set(entries());
  const unfolded = folds();
  let release: () => void = () => undefined;
  let left = 0;
  const spare = (event: Event): void => {
    if (!isBusy(event.target as Element)) return;
    event.preventDefault();
    left += 1;
  };
  document.addEventListener("htmx:oobBeforeSwap", spare);
  asker.addEventListener("htmx:beforeSwap", () => (release = hold()));
  asker.addEventListener("htmx:afterRequest", (event) => {
    document.removeEventListener("htmx:oobBeforeSwap", spare);
    asker.remove();
    if (!(event as CustomEvent<{ successful: boolean }>).detail.successful) return;
    waiting = [];
    unfold(unfolded);
    freshen(before);
    release();
    if (left) news.note(say("partsKept"));
    else news.hide();
  });
  htmx.trigger(asker, "fetch-changes");
}

/** Who has seen the changes may act on them; what is new in the timeline is marked. */
function freshen(before: Set<string>): void {
  const seq = mark()?.dataset["liveSeq"] ?? "";
  for (const seen of document.querySelectorAll<HTMLInputElement>("#main input[name=seen]")) seen.value = seq;
  for (const form of document.querySelectorAll<HTMLElement>("#main form[data-draft-version]")) form.dataset["draftVersion"] = seq;
  for (const id of entries()) if (!before.has(id)) document.getElementById(id)?.setAttribute("data-fresh", "");
}

/** Which folds stand open, by where they are and what they are called. */
function folds(): Map<string, boolean> {
  return new Map(all().map((fold) => [keyOf(fold), fold.open]));
}

function unfold(before: Map<string, boolean>): void {
  for (const fold of all()) fold.open = before.get(keyOf(fold)) ?? fold.open;
}

const keyOf = (fold: Element): string => `${fold.closest("[id]")?.id}/${fold.querySelector("summary h2, summary")?.textContent}`;

const all = (): HTMLDetailsElement[] =>
  [...document.querySelectorAll<HTMLDetailsElement>("details:not([data-menu])")].filter((fold) => fold.closest("[data-live-part]"));

export function start(): void {
  document.addEventListener("htmx:afterSettle", () => open() || (waiting = []));
}
