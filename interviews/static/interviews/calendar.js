// The calendar of interviews: shows, schedules, moves. Words and addresses come from the page.
(() => {
  "use strict";
  const root = document.getElementById("calendar");
  const words = root.dataset;
  const byId = (id) => document.getElementById(id);
  const who = byId("who");
  const asked = new URLSearchParams(location.search);
  const isPhone = matchMedia("(max-width: 640px)").matches;
  const views = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay", list: "listWeek" };
  const nameOf = (type) => Object.keys(views).find((name) => views[name] === type);

  // The calendar knows one zone, the viewer's, by its clock: `2026-03-29T10:00:00`.
  const now = () => new Intl.DateTimeFormat("sv-SE", { timeZone: words.zone, dateStyle: "short", timeStyle: "medium" }).format(new Date()).replace(" ", "T");

  const calendar = new FullCalendar.Calendar(root, {
    timeZone: words.zone,
    now,
    locale: words.language === "de" ? "de" : "en",
    firstDay: 1,
    initialView: views[asked.get("view")] || (isPhone ? "listWeek" : "timeGridWeek"),
    initialDate: /^\d{4}-\d{2}-\d{2}$/.test(asked.get("date")) ? asked.get("date") : now(),
    headerToolbar: isPhone
      ? { start: "prev,next", center: "title", end: "today" }
      : { start: "prev,next today", center: "title", end: "dayGridMonth,timeGridWeek,timeGridDay,listWeek" },
    footerToolbar: isPhone ? { center: "listWeek,timeGridDay,dayGridMonth" } : false,
    height: isPhone ? "auto" : "calc(100dvh - 216px)",
    allDaySlot: false,
    nowIndicator: true,
    navLinks: true,
    dayMaxEvents: true,
    scrollTime: "08:00:00",
    slotDuration: "00:30:00",
    snapDuration: "00:15:00",
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventDisplay: "block",
    eventResizableFromStart: true,
    longPressDelay: 400,
    selectable: Boolean(words.add),
    selectMirror: true,
    select: ({ start, end, startStr, allDay }) => {
      const begins = allDay ? `${startStr}T09:00` : startStr;
      schedule(begins, allDay ? 60 : (end - start) / 60000);
    },
    events: load,
    eventContent,
    eventDidMount: ({ el, event, timeText }) => {
      const { subject, interviewers } = event.extendedProps;
      const names = interviewers.map(({ name }) => name).join(", ");
      el.title = [timeText, event.title, subject, names && `${words.with} ${names}`].filter(Boolean).join(" · ");
    },
    eventDrop: ({ event, revert }) => move(event, { start: event.startStr }, revert),
    eventResize: ({ event, revert }) => move(event, { start: event.startStr, end: event.endStr }, revert),
    datesSet: ({ view }) => {
      asked.set("view", nameOf(view.type));
      asked.set("date", calendar.formatIso(calendar.getDate(), true));
      for (const name of ["view", "date"]) who.elements[name].value = asked.get(name);
      history.replaceState(null, "", `?${asked}`);
    },
  });

  async function load({ startStr, endStr }, show, fail) {
    const question = new URLSearchParams({ start: startStr, end: endStr });
    for (const name of ["interviewer", "candidate"]) if (who.elements[name].value) question.set(name, who.elements[name].value);
    try {
      const response = await fetch(`${words.feed}?${question}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(response.status);
      const { events, more } = await response.json();
      if (more) office.say(words.more);
      explain(events);
      show(events);
    } catch (error) {
      office.say(words.failed, { isWrong: true });
      fail(error);
    }
  }

  function element(tag, className, text) {
    return Object.assign(document.createElement(tag), { className, textContent: text ?? "" });
  }

  function eventContent({ event, timeText, view }) {
    const { subject, interviewers } = event.extendedProps;
    if (!interviewers) return true;
    const box = element("div", "meeting");
    if (!view.type.startsWith("list")) box.append(element("span", "meeting-time", timeText));
    box.append(element("strong", "", event.title), element("span", "meeting-subject", subject));
    const people = element("span", "meeting-people");
    for (const { name, colour } of interviewers) people.append(element("span", `person who-${colour}`, name));
    box.append(people);
    return { domNodes: [box] };
  }

  function explain(events) {
    const seen = new Map(events.flatMap((event) => event.interviewers).map(({ name, colour }) => [name, colour]));
    byId("legend").replaceChildren(...[...seen].sort().map(([name, colour]) => {
      const item = element("li", "");
      item.append(element("span", `person who-${colour}`, name));
      return item;
    }));
  }

  function schedule(start, minutes) {
    const form = new URLSearchParams({ start, length: minutes });
    if (who.elements.candidate.value) form.set("candidate", who.elements.candidate.value);
    if (who.elements.interviewer.value) form.set("interviewers", who.elements.interviewer.value);
    location.assign(`${words.add}?${form}`);
  }

  const before = ({ extendedProps: { from, to } }) => ({ start: from, end: to });

  // Where it was (`was`) is where "Undo" puts it.
  async function move(event, times, back = () => {}, was = before(event)) {
    hideRefusal();
    const { ok, status, answer } = await office.post(event.extendedProps.move, times);
    if (ok) {
      const { message, ...is } = answer;
      calendar.refetchEvents();
      office.say(message, { actions: [{ label: words.undo, act: () => move(event, was, undefined, is) }] });
      return;
    }
    back();
    if (status === 403) office.say(words.forbidden, { isWrong: true });
    else if (answer) refuse(event, answer);
    else if (status >= 400 && status !== 401) office.say(words.failed, { isWrong: true });
  }

  function refuse(event, { message, slots = [] }) {
    byId("refusal-why").textContent = message;
    byId("refusal-offer").hidden = !slots.length;
    byId("refusal-slots").replaceChildren(...slots.map(({ start, end, label }) => {
      const button = Object.assign(element("button", "button", label), { type: "button" });
      button.addEventListener("click", () => move(event, { start, end }));
      return button;
    }));
    byId("refusal").hidden = false;
    (byId("refusal-slots").firstElementChild || byId("refusal-leave")).focus();
  }

  function hideRefusal() { byId("refusal").hidden = true; }

  byId("refusal-leave").addEventListener("click", hideRefusal);
  byId("refusal").addEventListener("keydown", ({ key }) => key === "Escape" && hideRefusal());
  // The choices by typing tell of a change through jQuery only.
  django.jQuery(who).on("change", "select", () => who.requestSubmit());
  // The arrows on the buttons are pictures without words; the buttons have theirs.
  const hush = () => root.querySelectorAll(".fc-icon").forEach((icon) => { icon.removeAttribute("role"); icon.setAttribute("aria-hidden", "true"); });
  new MutationObserver(hush).observe(root, { childList: true, subtree: true });
  calendar.render();
  hush();
})();
