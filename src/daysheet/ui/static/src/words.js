// The sentences of the script stand in the page (so that they are translated); say() speaks them.
export function word(name, values = {}) {
  const text = document.getElementById("words")?.dataset[name] ?? "";
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

export function say(text, now = false) {
  const place = document.getElementById(now ? "say-now" : "say-politely");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 60);
}

export function timeOfDay(when = new Date()) {
  const timeZone = document.body.dataset.zone || undefined;
  return when.toLocaleTimeString(document.documentElement.lang || undefined, { hour: "numeric", minute: "2-digit", timeZone });
}

// Keys of one letter or sign can be switched off by each person (WCAG 2.1.4).
export const lettersAreOn = () => document.body.dataset.letterKeys !== "off";

export function typing(element) {
  return Boolean(element?.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]"));
}

// A line in the lower corner that stays until it is dealt with.
export function corner(id, text, button, act) {
  document.getElementById(id)?.remove();
  if (!text) return;
  const line = Object.assign(document.createElement("div"), { id, className: "live-notice", textContent: text });
  if (button) {
    const press = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: button });
    press.addEventListener("click", () => (line.remove(), act?.()));
    line.append(press);
  }
  document.body.append(line);
  say(text, true);
}
