// The time that stands chosen on a page of booking is held while the page is open and touched, and let go when it is left.
// Other desks see it; it keeps nobody from booking. Without script nothing is held.
import { news } from "./live.js";

const RENEWED = 60_000;
const CHOOSES = ["slot", "day", "clock", "turn"];
const page = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
let sentAt = 0;
let known = null;
let expiry = 0;

const place = () => document.querySelector("[data-hold-url]");

export function holds(htmx) {
  htmx.onLoad(() => {
    const now = place();
    if (now && now !== known) send(htmx);
    known = now;
    watch();
  });
  document.addEventListener("change", ({ target }) => CHOOSES.includes(target.name) && place()?.contains(target) && send(htmx));
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => place() && performance.now() - sentAt > RENEWED && send(htmx), { capture: true, passive: true });
  }
  addEventListener("pagehide", () => place() && navigator.sendBeacon(place().dataset.holdUrl, chosen("")));
  addEventListener("pageshow", ({ persisted }) => persisted && place() && send(htmx));
}

function chosen(slot) {
  const values = new FormData(place().querySelector("form"));
  for (const name of ["_once", "reason"]) values.delete(name);
  values.set("page", page);
  if (slot !== undefined) values.set("slot", slot);
  return values;
}

async function send(htmx) {
  sentAt = performance.now();
  const answer = await fetch(place().dataset.holdUrl, { method: "POST", body: chosen(), headers: { "HX-Request": "true" } }).catch(() => null);
  const note = document.getElementById("held-note");
  if (answer?.ok && note) htmx.swap(note, await answer.text(), { swapStyle: "outerHTML" });
}

// A hold that runs out by itself is no news from the server: the sheet that shows it looks again then.
function watch() {
  const left = document.querySelector("[data-held-for]")?.dataset.heldFor;
  clearTimeout(expiry);
  if (left !== undefined) expiry = setTimeout(() => news("holds"), (Number(left) + 2) * 1000);
}
