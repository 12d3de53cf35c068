// One EventSource per browser: the tab that holds the lock listens for all, the others hear it over a BroadcastChannel.
// A region (data-live="topics") is fetched again on news, never while pointer or focus is inside.
import { corner, timeOfDay, word } from "./words.js";

const GRACE = 30_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("daysheet-live") : null;
let htmx = null;
let source = null;
let release = null;
let wanted = new Set();
let heardAt = performance.now();
let ownActAt = -1e9;
const waiting = new Map();

export function live(theHtmx) {
  htmx = theHtmx;
  if (!document.body.dataset.liveUrl) return;
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.requestConfig.verb !== "get" && (ownActAt = performance.now()));
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : arrive(true)));
  addEventListener("pagehide", leave);
  document.addEventListener("pointerout", later);
  document.addEventListener("focusout", later);
  channel?.addEventListener("message", ({ data }) => {
    if (data.want && source) want(data.want);
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
  channel?.postMessage({ want: topics });
  if (source) want(topics);
  else if (navigator.locks && channel) lead();
  else open();
  if (back) regions().forEach((region) => fetchAgain(region));
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
  const before = wanted.size;
  topics.forEach((topic) => wanted.add(topic));
  if (wanted.size > before || !source) open();
}

function open() {
  source?.close();
  const address = new URL(document.body.dataset.liveUrl, location.href);
  address.searchParams.set("topics", [...wanted].sort().join(","));
  source = new EventSource(address);
  source.addEventListener("open", heard);
  for (const topic of [...wanted, "resync"]) source.addEventListener(topic, () => pass(topic));
}

function pass(topic) {
  heard();
  channel?.postMessage({ topic });
  news(topic);
}

function heard() {
  heardAt = performance.now();
  corner("stale", "");
}

function watch() {
  if (document.hidden || !topicsHere().length) return;
  if (source?.readyState === EventSource.OPEN) {
    heardAt = performance.now();
    channel?.postMessage({ alive: true });
  } else if (source?.readyState === EventSource.CLOSED) open();
  if (performance.now() - heardAt > GRACE && !document.getElementById("stale")) {
    const since = new Date(Date.now() - (performance.now() - heardAt));
    corner("stale", word("stale", { t: timeOfDay(since) }).replace(/\.[^.]*$/, "."), word("stale").split(". ").at(-1), () => location.reload());
  }
}

function news(topic) {
  for (const region of regions()) {
    if (topic !== "resync" && !region.dataset.live.split(/\s+/).includes(topic)) continue;
    if (busy(region) && performance.now() - ownActAt > 2500) hold(region);
    else fetchAgain(region);
  }
}

function busy(region) {
  return region.matches(":hover") || region.contains(document.activeElement) || region.querySelector("details[data-menu][open]");
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
  button.addEventListener("click", () => fetchAgain(region));
  line.append(button);
  region.before(line);
  waiting.set(region.id, { line, count });
}

function fetchAgain(region) {
  waiting.get(region.id)?.line.remove();
  waiting.delete(region.id);
  htmx.trigger(region, "live");
}

// What waited is shown by itself a moment after the hand and the eye have left.
function later() {
  if (!waiting.size) return;
  setTimeout(() => {
    for (const id of [...waiting.keys()]) {
      const region = document.getElementById(id);
      const asked = waiting.get(id).line.matches(":hover, :focus-within");
      if (region && !busy(region) && !asked) fetchAgain(region);
    }
  }, 1500);
}
