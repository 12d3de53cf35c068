// The resource calendar, apart from the rest: only the pages that show one load it. Without it the list twin stands alone.
// Times are wall-clock words without an offset: the browser's own zone never moves a visit.
import { createCalendar, Interaction, ResourceTimeGrid } from "@event-calendar/core";
import { cardMenu } from "./cardmenu.js";
import { lettersAreOn, say, typing } from "./words.js";

const ICONS = { neutral: "ring", active: "half", done: "check", attention: "triangle", stop: "cross", hold: "bars" };
const STEP = 15 * 60_000;
const known = new WeakMap();
const CARRIED = "daysheet-carried";

function build(frame) {
  const { day, begins, ends, columns, cards, now } = frame.dataset;
  const mover = frame.querySelector("[data-calendar-move]");
  const place = frame.querySelector("[data-calendar-grid]");
  place.hidden = false;
  // Not on the frame: what has an id keeps its style over a swap, and the page allows no written-out style.
  const visits = JSON.parse(cards).filter((one) => !one.behind);
  place.style.setProperty("--cal-tracks", JSON.parse(columns).map(({ id }) => track(visits.filter((one) => one.column === id))).join(" "));
  const calendar = createCalendar(place, [ResourceTimeGrid, Interaction], {
    view: "resourceTimeGridDay",
    date: day,
    resources: JSON.parse(columns),
    events: [...JSON.parse(columns).flatMap((one) => outside(one, day)), ...JSON.parse(cards)].map(toEvent),
    headerToolbar: false,
    height: "auto",
    slotDuration: "00:15",
    slotHeight: 28,
    slotMinTime: begins,
    slotMaxTime: ends,
    allDaySlot: false,
    dayHeaderFormat: () => "",
    slotLabelFormat: (time) => `${clock(time)} ${time.getHours() < 12 ? "am" : "pm"}`,
    slotEventOverlap: false,
    nowIndicator: Math.abs(new Date(now) - Date.now()) < 120_000,
    editable: false,
    eventStartEditable: Boolean(mover),
    eventDragMinDistance: 8,
    eventContent: ({ event }) => ({ domNodes: [event.extendedProps.behind ? behind(event) : card(event)] }),
    eventClassNames: ({ event }) => [event.extendedProps.behind ? `behind-${event.extendedProps.tone}` : `card-${event.extendedProps.tone}`],
    eventDidMount: ({ el, event }) => {
      if (event.extendedProps.behind) return;
      el.dataset.card = event.id;
      el.setAttribute("aria-label", spoken(event, resourceName(calendar, event)));
    },
    eventClick: ({ event, jsEvent }) => !jsEvent.target.closest("a, button") && event.extendedProps.url && location.assign(event.extendedProps.url),
    eventDrop: ({ event, revert }) => hands?.drop(event, revert),
    dateClick: ({ date, resource }) => hands?.placeAt(date, resource?.id),
  });
  known.set(frame, calendar);
  twin(frame, place);
  const hands = mover ? carrier(frame, calendar) : null;
  if (!hands) return;
  cardMenu(frame, hands);
  tray(hands);
  takeFocus(frame, calendar);
}

// A column is as wide as its cards need that stand side by side, such as those without a room; an empty one makes room.
function track(cards) {
  const lanes = Math.max(0, ...cards.map((one) => cards.filter((each) => each.begins <= one.begins && one.begins < each.ends).length));
  return `minmax(${lanes ? Math.max(160, 124 * lanes) : 96}px, ${Math.max(1, lanes)}fr)`;
}

// The page that follows a move is a new one: the card that was put down has the focus again, by its place.
function takeFocus(frame, calendar) {
  const told = sessionStorage.getItem(CARRIED);
  if (!told) return;
  sessionStorage.removeItem(CARRIED);
  const place = JSON.parse(told);
  const moved = calendar.getEvents().find((each) => !each.extendedProps.behind && String(each.resourceIds[0]) === place.column && wall(each.start) === place.at);
  if (moved) setTimeout(() => frame.querySelector(`[data-card="${CSS.escape(moved.id)}"]`)?.focus(), 50);
}

// What lies behind the visits (kept time, who is away) is drawn and can be neither opened nor carried.
function toEvent({ id, column, begins, ends, ...rest }) {
  return { ...(rest.behind && { display: "background" }), id: String(id), resourceIds: [column], start: begins, end: ends, title: rest.name, startEditable: rest.fixed ? false : undefined, extendedProps: rest };
}

