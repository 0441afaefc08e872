/** What a script does to the page as it stands, it does again to each part that comes later: into the queue's pane, into a
 *  form, from the live stream. `tend` must bear being called twice for the same element. */
export function tended(tend: (root: ParentNode) => void): void {
  tend(document);
  document.addEventListener("htmx:load", (event) => {
    const fresh = event.target as Element;
    if (fresh !== document.body) tend(fresh.parentElement ?? document);
  });
}
