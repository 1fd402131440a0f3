// The list of candidates: ticking rows, and what can be done with those that are ticked. And what the page of one has
// too: menus, which close by Escape and by a click elsewhere, and tabs.
(() => {
  "use strict";
  const form = document.querySelector("[data-candidates]");

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // On a phone the tabs are wider than the window.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  const bulk = form?.querySelector("[data-bulk]");
  if (!bulk) return;
  const all = form.querySelector("[data-tick-all]");
  const ticks = [...form.querySelectorAll(".action-select")];
  const count = bulk.querySelector("[data-count]");
  const across = bulk.querySelector("[data-across]");
  const acrossSaid = bulk.querySelector("[data-across-said]");
  let last = null;

  function show({ isAcross = false } = {}) {
    const ticked = ticks.filter((tick) => tick.checked);
    const isWholePage = ticked.length === ticks.length;
    form.elements.select_across.value = isAcross ? "1" : "0";
    bulk.hidden = ticked.length === 0;
    count.textContent = isAcross ? "" : count.dataset.text.replace("#", ticked.length);
    if (across) {
      across.hidden = !isWholePage || isAcross;
      acrossSaid.hidden = !isAcross;
    }
    all.checked = isWholePage;
    all.indeterminate = ticked.length > 0 && !isWholePage;
    for (const tick of ticks) tick.closest("tr").classList.toggle("is-ticked", tick.checked);
  }

  all.addEventListener("change", () => { ticks.forEach((tick) => { tick.checked = all.checked; }); show(); });
  across?.addEventListener("click", () => show({ isAcross: true }));
  for (const tick of ticks) {
    tick.addEventListener("click", (event) => {
      const here = ticks.indexOf(tick);
      if (event.shiftKey && last !== null) {
        for (let row = Math.min(here, last); row <= Math.max(here, last); row++) ticks[row].checked = tick.checked;
      }
      last = here;
      show();
    });
  }
  // A page that comes back from the browser's memory has its ticks.
  window.addEventListener("pageshow", () => show());
  show();
})();
