// axe-core over the page, or over what `within` stands in, by every rule of WCAG 2.2 A and AA and of good practice: what
// is wrong, in words. Whatever was looked at before in this tab, with the same elements, classes, states and names under
// the same ancestors, is not looked at again; how the parts of a page stand to each other is, where that is new.
async (within) => {
  const TAGS = new Set(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const UNDECIDED = new Set(["label-content-name-mismatch"]); // wcag21a, though axe-core calls it an experiment
  const ALL_AT_ONCE = /^(landmark-|region$|heading-order$|page-has-heading-one$|duplicate-id|bypass$|skip-link$|accesskeys$)/;
  const TELLING = new Set(["class", "role", "type", "lang", "tabindex", "scope", "hidden", "open", "disabled", "colspan"]);
  const mix = (sum, text) => {
    for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
    return sum;
  };
  const isNamed = (element) =>
    (element.labels?.length ?? 0) > 0 ||
    (element.getAttribute("aria-labelledby") ?? "").split(" ").some((id) => id && document.getElementById(id)?.textContent.trim());
  const own = (element) => {
    let sum = mix(0x811c9dc5, element.localName);
    for (const { name, value } of element.attributes) {
      const isState = /^(aria|data)-/.test(name) && /^[a-z-]{0,16}$/.test(value);
      sum = mix(mix(sum, name), TELLING.has(name) || isState ? value : value.trim() ? "+" : "-");
    }
    for (const child of element.childNodes) if (child.nodeType === 3 && child.data.trim()) sum = mix(sum, "words");
    return element.localName.length < 9 && isNamed(element) ? mix(sum, "named") : sum;
  };
  const sums = new Map(), sizes = new Map();
  const below = (element) => {
    let sum = own(element), size = 1;
    sums.set(element, [sum, 0]);
    for (const child of element.children) {
      const [more, count] = below(child);
      sum = mix(sum, String(more));
      size += count;
    }
    sums.get(element)[1] = sum;
    sizes.set(element, size);
    return [sum, size];
  };
  const seen = [];
  const sort = (element, path) => {
    for (const child of element.children) {
      const [alone, whole] = sums.get(child);
      const key = `axe:${mix(path, String(whole))}`;
      if (sizes.get(child) > 2 && sessionStorage.getItem(key)) seen.push(child);
      else {
        sessionStorage.setItem(key, "1");
        sort(child, mix(path, String(alone)));
      }
    }
  };
  const isNew = (key) => !sessionStorage.getItem(key) && (sessionStorage.setItem(key, "1"), true);
  const skeleton = () => {
    const parts = document.querySelectorAll("main, nav, header, footer, aside, section, form, h1, h2, h3, h4, h5, h6, [role], [accesskey]");
    const said = [...parts].map((each) => {
      const named = each.getAttribute("aria-label") ?? document.getElementById(each.getAttribute("aria-labelledby") ?? "")?.textContent.trim();
      return [each.localName, each.getAttribute("role"), each.ariaLevel, named, each.checkVisibility(), each.parentElement.closest("main, nav, aside, article, section, dialog")?.localName].join();
    });
    const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
    return mix(3, [...new Set(said), ...ids.filter((each, at) => ids.indexOf(each) !== at)].join("|"));
  };
  const wanted = axe._audit.rules
    .filter((rule) => UNDECIDED.has(rule.id) || (!/experimental|deprecated/.test(rule.tags) && rule.tags.some((tag) => TAGS.has(tag))))
    .map((rule) => rule.id);
  const run = async (context, rules) => {
    const made = await axe.run(context, { resultTypes: ["violations"], selectors: false, preload: false, runOnly: rules });
    return made.violations.flatMap((each) =>
      each.nodes.map((node) => `${each.id} (${each.impact}): ${node.html.slice(0, 200)} ${[...node.any, ...node.all, ...node.none][0]?.message ?? ""}`),
    );
  };
  if (within) return run(document.querySelector(within).closest("dialog, .menu-list, ul"), wanted);
  below(document.body);
  sort(document.body, mix(1, document.body.dataset.page ?? ""));
  const found = await run({ include: [document], exclude: seen }, wanted.filter((rule) => !ALL_AT_ONCE.test(rule)));
  if (isNew(`axe:${skeleton()}`)) found.push(...(await run(document, wanted.filter((rule) => ALL_AT_ONCE.test(rule)))));
  return found;
}
