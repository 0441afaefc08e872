/** Keep what one reads, or the field one types in, where it is on the screen while other parts change their height. */
export function hold(): () => void {
  const top = document.querySelector(".shell-top")?.getBoundingClientRect().bottom ?? 0;
  const isThere = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.top >= top && box.top < innerHeight;
  };
  const typed = document.activeElement?.matches("input, textarea, select") ? document.activeElement : null;
  const anchor =
    typed && isThere(typed) ? typed : [...document.querySelectorAll("#main [id]:not([id^='live-'])")].find(isThere);
  if (!anchor || scrollY === 0) return () => undefined;
  const before = anchor.getBoundingClientRect().top;
  const root = document.documentElement;
  root.style.setProperty("overflow-anchor", "none"); // the browser's own care would be added to ours
  const mend = (): void => {
    const now = anchor.isConnected ? anchor : document.getElementById(anchor.id);
    if (now) scrollBy({ top: now.getBoundingClientRect().top - before, behavior: "instant" });
  };
  return () => {
    mend();
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        mend();
        root.style.removeProperty("overflow-anchor");
      }),
    );
  };
}
