// Where the focus goes: after a swap to the error summary, else to the same id, else to the region's heading.
import { word } from "./words.js";

export function focus() {
  let before = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const held = document.activeElement;
    // Another part that is swapped before this one has settled leaves what is to be found again.
    if (held && held !== document.body && event.detail.target?.contains(held)) before = { id: held.id, row: held.closest("[data-row]")?.id };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const region = event.detail.elt;
    if (errors(region)) return;
    if (!lost()) before = null;
    if (!before) return;
    const goal = document.getElementById(before.id || "-") ?? document.getElementById(before.row || "-") ?? wished(region.querySelector?.("[data-autofocus]")) ?? region.querySelector?.("h1, h2, h3, [data-row]") ?? region;
    before = null;
    if (!goal.matches("a, button, input, select, textarea, summary, [tabindex]")) goal.tabIndex = -1;
    goal.focus();
  });
  if (!errors(document)) wished(document.querySelector("[data-autofocus]"))?.focus();
}

// A part of a page that wishes for the focus passes it to its first box or button.
function wished(part) {
  if (!part || part.matches("a, button, input, select, textarea")) return part;
  return part.querySelector(".btn:not(.btn-quiet, summary), input:not([type=hidden]), select") ?? part;
}

function lost() {
  const held = document.activeElement;
  return !held || held === document.body || !held.isConnected;
}

function errors(root) {
  const summary = root.matches?.("[data-error-summary]") ? root : root.querySelector?.("[data-error-summary]");
  if (!summary) return false;
  summary.focus();
  const mark = word("error");
  if (mark && !document.title.startsWith(mark)) document.title = `${mark} ${document.title}`;
  return true;
}
