// The calendar beside a day's box; what is typed beyond what is due; the server-driven list of a code search and of the palette.
import { say } from "./words.js";

export function fields(htmx) {
  htmx.onLoad((root) => {
    root.querySelectorAll?.("[data-day]").forEach(dayPicker);
    root.querySelectorAll?.("[data-combobox-input]").forEach(combobox);
  });
  document.addEventListener("input", ({ target }) => target.form?.querySelectorAll("[data-due]").forEach(beyond));
}

// What is typed beyond what is due stays as credit: it is said before the money is taken.
function beyond(note) {
  const { elements } = note.closest("form");
  const cents = (text) => Math.round(Number(String(text ?? "").replace(/[$,\s]/g, "")) * 100) || 0;
  const sum = note.dataset.parts.split(" ").reduce((all, name) => all + cents(elements[name]?.value), 0);
  const over = elements.kind && elements.kind.value !== "charge" ? 0 : sum - cents(note.dataset.due);
  const amount = (over / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
  note.textContent = over > 0 ? note.dataset.words.replace("{amount}", amount) : "";
}

function dayPicker(frame) {
  const button = frame.querySelector("[data-day-open]");
  const box = frame.querySelector("input");
  if (frame.dataset.echoUrl && !frame.dataset.echoes) echo(frame, box);
  if (!button?.hidden || !("showPicker" in HTMLInputElement.prototype)) return;
  const picker = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1, className: "day-picker" });
  picker.setAttribute("aria-hidden", "true");
  button.hidden = false;
  frame.append(picker);
  button.addEventListener("click", () => {
    const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(box.value) ?? [];
    if (year) picker.value = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    const [year, month, day] = picker.value.split("-").map(Number);
    if (!year) return;
    box.value = `${month}/${day}/${year}`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.focus();
  });
}

// The day in words beside the box, said by the server: it alone knows what day it is at the location.
function echo(frame, box) {
  const place = frame.parentElement.querySelector("[data-day-echo]");
  let wait = 0;
  frame.dataset.echoes = "yes";
  box.addEventListener("input", () => {
    clearTimeout(wait);
    place.textContent = "";
    wait = setTimeout(async () => {
      const address = new URL(frame.dataset.echoUrl, location.href);
      address.searchParams.set("q", box.value);
      if ("echoBack" in frame.dataset) address.searchParams.set("back", "1");
      const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer?.ok) place.textContent = await answer.text();
    }, 250);
  });
}

function combobox(box) {
  if (box.getAttribute("role") === "combobox") return;
  const list = document.getElementById(box.dataset.optionsList);
  const chosen = box.closest("[data-combobox]")?.querySelector("[data-combobox-chosen]");
  const eager = box.dataset.optionsMethod === "post"; // the palette: Enter takes the first hit that fits in every part
  let wait = 0;
  let asked = 0;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id })) box.setAttribute(name, value);

  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector('[aria-selected="true"]');
  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) box.removeAttribute("aria-activedescendant");
  };
  const mark = (option) => {
    current()?.setAttribute("aria-selected", "false");
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  };
  const take = (option) => {
    show(false);
    if (option.dataset.url) return void location.assign(option.dataset.url);
    if (option.dataset.press) return void document.getElementById(option.dataset.press)?.requestSubmit();
    box.value = option.dataset.value;
    if (chosen) chosen.textContent = option.dataset.words;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const ask = async () => {
    const mine = ++asked;
    const text = box.value.trim();
    if (!text) return show(false);
    // A browser does not itself repeat a POST on a connection that the server had just closed.
    const once = () => fetch(...question(box, text));
    const answer = await once().catch(once).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    list.innerHTML = await answer.text();
    show(true);
    if (eager) mark(options().find((option) => !("part" in option.dataset)));
    say(String(options().length));
  };

  box.addEventListener("input", () => {
    if (chosen) chosen.textContent = "";
    asked += 1; // an answer to older words never lets Enter open the wrong thing
    mark(null);
    clearTimeout(wait);
    wait = setTimeout(ask, 180);
  });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !list.hidden) return event.stopPropagation(), show(false);
    if (event.key === "Enter" && !list.hidden && current()) return event.preventDefault(), take(current());
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (list.hidden) return void ask();
    const all = options();
    const at = all.indexOf(current()) + (event.key === "ArrowDown" ? 1 : -1);
    mark(all[(at + all.length) % all.length]);
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("blur", () => setTimeout(() => show(false), 100));
  // Somebody may have typed before the page was ready to listen.
  if (document.activeElement === box && box.value.trim()) wait = setTimeout(ask, 180);
}

// A palette asks by POST, so that no name reaches an address; a code search asks by GET.
function question(box, text) {
  const headers = { "HX-Request": "true" };
  if (box.dataset.optionsMethod !== "post") {
    const address = new URL(box.dataset.optionsUrl, location.href);
    address.searchParams.set("q", text);
    return [address, { headers }];
  }
  const body = new FormData(box.form);
  body.set("q", text);
  return [box.dataset.optionsUrl, { method: "POST", body, headers }];
}
