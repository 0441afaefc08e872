/** A complaint that will be wanted in a moment is asked for already: while the button goes down, or while one who goes by
 *  key rests on its row. Kept in this page's memory alone, for one showing, and no longer than a few seconds. */
const FRESH_MS = 10_000;

let ahead: { url: string; at: number; text: Promise<string> } | undefined;

const isFresh = (kept: { at: number }): boolean => performance.now() - kept.at < FRESH_MS;

/** The page without its frame. Rejects where it may not be seen, or somebody has to sign in. */
export async function fetched(url: string, signal?: AbortSignal): Promise<string> {
  const answer = await fetch(url, { headers: { "X-Pane": "1" }, signal: signal ?? null });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}

export function fetchAhead(url: string): void {
  if (ahead?.url === url && isFresh(ahead)) return;
  const text = fetched(url);
  const coming = { url, at: performance.now(), text };
  ahead = coming;
  text.catch(() => ahead === coming && (ahead = undefined));
}

/** What was asked for ahead, once. */
export function taken(url: string): Promise<string> | undefined {
  const kept = ahead?.url === url && isFresh(ahead) ? ahead.text : undefined;
  ahead = undefined;
  return kept;
}
