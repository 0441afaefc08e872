import { announce } from "../announce";
import { toast } from "../toasts";
import { say } from "../words";

/** What is for this member: shown as a toast that leads there, and counted beside the inbox. */
type Notice = { text: string; number: string; place?: string; link?: string; count?: number; urgent?: boolean };
type Shown = { at: number; count: number; card: HTMLElement | null };

/** So many stand beside each other; what comes with them within so long is one toast with the count. */
const FEW = 3;
const BURST_MS = 10_000;
let recent: Shown[] = [];

const meta = (): DOMStringMap => document.querySelector<HTMLMetaElement>('meta[name="live"]')?.dataset ?? {};

export function show(notice: Notice): void {
  const place = notice.link ?? `${meta()["complaints"]}${notice.number}#${notice.place ?? ""}`;
  if (notice.urgent) {
    put(notice.text, place);
    return;
  }
  const now = Date.now();
  recent = recent.filter((each) => each.at > now - BURST_MS);
  const count = recent.reduce((sum, each) => sum + each.count, notice.count ?? 1);
  if (count <= FEW || !recent.length) {
    recent.push({ at: now, count: notice.count ?? 1, card: put(notice.text, place) });
    return;
  }
  for (const each of recent) each.card?.remove();
  recent = [{ at: now, count, card: put(say("newNotices", { n: String(count) }), `${meta()["inbox"]}?show=unseen`) }];
}

function put(text: string, place: string): HTMLElement | null {
  const card = toast("info", text, place);
  card?.setAttribute("aria-live", "off"); // the one voice says it, in its own time
  announce(text);
  return card;
}

/** How much waits, where no stream says it. */
export async function ask(): Promise<void> {
  const inbox = meta()["inbox"];
  if (!inbox || document.hidden || !navigator.onLine) return;
  const answer = await fetch(inbox, { headers: { "X-Live": "inbox" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const told = (await answer.json().catch(() => null)) as { count: number } | null;
  if (told) count(told);
}

export function count({ count: waiting }: { count: number }): void {
  for (const item of document.querySelectorAll<HTMLAnchorElement>("a.nav-item, a.top-bell")) {
    if (item.getAttribute("href") !== meta()["inbox"]) continue;
    let figure = item.querySelector<HTMLElement>(".nav-count");
    if (!figure) item.append((figure = Object.assign(document.createElement("span"), { className: "nav-count figures" })));
    figure.hidden = waiting === 0;
    figure.textContent = waiting > 99 ? "99+" : String(waiting);
    figure.title = say("waitingForYou", { n: figure.textContent });
  }
}
