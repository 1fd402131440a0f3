// The words and stars of a feedback are kept in this browser until they are sent.
(() => {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = form.dataset.draft;
  const state = form.querySelector("[data-draft-state]");
  const discard = form.querySelector("[data-draft-discard]");
  const stars = form.querySelector("[data-stars]");
  const names = ["rating", "status", "description"];

  // A browser that keeps nothing (a private window, a full disk) goes without drafts.
  const kept = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };
  const clock = (moment) => new Date(moment).toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hour12: false });

  function say(words, moment) {
    state.textContent = words ? `${words} ${clock(moment)}` : "";
    discard.hidden = !words;
  }

  function told() {
    const chosen = form.elements.rating.value;
    stars.textContent = chosen && form.querySelector(`[name=rating][value="${chosen}"]`).closest("label").title;
  }

  function keep() {
    const draft = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const at = Date.now();
    try { localStorage.setItem(key, JSON.stringify({ ...draft, at })); } catch { return; }
    say(form.dataset.saved, at);
  }

  if (location.hash === "#given") {
    forget();
    history.replaceState(null, "", location.pathname + location.search);
  }
  const draft = kept();
  if (draft && !form.dataset.isSent) {
    for (const name of names) form.elements[name].value = draft[name] ?? "";
    say(form.dataset.restored, draft.at);
  }
  told();

  let waiting;
  form.addEventListener("input", () => {
    told();
    clearTimeout(waiting);
    waiting = setTimeout(keep, 300);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
  discard.addEventListener("click", () => {
    clearTimeout(waiting);
    forget();
    form.reset();
    told();
    say("");
  });
})();
