// One EventSource per browser: the tab that holds the lock listens for all, the others hear it over a BroadcastChannel.
// A region (data-live="topics") is fetched again on news, but not under a hand at work: a pointer that moved within the
// last second, the keyboard's focus, an open menu, words typed and not sent. A click that falls just after rows moved under a resting pointer is dropped;
// one that has begun (the button is down) is finished first: an element swapped out under it would never hear of it.
import { typed } from "./typed.js";
import { corner, timeOfDay, word } from "./words.js";

const GRACE = 30_000;
const REST = 1000;
const SHIELD = 400;
const PRESS = 2000;
const MINUTE = 60_000;
const OWN = 2500;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("daysheet-live") : null;
let htmx = null;
let source = null;
let release = null;
let opened = false;
let wanted = new Set();
let listened = new Set();
let heardAt = performance.now();
let ownActAt = -1e9;
let movedAt = -1e9;
let pressedAt = -1e9;
let shield = null;
let soon = 0;
const waiting = new Map();
const told = new Map();
const again = new Set();
const since = new WeakMap();
const asked = new Set();

export function live(theHtmx) {
  htmx = theHtmx;
  if (!document.body.dataset.liveUrl) return;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.requestConfig.verb !== "get" && (ownActAt = Infinity));
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.requestConfig.verb !== "get" && (ownActAt = performance.now()));
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : arrive(true)));
  addEventListener("pagehide", leave);
  document.addEventListener("pointermove", () => ((movedAt = performance.now()), (shield = null)), { passive: true });
  document.addEventListener("htmx:beforeSwap", guard);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.triggeringEvent?.type !== "live") return;
    detail.headers["X-Daysheet-Live"] = "1";
    detail.isOwn = afterOwnAct();
  });
  document.addEventListener("click", dropStray, true);
  document.addEventListener("pointerdown", press, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(letGo), true);
  for (const end of ["htmx:afterSettle", "htmx:afterRequest"]) document.addEventListener(end, () => setTimeout(catchUp));
  document.addEventListener("pointerout", later);
  document.addEventListener("focusout", later);
  channel?.addEventListener("message", ({ data }) => {
    if (data.want && source) {
      want(data.want);
      for (const [topic, at] of told) if (performance.now() - at < data.age) channel.postMessage({ topic });
    }
    if (data.topic) news(data.topic);
    if (data.alive) heard();
  });
  htmx.onLoad(() => topicsHere().some((topic) => !wanted.has(topic)) && arrive(false));
  setInterval(watch, 5000);
  arrive(false);
}

const regions = () => [...document.querySelectorAll("[data-live]")];
const topicsHere = () => [...new Set(regions().flatMap((region) => region.dataset.live.split(/\s+/)).filter(Boolean))];

function arrive(back) {
  const topics = topicsHere();
  if (document.hidden || !topics.length) return;
  heard();
  topics.forEach((topic) => wanted.add(topic));
  // What was told to the others since this page was asked for is told again.
  channel?.postMessage({ want: topics, age: back ? 0 : performance.now() - performance.getEntriesByType("navigation")[0]?.requestStart });
  if (source) want(topics);
  else if (navigator.locks && channel) lead();
  else open();
  if (back) regions().forEach((region) => (inHand(region) ? hold(region) : fetchAgain(region)));
}

function lead() {
  if (release) return;
  const stop = new AbortController();
  release = () => stop.abort();
  navigator.locks
    .request("daysheet-live", { signal: stop.signal }, () => new Promise((done) => {
      release = done;
      open();
    }))
    .catch(() => {});
}

function leave() {
  source?.close();
  source = null;
  release?.();
  release = null;
}

function want(topics) {
  topics.forEach((topic) => wanted.add(topic));
  if (!source || [...wanted].some((topic) => !listened.has(topic))) open();
}

function open() {
  source?.close();
  const address = new URL(document.body.dataset.liveUrl, location.href);
  listened = new Set(wanted);
  // What a page has missed is told to its first stream; later ones begin with what they fetch again.
  if (opened) address.searchParams.delete("since");
  address.searchParams.set("topics", [...wanted].sort().join(","));
  source = new EventSource(address);
  source.addEventListener("open", () => ((opened = true), heard()));
  for (const topic of [...wanted, "resync"]) source.addEventListener(topic, () => pass(topic));
}

function pass(topic) {
  heard();
  told.set(topic, performance.now());
  channel?.postMessage({ topic });
  news(topic);
}

function heard() {
  heardAt = performance.now();
  corner("stale", "");
}