// What of a column's day lies outside its own hours is tinted and says nothing: the list twin has the hours in words.
function outside({ id, shut = [] }, day) {
  return shut.map(([begins, ends]) => ({ id: `shut-${id}-${begins}`, column: id, begins: `${day}T${begins}`, ends: `${day}T${ends}`, name: "", tone: "shut", behind: true, fixed: true }));
}

function card(event) {
  const { name, kind, flags, time, word } = event.extendedProps;
  const box = document.createElement("div");
  box.className = "cal-card";
  const line = (tag, cls, text) => text && box.append(Object.assign(document.createElement(tag), { className: cls, textContent: text }));
  box.insertAdjacentHTML("afterbegin", `<svg class="icon" aria-hidden="true"><use href="#i-${ICONS[event.extendedProps.tone] ?? "ring"}"/></svg>`);
  line("span", "cal-time num", time ?? clock(event.start));
  line("b", "cal-name", name);
  line("span", "cal-kind", [word, kind, ...(flags ?? [])].filter(Boolean).join(" · "));
  return box;
}

function behind(event) {
  return Object.assign(document.createElement("span"), { className: "cal-behind", textContent: event.title });
}

const clock = (date) => `${date.getHours() % 12 || 12}:${String(date.getMinutes()).padStart(2, "0")}`;
const wall = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
const two = (number) => String(number).padStart(2, "0");
const resourceName = (calendar, event) => calendar?.getOption("resources").find((each) => String(each.id) === String(event.resourceIds[0]))?.title ?? "";
const spoken = (event, where) => [clock(event.start), event.title, event.extendedProps.word, event.extendedProps.kind, where].filter(Boolean).join(", ");

function twin(frame, place) {
  const button = frame.querySelector("[data-calendar-twin]");
  const list = frame.querySelector("[data-calendar-list]");
  const show = (asList) => {
    list.hidden = !asList;
    place.hidden = asList;
    for (const pick of document.querySelectorAll("[data-tray-pick]")) pick.hidden = asList;
    button.setAttribute("aria-pressed", String(asList));
    localStorage.setItem("daysheet-calendar", asList ? "list" : "grid");
  };
  button.hidden = false;
  button.addEventListener("click", () => show(list.hidden));
  show(localStorage.getItem("daysheet-calendar") === "list" || matchMedia("(max-width: 599px)").matches);
}

