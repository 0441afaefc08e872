// What a page says in its own words, and how it is built. Evaluated in the page; returns what the test judges.
() => {
  const shown = ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt",
    "data-confirm", "data-confirm-title", "data-confirm-ok", "data-key-label", "label"];
  const page = document.documentElement.lang.slice(0, 2);
  const isOurs = (element) => {
    if (!element || element.closest("script, style, noscript, code, kbd, samp, pre, textarea, [translate=no]")) return false;
    return element.closest("[lang]").lang.slice(0, 2) === page;
  };
  const said = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.data.trim();
    if (words && isOurs(walker.currentNode.parentElement)) said.add(words);
  }
  for (const name of shown) {
    for (const element of document.querySelectorAll(`[${name}]`)) if (isOurs(element)) said.add(element.getAttribute(name));
  }
  for (const element of document.querySelectorAll("input[type=submit], input[type=button]")) if (isOurs(element)) said.add(element.value);
  const main = document.querySelector("#main");
  return {
    said: [...said],
    title: document.title,
    lang: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    skips: !!document.querySelector(".skip-link[href='#main']") && !!main,
  };
}
