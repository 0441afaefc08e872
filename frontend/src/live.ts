import { toast } from "./toasts";
import { say } from "./words";

/** A page that names a stream (`<meta name="live">`) is told when somebody else changes what it shows. */
export function start(): void {
  const address = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content;
  if (!address) return;
  const stream = new EventSource(address, { withCredentials: true });
  stream.addEventListener("changed", (event) => {
    const { by } = JSON.parse(event.data as string) as { by: number | null };
    if (String(by) !== document.documentElement.dataset["member"]) toast("warning", say("conflict"));
  });
  addEventListener("pagehide", () => stream.close());
}