// M takes a card up, arrows carry it, Enter puts it down, Esc puts it back; each step is spoken. A visit of the tray is
// taken up in the same way, as a card that is new on this sheet; a press on a free time puts down whatever is held.
function carrier(frame, calendar) {
  let held = null;
  const note = frame.querySelector("[data-calendar-note]");
  const at = (id) => frame.querySelector(`[data-card="${CSS.escape(id)}"]`);
  const put = (event, start, column) => {
    const end = new Date(+start + (event.end - event.start));
    calendar.updateEvent({ ...event, start, end, resourceIds: [column] });
    const moved = calendar.getEventById(event.id);
    say(spoken(moved, resourceName(calendar, moved)));
    setTimeout(() => at(event.id)?.focus());
    return moved;
  };
  const loose = () => {
    frame.classList.remove("is-moving");
    held = null;
  };
  const back = ({ event, start, column, from }) => {
    if (!from) return put(event, start, column);
    if (note.textContent === frame.dataset.placingWords) note.textContent = "";
    calendar.removeEventById(event.id);
    from.focus();
  };
  const down = () => {
    const { event } = held;
    const was = held;
    loose();
    send(frame, calendar, event, () => back(was));
  };
  const takeUp = (id) => {
    const event = calendar.getEventById(id);
    if (!event || event.extendedProps.fixed) return say(frame.dataset.fixedWords);
    if (held) back(held);
    held = { event, start: event.start, column: event.resourceIds[0] };
    frame.classList.add("is-moving");
    at(id)?.focus();
    say(frame.dataset.moveWords);
  };
  const takeFromTray = (laid, from) => {
    if (held) back(held);
    const columns = calendar.getOption("resources").map((each) => String(each.id));
    const { day, begins, ends } = frame.dataset;
    const clock = laid.clock >= begins && laid.clock < ends ? laid.clock : begins;
    const start = new Date(`${day}T${clock}`);
    const id = `tray-${laid.id}`;
    const column = columns.includes(laid.column) ? laid.column : columns[0];
    calendar.addEvent({ id, resourceIds: [column], start, end: new Date(+start + laid.minutes * 60_000), title: laid.name, extendedProps: { ...laid, card: laid.id, tone: "hold", word: "" } });
    held = { event: calendar.getEventById(id), start, column, from };
    frame.classList.add("is-moving");
    setTimeout(() => (at(id)?.scrollIntoView({ block: "center", inline: "nearest" }), at(id)?.focus()), 50);
    note.textContent = frame.dataset.placingWords; // a status: it is read out too
  };
  frame.addEventListener("keydown", (press) => {
    const id = press.target.closest?.("[data-card]")?.dataset.card;
    if (typing(press.target) || press.ctrlKey || press.metaKey) return;
    if (!held && id && lettersAreOn() && press.key.toLowerCase() === "m") return press.preventDefault(), takeUp(id);
    if (!held || press.target.closest("[data-calendar-note]")) return;
    const columns = calendar.getOption("resources").map((each) => each.id);
    const place = columns.findIndex((each) => String(each) === String(held.event.resourceIds[0]));
    const step = { ArrowUp: [-STEP, 0], ArrowDown: [STEP, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[press.key];
    if (!step && press.key !== "Enter" && press.key !== "Escape") return;
    press.preventDefault();
    press.stopPropagation();
    if (step) held.event = put(held.event, new Date(+held.event.start + step[0]), columns[Math.min(Math.max(place + step[1], 0), columns.length - 1)]);
    else if (press.key === "Enter") down();
    else {
      const was = held;
      loose();
      back(was);
    }
  }, true);
  return {
    takeUp,
    takeFromTray,
    isHolding: () => Boolean(held),
    event: (id) => calendar.getEventById(id),
    drop: (event, revert) => {
      const was = held?.event.id === event.id ? held : null;
      loose();
      send(frame, calendar, event, was?.from ? () => back({ ...was, event }) : revert);
    },
    placeAt: (date, column) => {
      if (!held || column === undefined) return;
      held.event = put(held.event, date, column);
      down();
    },
  };
}

// The tray stands above the calendar; what lies in it is taken up by a button of its own.
function tray(hands) {
  for (const line of document.querySelectorAll("[data-tray]")) {
    const button = line.querySelector("[data-tray-pick]");
    button.onclick = () => hands.takeFromTray(JSON.parse(line.dataset.tray), button);
  }
}

async function send(frame, calendar, event, revert, more = []) {
  const form = frame.querySelector("[data-calendar-move]");
  const note = frame.querySelector("[data-calendar-note]");
  const values = new FormData(form);
  values.set("card", event.extendedProps.card ?? event.id);
  values.set("version", event.extendedProps.version ?? "");
  values.set("column", event.resourceIds[0]);
  values.set("starts_at", wall(event.start));
  for (const [name, value] of more) values.append(name, value);
  note.textContent = frame.dataset.savingWords;
  const answer = await fetch(form.action, { method: "POST", body: values, headers: { "HX-Request": "true" } }).catch(() => null);
  const html = answer ? await answer.text() : "";
  if (answer?.headers.has("HX-Redirect")) {
    sessionStorage.setItem(CARRIED, JSON.stringify({ column: String(event.resourceIds[0]), at: wall(event.start) }));
    return location.assign(answer.headers.get("HX-Redirect"));
  }
  if (answer?.ok) {
    note.textContent = "";
    return window.htmx.swap(note, html, { swapStyle: "innerHTML" });
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  const again = page.querySelector("[data-carry-again]");
  if (again) return ask(page, again, note, revert, (said) => send(frame, calendar, event, revert, said));
  revert();
  note.textContent = page.querySelector("[data-error-summary], .error-summary, main p")?.textContent.trim() || frame.dataset.failedWords;
  say(note.textContent, true);
}

// What is refused for want of a reason or a tick stays where it was put down; that is asked for above the calendar.
function ask(page, form, note, revert, again) {
  note.replaceChildren(...page.body.childNodes);
  const back = form.querySelector("[data-carry-back]");
  const box = form.querySelector("input:not([type=hidden])");
  back.hidden = false;
  const leave = () => {
    note.textContent = "";
    revert();
  };
  back.addEventListener("click", leave);
  form.addEventListener("keydown", (press) => press.key === "Escape" && (press.stopPropagation(), leave()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    delete form.dataset.sending;
    const typed = [...form.querySelectorAll("input:not([type=hidden])")].filter((one) => one.type !== "checkbox" || one.checked);
    again(typed.map((one) => [one.name, one.value]));
  });
  say(note.querySelector("[data-error-summary]")?.textContent.trim() ?? "", true);
  box.focus();
}

for (const frame of document.querySelectorAll("[data-calendar]")) build(frame);
document.addEventListener("htmx:load", ({ target }) => {
  const frames = target.matches?.("[data-calendar]") ? [target] : (target.querySelectorAll?.("[data-calendar]") ?? []);
  for (const frame of frames) if (!known.has(frame)) build(frame);
});
