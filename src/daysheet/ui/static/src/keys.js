// The keys of UI.md 7: global ones with a modifier or a function key, single letters only on a focused row.
import { lettersAreOn, typing } from "./words.js";

export function keys(htmx) {
  document.addEventListener("keydown", everywhere);
  document.addEventListener("keydown", onRow);
  htmx.onLoad(rove);
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row) only(row);
  });
}

let backTo = null;

function everywhere(event) {
  const held = event.ctrlKey || event.metaKey;
  const walkIn = event.key === "F2" && event.shiftKey && document.querySelector("[data-walk-in]");
  if (walkIn) return press(event, walkIn);
  if (event.key === "F2" || (held && event.key.toLowerCase() === "k")) return find(event);
  if (event.key === "F8" && event.shiftKey) return press(event, document.querySelector("[data-new-call]"));
  if (event.key === "F8") return press(event, document.querySelector("#phone-panel :is(a, button, [tabindex])"), "focus");
  if (held && event.key === "Enter") return press(event, mainButton(event.target));
  if (held && event.key === "/") return press(event, document.getElementById("keys"), "showModal");
  if (held && event.key.toLowerCase() === "z" && !event.shiftKey && !typing(event.target)) return press(event, lastUndo());
  if (event.key === "Escape" && !event.defaultPrevented) return closeOne(event);
}

function press(event, thing, act = "click") {
  if (!thing) return;
  event.preventDefault();
  thing[act]();
}

function find(event) {
  const box = document.querySelector("[data-key-search]");
  if (!box) return;
  event.preventDefault();
  if (document.activeElement !== box) backTo = document.activeElement;
  box.focus();
  box.select();
}

function mainButton(target) {
  const row = target.closest?.("[data-row]");
  const form = target.closest?.("form[method=post]:not(.acts)");
  return row?.querySelector("[data-primary]") ?? form?.querySelector("button[data-primary], button.btn-danger") ?? form?.querySelector("button:not([type=button])") ?? document.querySelector(".drawer [data-primary]") ?? document.querySelector("main .page-acts [data-primary], main .form-buttons [data-primary]");
}

function lastUndo() {
  return [...document.querySelectorAll(".toast-undo button")].at(-1);
}

function closeOne(event) {
  if (document.querySelector("dialog[open]")) return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    return press(event, menu.querySelector("summary"), "focus");
  }
  if (event.target.matches?.("[data-key-search]")) return press(event, backTo ?? document.getElementById("main"), "focus");
  const nav = document.querySelector(".nav.is-open");
  if (nav) return press(event, document.querySelector("[data-nav-toggle]"));
  press(event, document.querySelector("[data-drawer-close]"));
}

const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent !== null);

function rove(root) {
  const lists = root.matches?.("[data-rows]") ? [root] : [...(root.querySelectorAll?.("[data-rows]") ?? []), root.closest?.("[data-rows]")];
  for (const list of lists) {
    list?.querySelectorAll("[data-row]:not([tabindex])").forEach((row) => (row.tabIndex = -1));
    if (list && !list.querySelector('[data-row][tabindex="0"]')) list.querySelector("[data-row]")?.setAttribute("tabindex", "0");
  }
}

function only(row) {
  row.closest("[data-rows]")?.querySelectorAll('[data-row][tabindex="0"]').forEach((other) => (other.tabIndex = -1));
  row.tabIndex = 0;
}

function onRow(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.target.closest?.("[data-row]");
  if (!row || typing(event.target)) return;
  const moved = step(event.key, row);
  if (moved && !event.target.closest("summary, .menu-list")) return press(event, moved, "focus");
  if (event.target !== row) return;
  if (event.key === "Enter") return press(event, row.querySelector("[data-primary]"));
  if (event.key === " ") return press(event, row.querySelector("[data-panel]") ?? row.querySelector("a[href]"));
  if (event.key.length !== 1 || !lettersAreOn()) return;
  if (event.key === ".") return more(event, row);
  const list = row.closest("[data-rows]");
  if (list?.hasAttribute("data-typeahead")) return typeAhead(event, list);
  const letter = event.key.toLowerCase();
  if (letter === "n") return press(event, step("ArrowDown", row), "focus");
  if (letter === "x") return press(event, row.querySelector("input[type=checkbox]"));
  press(event, row.querySelector(`[data-key="${CSS.escape(letter)}"]`));
}

function step(key, row) {
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(key)) return null;
  const all = rows();
  const at = all.indexOf(row);
  return { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) }[key] ?? row;
}

function more(event, row) {
  const menu = row.querySelector("details[data-more]");
  if (!menu) return;
  event.preventDefault();
  menu.open = true;
  menu.querySelector(".menu-list :is(a, button)")?.focus();
}

let typed = "";
let since = 0;

function typeAhead(event) {
  typed = event.timeStamp - since > 900 ? event.key : typed + event.key;
  since = event.timeStamp;
  const name = (row) => (row.dataset.name ?? row.querySelector("th")?.textContent ?? "").trim().toLowerCase();
  const found = rows().find((row) => name(row).startsWith(typed.toLowerCase()));
  press(event, found, "focus");
}
