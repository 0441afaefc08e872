import type { Values } from "./fields";

/** A form with `data-draft-store="address"` is kept on the server too, so that it is found from another machine. What
 *  fails here fails quietly: the copy on the device stands. */
export type Stored = { at: number; values: Values; has_moved: boolean };

/** A browser lets a request outlive its page up to 64 kB, and refuses a larger one. Sent as it is written and not percent
 *  by percent, the longest letter in Chinese is just under it. */
const MOST_KEPT_ALIVE = 64 * 1024;
const ROUND_IT = 1024; // what a multipart body has besides, with room to spare
const PAUSE_MS = 2500;
const MOST_UNSAID_MS = 10_000; // who types without a pause is kept all the same
const timers = new WeakMap<HTMLFormElement, number>();
const running = new WeakMap<HTMLFormElement, AbortController>();
const unsaidSince = new WeakMap<HTMLFormElement, number>();
const sent = new WeakSet<HTMLFormElement>();

const address = (form: HTMLFormElement): string => form.dataset["draftStore"] ?? "";
const headers = (): Record<string, string> => ({
  "X-CSRFToken": document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "",
  "X-Requested-With": "fetch",
});

export const isStored = (form: HTMLFormElement): boolean => Boolean(address(form));

async function asked<T>(request: Promise<Response>): Promise<T | null> {
  const answer = await request.catch(() => null);
  const isJson = answer?.headers.get("Content-Type")?.startsWith("application/json");
  return answer?.ok && isJson ? ((await answer.json()) as T) : null;
}

export async function look(form: HTMLFormElement): Promise<Stored | null> {
  return (await asked<{ draft: Stored | null }>(fetch(address(form), { headers: headers() })))?.draft ?? null;
}

/** Soon, or at once where the page goes away; `done` hears when it is kept there. */
export function keep(form: HTMLFormElement, values: Values, done: (at: number) => void, isLast = false): void {
  if (!isStored(form) || sent.has(form)) return;
  clearTimeout(timers.get(form));
  if (isLast) void put(form, values, done, true);
  else timers.set(form, window.setTimeout(() => void put(form, values, done, false), pause(form)));
}

/** Until the typing pauses, and not for ever. */
function pause(form: HTMLFormElement): number {
  const since = unsaidSince.get(form) ?? Date.now();
  unsaidSince.set(form, since);
  return Math.max(0, Math.min(PAUSE_MS, since + MOST_UNSAID_MS - Date.now()));
}

async function put(form: HTMLFormElement, values: Values, done: (at: number) => void, keepalive: boolean): Promise<void> {
  timers.delete(form);
  unsaidSince.delete(form);
  running.get(form)?.abort();
  const control = new AbortController();
  running.set(form, control);
  const written = JSON.stringify(values);
  const body = new FormData();
  body.set("values", written);
  body.set("seen", form.dataset["draftVersion"] ?? "");
  const size = new TextEncoder().encode(written).length + ROUND_IT;
  const outlives = keepalive && size < MOST_KEPT_ALIVE; // what is more waits on this device
  const init = { method: "POST", headers: headers(), body, keepalive: outlives, signal: control.signal };
  const kept = await asked<{ at: number }>(fetch(address(form), init));
  if (kept && !sent.has(form)) done(kept.at);
}

/** What waits to be kept is not, and what runs is stopped: the form is on its way. */
export function stop(form: HTMLFormElement): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
  unsaidSince.delete(form);
  running.get(form)?.abort();
}

export function submitted(form: HTMLFormElement): void {
  stop(form);
  sent.add(form);
}

export function drop(form: HTMLFormElement): void {
  if (!isStored(form)) return;
  stop(form);
  sent.delete(form);
  void fetch(address(form), { method: "DELETE", headers: headers(), keepalive: true }).catch(() => null);
}

export const waits = (form: HTMLFormElement): boolean => timers.has(form);
