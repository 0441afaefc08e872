// axe-core over the page, or over what `within` stands in: what is serious or critical, in words. Whatever was looked at
// before in this tab, with the same elements, classes, states and names under the same ancestors, is not looked at again.
async ([rules, within]) => {
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
  const root = within ? document.querySelector(within).closest("dialog, .menu-list, ul") : document;
  if (!within) {
    below(document.body);
    sort(document.body, mix(1, document.body.dataset.page ?? ""));
  }
  const wanted = axe._audit.rules
    .filter((rule) => rule.enabled && !rule.tags.includes("experimental") && !["minor", "moderate"].includes(rule.impact))
    .map((rule) => rule.id);
  const run = await axe.run(
    { include: [root], exclude: seen },
    { resultTypes: ["violations"], selectors: false, preload: false, runOnly: rules.length ? rules : wanted },
  );
  return run.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ""}`));
}
