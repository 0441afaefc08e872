// The configuration site's widgets come without names: a box that scrolls, and the list that is searched for a row.
(() => {
  const NAMES = { zh: { menu: "导航", rows: "列表", more: "更多内容" }, en: { menu: "Navigation", rows: "List", more: "More" } };

  // Registered before SimpleBar's own, which reads the name when it makes the box.
  document.addEventListener("DOMContentLoaded", () => {
    const names = NAMES[document.documentElement.lang.slice(0, 2)] ?? NAMES.en;
    let others = 0;
    for (const box of document.querySelectorAll("[data-simplebar]:not([data-simplebar-aria-label])")) {
      const kind = box.closest("#nav-sidebar") ? "menu" : box.querySelector("#result_list") ? "rows" : "more";
      box.dataset.simplebarAriaLabel = kind === "more" && others++ ? `${names.more} ${others}` : names[kind];
    }
    name(document.body);
    new MutationObserver(() => name(document.body)).observe(document.body, { childList: true, subtree: true });
  });

  function name(within) {
    for (const chosen of within.querySelectorAll(".select2-selection:not([data-named])")) {
      const select = chosen.closest(".select2-container")?.previousElementSibling;
      const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      if (!label) continue;
      label.id ||= `label-${select.id}`;
      const said = chosen.querySelector(".select2-selection__rendered");
      chosen.setAttribute("aria-labelledby", said?.id ? `${label.id} ${said.id}` : label.id);
      if (said?.getAttribute("role") === "textbox") said.setAttribute("aria-labelledby", label.id);
      chosen.dataset.named = "";
    }
  }
})();
