// The board: cards are moved by dragging, by keys and by a menu; what others do comes by asking every few seconds.
(() => {
  "use strict";
  const board = document.getElementById("board");
  const menu = document.getElementById("board-menu");
  const live = document.getElementById("board-live");
  const ASK_EVERY = 3000, ASK_AT_LEAST_EVERY = 30000;

  const columns = () => [...board.querySelectorAll(".board-column")];
  const columnOf = (status) => board.querySelector(`.board-column[data-status="${status}"]`);
  const listOf = (status) => columnOf(status).querySelector(".board-list");
  const cardsOf = (list) => [...list.querySelectorAll(".board-card")];
  const cardOf = (id) => document.getElementById("board").querySelector(`.board-card[data-id="${id}"]`);
  const labelOf = (status) => columnOf(status).dataset.label;
  const said = (text, names) => text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  const mayMove = (card, status) => card.dataset.moves.split(" ").includes(status);

  // One card is in the order of tabs: the one that was chosen last.
  let chosen = null;
  function choose(card, { focus = true } = {}) {
    for (const each of [chosen, card]) {
      each?.setAttribute("tabindex", each === card ? "0" : "-1");
      each?.querySelectorAll("a, button").forEach((part) => part.setAttribute("tabindex", each === card ? "0" : "-1"));
    }
    chosen = card;
    if (focus) card?.focus({ preventScroll: true });
    if (focus) card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function settle(within = board) {
    within.querySelectorAll(".board-card :is(a, button)").forEach((part) => part.setAttribute("tabindex", "-1"));
    choose(chosen?.isConnected ? chosen : board.querySelector(".board-card"), { focus: false });
  }

  // Numbers. What was not counted to the end ("1,000+") stays as it is until the server says.
  const plain = (text) => (/\+$/.test(text) ? NaN : Number(text.replace(/\D/g, "")));
  function number(status, text) { columnOf(status).querySelector(".board-number").textContent = text; }
  function count(status, more) {
    const shown = plain(columnOf(status).querySelector(".board-number").textContent);
    if (!Number.isNaN(shown)) number(status, new Intl.NumberFormat(document.documentElement.lang).format(shown + more));
  }

  // Puts a card where it belongs: the newest first. Not below the last that is shown while there are more: it comes then.
  function place(card) {
    const list = listOf(card.dataset.status);
    const next = cardsOf(list).find((other) => other !== card && other.dataset.place < card.dataset.place);
    const more = list.querySelector(".board-more");
    if (!next && more) return false;
    list.insertBefore(card, next || null);
    return true;
  }

  function parsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  }

  // How candidates stand now. Returns the cards that came or moved, each with the status before.
  function apply(answer) {
    const moved = [];
    for (const { id, html } of answer.cards || []) {
      const before = cardOf(id), card = parsed(html);
      const { status, version } = card.dataset;
      if (before?.dataset.version === version && before.parentNode === listOf(status)) continue;
      const hadFocus = before?.contains(document.activeElement), wasChosen = before === chosen;
      const from = before?.dataset.status;
      before?.remove();
      if (!place(card)) continue;
      settle(card);
      if (wasChosen) choose(card, { focus: hadFocus });
      if (from !== status) moved.push({ card, from });
    }
    for (const id of answer.gone || []) {
      const card = cardOf(id);
      const next = card?.contains(document.activeElement) && (card.nextElementSibling || card.previousElementSibling);
      card?.remove();
      if (next?.matches?.(".board-card")) choose(next);
    }
    for (const [status, text] of Object.entries(answer.numbers || {})) number(status, text);
    settle();
    return moved;
  }

  // Moves.
  const address = (path) => path + location.search;

  async function move(card, status, { home = { list: card.parentNode, next: card.nextSibling }, ...more } = {}) {
    const { id, name, status: from } = card.dataset;
    const back = () => {
      home.list.insertBefore(card, home.next?.parentNode === home.list ? home.next : home.list.firstChild);
      card.classList.add("is-back");
      card.addEventListener("animationend", () => card.classList.remove("is-back"), { once: true });
    };
    if (status === from) return back();
    if (!mayMove(card, status)) {
      back();
      return office.say(said(board.dataset.forbidden, { status: labelOf(status) }), { isWrong: true });
    }
    if (!more.isUndo && board.dataset.asks.split(" ").includes(status) && from !== "HIRED") {
      listOf(status).prepend(card);
      const answer = await ask(status, name);
      if (!answer) { back(); return card.focus(); }
      Object.assign(more, answer);
    }
    const hadFocus = card.contains(document.activeElement) || document.activeElement === document.body;
    listOf(status).prepend(card);
    if (hadFocus) choose(card);
    card.setAttribute("aria-busy", "true");
    count(from, -1);
    count(status, 1);
    const { note = "", started_work_on = "" } = more;
    const { ok, status: code, answer } = await office.post(address(board.dataset.move), { candidate: id, status, seen: from, note, started_work_on });
    card.removeAttribute("aria-busy");
    if (!ok) {
      back();
      count(from, 1);
      count(status, -1);
      if (hadFocus) choose(card);
    }
    if (answer?.cards) apply(answer);
    if (code === 404) { apply({ gone: [id] }); count(from, -1); }
    tell({ ok, code, answer, id, name, status, from });
  }

  function tell({ ok, code, answer, id, name, status, from }) {
    if (ok) {
      const undo = { label: board.dataset.undo, act: () => undone(id, from) };
      office.say(answer.message, { actions: status === "HIRED" || !cardOf(id) ? [] : [undo] });
    } else if (answer?.message) office.say(answer.message, { isWrong: true });
    else if (code === 403) office.say(said(board.dataset.forbidden, { status: labelOf(status) }), { isWrong: true });
    else if (code === 404) office.say(said(board.dataset.missing, { name }), { isWrong: true });
    else if (code && code !== 401) office.say(document.getElementById("office-toasts").dataset.failed, { isWrong: true });
  }

  function undone(id, status) {
    const card = cardOf(id);
    if (card) move(card, status, { isUndo: true });
  }

  // Asks before what can't be undone, or should be said why. Resolves to what was filled in, or null.
  function ask(status, name) {
    const dialog = document.getElementById(`board-${status.toLowerCase()}-dialog`);
    const form = dialog.querySelector("form");
    form.reset();
    dialog.querySelectorAll("[data-says]").forEach((part) => { part.textContent = said(part.dataset.says, { name }); });
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "move" ? Object.fromEntries(new FormData(form)) : null);
    }, { once: true }));
  }

  // Dragging, as the library tells of it.
  let dragged = null;
  board.addEventListener("start", ({ item }) => {
    dragged = { list: item.parentNode, next: item.nextSibling };
    board.classList.add("is-dragging");
    for (const column of columns()) {
      column.classList.toggle("is-origin", column.contains(item));
      column.classList.toggle("is-target", !column.contains(item) && mayMove(item, column.dataset.status));
    }
  });
  board.addEventListener("end", ({ item, to }) => {
    const home = dragged;
    dragged = null;
    board.classList.remove("is-dragging");
    columns().forEach((column) => column.classList.remove("is-target", "is-origin"));
    if (to !== home.list) move(item, to.closest(".board-column").dataset.status, { home });
  });

  // The menu of a card.
  let opened = null;
  function open(card) {
    if (!card?.dataset.moves) return;
    opened = card;
    const items = [...menu.querySelectorAll("[role=menuitem]")];
    for (const item of items) item.hidden = item.dataset.status === card.dataset.status || !mayMove(card, item.dataset.status);
    menu.showPopover();
    const { right, bottom } = (card.querySelector(".board-opener") || card).getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(right, innerWidth - 8) - menu.offsetWidth)}px`;
    menu.style.top = `${Math.max(8, Math.min(bottom, innerHeight - menu.offsetHeight - 8))}px`;
    items.find((item) => !item.hidden)?.focus();
  }
  menu.addEventListener("click", ({ target }) => {
    const item = target.closest("[role=menuitem]"), card = opened;
    if (!item) return;
    menu.hidePopover();
    choose(card);
    move(card, item.dataset.status);
  });
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("[role=menuitem]:not([hidden])")], at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); items[to % items.length].focus(); }
    if (event.key === "Tab" || event.key === "Escape") { event.preventDefault(); menu.hidePopover(); opened.focus(); }
  });

  board.addEventListener("click", ({ target }) => {
    const card = target.closest(".board-card");
    if (!card) return;
    choose(card, { focus: !target.closest("a, button") });
    if (target.closest(".board-opener")) open(card);
  });
  board.addEventListener("focusin", ({ target }) => {
    const card = target.closest(".board-card");
    if (card && card !== chosen) choose(card, { focus: false });
  });

  // Arrows choose, M moves, Enter opens.
  function beside(card, step) {
    const lists = columns().map((column) => cardsOf(column));
    const at = lists.findIndex((cards) => cards.includes(card));
    const top = card.getBoundingClientRect().top;
    for (let to = at + step; lists[to]; to += step) {
      const near = (each) => Math.abs(each.getBoundingClientRect().top - top);
      if (lists[to].length) return lists[to].reduce((best, each) => (near(each) < near(best) ? each : best));
    }
    return null;
  }
  function neighbour(card, key) {
    const cards = cardsOf(card.parentNode), at = cards.indexOf(card);
    if (key === "ArrowDown" && at === cards.length - 1) card.nextElementSibling?.scrollIntoView({ block: "nearest" });
    return {
      ArrowDown: () => cards[at + 1], ArrowUp: () => cards[at - 1], Home: () => cards[0], End: () => cards.at(-1),
      ArrowLeft: () => beside(card, -1), ArrowRight: () => beside(card, 1),
    }[key]?.();
  }
  board.addEventListener("keydown", (event) => {
    const card = event.target.closest(".board-card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(Arrow|Home$|End$)/.test(event.key)) {
      event.preventDefault();
      const to = neighbour(card, event.key);
      if (to) choose(to);
    } else if (event.key.toLowerCase() === "m") {
      event.preventDefault();
      open(card);
    } else if (event.key === "Enter" && event.target === card) card.querySelector("a").click();
  });

  // What others do.
  let wait = ASK_EVERY, timer = 0, seen = board.dataset.seen;
  async function news() {
    const url = new URL(address(board.dataset.news), location);
    url.searchParams.set("seen", seen);
    const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
    // Signed out: the sign-in page answers. The next move says so.
    if (response.redirected || response.status === 403) return false;
    if (response.status === 204) return true;
    const answer = await response.json();
    seen = answer.seen;
    if (answer.isTooMuch) return renew();
    const moved = apply(answer);
    for (const { card } of moved) card.classList.add("is-new");
    live.textContent = moved.slice(0, 3).map(({ card, from }) => said(from ? board.dataset.moved : board.dataset.came, {
      name: card.dataset.name, status: labelOf(card.dataset.status),
    })).join(" ");
    return true;
  }
  async function renew() {
    const page = await (await fetch(location, { credentials: "same-origin" })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("board");
    if (!fresh) return false;
    for (const column of columns()) {
      const { status } = column.dataset, from = fresh.querySelector(`.board-column[data-status="${status}"]`);
      column.querySelector(".board-list").replaceChildren(...from.querySelector(".board-list").childNodes);
      column.querySelector(".board-number").textContent = from.querySelector(".board-number").textContent;
      htmx.process(column);
    }
    seen = fresh.dataset.seen;
    settle();
    return true;
  }
  const isBusy = () => dragged || document.hidden || menu.matches(":popover-open") || board.querySelector("[aria-busy]")
    || document.querySelector(".board-dialog[open]");
  async function listen() {
    clearTimeout(timer);
    let goesOn = true;
    try {
      if (!isBusy()) goesOn = await news();
      wait = ASK_EVERY;
    } catch {
      wait = Math.min(wait * 2, ASK_AT_LEAST_EVERY);
    }
    if (goesOn) timer = setTimeout(listen, wait);
  }
  document.addEventListener("visibilitychange", () => document.hidden || listen());

  board.addEventListener("htmx:afterSettle", () => settle());
  settle();
  timer = setTimeout(listen, ASK_EVERY);
})();
