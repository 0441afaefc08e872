import { announce } from "../announce";
import { toast } from "../toasts";
import { say } from "../words";

/** What is for this member: shown as a toast that leads there, and counted beside the inbox. */
type Notice = { text: string; number: string; place?: string; link?: string };

const meta = (): DOMStringMap => document.querySelector<HTMLMetaElement>('meta[name="live"]')?.dataset ?? {};

export function show(notice: Notice): void {
  const card = toast("info", notice.text, notice.link ?? `${meta()["complaints"]}${notice.number}#${notice.place ?? ""}`);
  card?.setAttribute("aria-live", "off"); // the one voice says it, in its own time
  announce(notice.text);
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
