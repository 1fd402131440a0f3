// The order of the stages on the page of a pipeline: besides dragging, a button up and a button down in every row. The
// numbers that are sent follow the rows; without scripts they are written by hand.
(() => {
  "use strict";
  const PLACE = "input[name$=-index]";

  function setUp(table, words) {
    const rows = () => [...table.querySelectorAll("tbody.form-group:not(.empty-form)")];
    const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    said.setAttribute("role", "status");
    table.after(said);

    function nameOf(row) {
      return row.querySelector("input[name$=-name]")?.value || words.unnamed;
    }

    function move(row, step) {
      const all = rows();
      const other = all[all.indexOf(row) + step];
      if (!other) return;
      step < 0 ? other.before(row) : other.after(row);
      const place = rows().indexOf(row) + 1;
      said.textContent = words.moved.replace("%name%", nameOf(row)).replace("%place%", place).replace("%all%", all.length);
      label();
    }

    function button(row, step, sign) {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", textContent: sign });
      made.dataset.step = step;
      made.addEventListener("click", () => {
        move(row, step);
        const still = made.disabled ? row.querySelector(`[data-step="${-step}"]`) : made;
        still.focus();
      });
      return made;
    }

    function addButtons(row) {
      const input = row.querySelector(PLACE);
      if (!input || row.querySelector(".stage-moves")) return;
      const moves = Object.assign(document.createElement("span"), { className: "stage-moves" });
      moves.append(button(row, -1, "↑"), button(row, 1, "↓"));
      const number = input.parentElement;
      number.classList.add("stage-number");
      number.before(moves);
    }

    function label() {
      const all = rows();
      all.forEach((row, at) => {
        for (const each of row.querySelectorAll("[data-step]")) {
          const isUp = each.dataset.step === "-1";
          each.disabled = isUp ? at === 0 : at === all.length - 1;
          each.setAttribute("aria-label", (isUp ? words.up : words.down).replace("%name%", nameOf(row)));
        }
      });
    }

    // The numbers that are there are given out anew in the order of the rows, so a table that nobody moved says the same.
    function number() {
      const inputs = rows().map((row) => row.querySelector(PLACE)).filter(Boolean);
      const known = inputs.map((input) => input.defaultValue).filter((value) => value !== "").map(Number);
      const places = [...new Set(known)].sort((a, b) => a - b);
      while (places.length < inputs.length) places.push(places.length ? places[places.length - 1] + 1 : 0);
      inputs.forEach((input, at) => { input.value = isLeftEmpty(input) ? "" : places[at]; });
    }

    function isLeftEmpty(input) {
      const row = input.closest("tbody");
      return !row.classList.contains("original") && !nameTyped(row);
    }

    function nameTyped(row) {
      return [...row.querySelectorAll("input[name$=-name], textarea")].some((field) => field.value.trim());
    }

    rows().forEach(addButtons);
    label();
    table.closest("form").addEventListener("submit", number);
    table.addEventListener("input", label);
    document.addEventListener("formset:added", (event) => {
      if (!table.contains(event.target)) return;
      addButtons(event.target.closest("tbody"));
      label();
    });
    new MutationObserver(label).observe(table, { childList: true });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const table = document.getElementById("stages-data");
    const words = document.getElementById("stage-words")?.dataset;
    if (table && words) setUp(table, words);
  });
})();
