import { toast } from "./toasts";
import { say } from "./words";

let stream: EventSource | undefined;

/** From now on this stream tells of changes, and no other; none where the address is empty. */
export function watch(address: string): void {
  stream?.close();
  stream = address ? new EventSource(address, { withCredentials: true }) : undefined;
  stream?.addEventListener("changed", (event) => {
    const { by } = JSON.parse(event.data as string) as { by: number | null };
    if (String(by) !== document.documentElement.dataset["member"]) toast("warning", say("conflict"));
  });
}

/** A page that names a stream (`<meta name="live">`) is told when somebody else changes what it shows. */
export function start(): void {
  watch(document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content ?? "");
  addEventListener("pagehide", () => stream?.close());
}
