// What every page of the back office needs: the browser's time zone for the server, CSRF for HTMX, and `office`:
// sending to the server and saying what came of it.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; SameSite=Lax`;

  const cookie = (name) => document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || cookie("csrftoken") || "";

  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) signedOut();
    else say(words("failed"), { isWrong: true });
  });
  document.addEventListener("htmx:sendError", () => say(words("unreachable"), { isWrong: true }));

  // Its texts are on the element that the server writes, in the viewer's language.
  const words = (name) => document.getElementById("office-toasts")?.dataset[name] || "";

  function say(text, { isWrong = false, actions = [], seconds = isWrong || actions.length ? 20 : 6 } = {}) {
    const toasts = document.getElementById("office-toasts");
    const toast = document.createElement("div");
    toast.className = isWrong ? "toast toast-wrong" : "toast";
    toast.append(Object.assign(document.createElement("p"), { textContent: text }));
    for (const { label, act } of actions) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
      button.addEventListener("click", () => { toast.remove(); act(); });
      toast.append(button);
    }
    const close = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", textContent: "×" });
    close.setAttribute("aria-label", words("close"));
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    toasts.append(toast);
    setTimeout(() => toast.matches(":hover, :focus-within") || toast.remove(), seconds * 1000);
    return toast;
  }

  function signedOut() {
    say(words("signedOut"), {
      isWrong: true, seconds: 600,
      actions: [{ label: words("signIn"), act: () => window.open(words("door"), "_blank") }],
    });
  }

  // Posts an object as a form, or FormData. Resolves to { ok, status, answer }: the answer is the parsed JSON, if it is
  // JSON. Network failures and an ended session are told here and resolve to ok: false.
  async function post(url, body = {}) {
    let form = body;
    if (!(body instanceof FormData)) {
      form = new FormData();
      for (const [name, value] of Object.entries(body)) for (const each of [value].flat()) form.append(name, each);
    }
    let response;
    try {
      response = await fetch(url, {
        method: "POST", body: form, credentials: "same-origin",
        headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
      });
    } catch {
      say(words("unreachable"), { isWrong: true });
      return { ok: false, status: 0, answer: null };
    }
    if (response.status === 401) signedOut();
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    return { ok: response.ok, status: response.status, answer: isJson ? await response.json() : null };
  }

  window.office = { post, say, zone };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends-itself]")) event.target.form.requestSubmit();
  });
  // Unfold asks only once whether the computer is set to dark.
  document.addEventListener("alpine:initialized", () => {
    const root = document.documentElement;
    const page = window.Alpine.$data(root);
    const night = matchMedia("(prefers-color-scheme: dark)");
    const look = () => root.classList.toggle("dark", page.adminTheme === "dark" || (page.adminTheme === "auto" && night.matches));
    window.Alpine.effect(look);
    night.addEventListener("change", look);
  });

  // Select2 builds a field of its own beside each choice by typing, and gives it neither the name of the choice nor
  // roles that belong together.
  function nameChoice(field) {
    const choice = field.closest(".select2-container").previousElementSibling;
    const shown = field.querySelector(".select2-selection__rendered");
    const label = choice.labels[0];
    if (label) label.id ||= `${choice.id}-label`;
    const names = { "aria-labelledby": label && `${label.id} ${shown.id}`.trim(), "aria-label": choice.getAttribute("aria-label") };
    for (const part of [field, field.querySelector(".select2-search__field")].filter(Boolean)) {
      part.removeAttribute("aria-labelledby");
      for (const [attribute, name] of Object.entries(names)) if (name) part.setAttribute(attribute, name);
    }
    shown.removeAttribute("aria-readonly");
    shown.setAttribute("role", "presentation");
  }
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node instanceof Element);
    for (const node of added) for (const field of node.querySelectorAll(".select2-container .select2-selection")) nameChoice(field);
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.documentElement.classList.add("has-script");
})();