function watch() {
  if (document.hidden || !topicsHere().length) return;
  document.querySelectorAll("[data-ages]").forEach(age);
  if (source?.readyState === EventSource.OPEN) {
    heardAt = performance.now();
    channel?.postMessage({ alive: true });
  } else if (source?.readyState === EventSource.CLOSED) open();
  if (performance.now() - heardAt > GRACE && !document.getElementById("stale")) {
    const since = new Date(Date.now() - (performance.now() - heardAt));
    corner("stale", word("stale", { t: timeOfDay(since) }).replace(/\.[^.]*$/, "."), word("stale").split(". ").at(-1), () => location.reload());
  }
}

// Minutes of waiting go on where no news comes. Nor is anything missed for longer that happened before the stream was open.
function age(region) {
  const drawn = since.get(region) ?? performance.now();
  const due = performance.now() - drawn > MINUTE && !busy(region);
  since.set(region, due ? performance.now() : drawn);
  if (due) fetchAgain(region);
}

export function news(topic) {
  for (const region of regions()) {
    if (topic !== "resync" && !region.dataset.live.split(/\s+/).includes(topic)) continue;
    if (inHand(region) || (busy(region) && !afterOwnAct())) hold(region);
    else fetchAgain(region);
  }
}

// What nothing may be drawn over, not even what one's own act has changed: words, an open menu, a row that is carried.
const inHand = (region) => typed(region) || region?.querySelector?.("details[data-menu][open], .is-carried");

const entered = (region) => region?.contains?.(document.activeElement) && document.activeElement.matches(":focus-visible");

// On its way still, or a moment ago: a busy office takes its time to answer.
const afterOwnAct = () => performance.now() - ownActAt <= OWN;

function busy(region) {
  const moving = region.matches(":hover") && performance.now() - movedAt < REST;
  return moving || entered(region) || inHand(region);
}

const pressing = () => performance.now() - pressedAt < PRESS;

// A list that opens under the pointer, or a drag, may never say that the press ended.
function press() {
  pressedAt = performance.now();
  setTimeout(catchUp, PRESS + 50);
}

function letGo() {
  pressedAt = -1e9;
  catchUp();
}

function guard({ detail }) {
  if (detail.requestConfig?.triggeringEvent?.type === "live" && pressing()) {
    detail.shouldSwap = false;
    return void again.add(detail.target.id);
  }
  // Somebody began to type, opened a menu or came by keyboard while the news was on its way.
  const { target, requestConfig } = detail;
  if (requestConfig?.triggeringEvent?.type === "live" && !asked.delete(target?.id) && (inHand(target) || (entered(target) && !requestConfig.isOwn))) {
    detail.shouldSwap = false;
    return void hold(target);
  }
  if (!detail.target?.matches?.("[data-live]:hover")) return;
  shield = { row: detail.target.querySelector("[data-row]:hover")?.id, until: performance.now() + SHIELD };
}

function dropStray(event) {
  if (!shield || !event.detail || performance.now() > shield.until) return;
  if (event.target.closest("[data-live]") && event.target.closest("[data-row]")?.id !== shield.row) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function hold(region) {
  const known = waiting.get(region.id);
  const count = (known?.count ?? 0) + 1;
  const text = count === 1 ? word("changesOne") : word("changes", { n: count });
  if (known?.line.isConnected) {
    known.line.firstChild.textContent = text;
    known.count = count;
    return;
  }
  const line = Object.assign(document.createElement("div"), { className: "waits" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: text });
  button.addEventListener("click", () => {
    asked.add(region.id);
    fetchAgain(region);
  });
  line.append(button);
  region.before(line);
  waiting.set(region.id, { line, count });
  later();
}

function fetchAgain(region) {
  waiting.get(region.id)?.line.remove();
  waiting.delete(region.id);
  if (region.classList.contains("htmx-request") || pressing()) return void again.add(region.id);
  htmx.trigger(region, "live");
}

// News that came while a region was on its way, or under a press, would be lost.
function catchUp() {
  if (pressing()) return;
  for (const id of again) {
    const region = document.getElementById(id);
    if (region?.classList.contains("htmx-request")) continue;
    again.delete(id);
    if (region && inHand(region) && !asked.has(id)) hold(region);
    else if (region) fetchAgain(region);
  }
}

// What waited is shown by itself a moment after the hand and the eye have left.
function later() {
  if (!waiting.size || soon) return;
  soon = setTimeout(() => {
    soon = 0;
    for (const id of [...waiting.keys()]) {
      const region = document.getElementById(id);
      const eyed = waiting.get(id).line.matches(":hover, :focus-within");
      if (region && !busy(region) && !eyed) fetchAgain(region);
    }
    later();
  }, 1500);
}
