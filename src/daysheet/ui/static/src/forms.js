// A double press is one act; what is typed is kept as a draft on the server; a failure says so.
import { forget, watchDrafts } from "./drafts.js";
import { corner, word } from "./words.js";

export function forms(htmx) {
  watchDrafts(htmx);
  document.addEventListener("submit", once, true);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.elt?.closest?.("form");
    release(form);
    if (form?.isConnected && detail.successful) renew(form);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
  document.addEventListener("htmx:afterSettle", nextOfList);
  document.addEventListener("htmx:beforeSwap", wholePage);
  document.addEventListener("htmx:sendError", () => corner("failure", word("offline"), word("close")));
  document.addEventListener("htmx:responseError", ({ detail }) => detail.xhr.told || corner("failure", word("failed"), word("close")));
}

// A refusal at the door (403, 404, 409, 500) is a whole page: its sentence is shown, the page under it stays.
function wholePage({ detail }) {
  if (detail.xhr.status < 400 || !/^\s*<!doctype/i.test(detail.serverResponse)) return;
  const page = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  const text = [...page.querySelectorAll("main h1, main > p:not(.mark, .meta)")].map((part) => part.textContent.trim()).filter(Boolean)
    .map((said) => (/[.?!]$/.test(said) ? said : `${said}.`)).join(" ");
  detail.shouldSwap = false;
  detail.xhr.told = true;
  corner("failure", text || word("failed"), word("close"));
}

function once(event) {
  const form = event.target;
  if (form.method !== "post") return;
  const act = event.submitter?.getAttribute("formaction") ?? "";
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.submitter?.closest("[data-row]") && act !== form.dataset.sending) inLine.add(act);
    return;
  }
  forget(form);
  form.dataset.sending = act || "yes";
  event.submitter?.setAttribute("aria-busy", "true");
}

// One form stands around a list: the act of a second row, pressed while the first is under way, comes when that is done.
const inLine = new Set();

function nextOfList() {
  for (const act of inLine) {
    const button = document.querySelector(`[formaction="${CSS.escape(act)}"]`);
    if (button?.form?.dataset.sending) return;
    inLine.delete(act);
    button?.click();
  }
}

// A form that stays in the page after its act (the one around a list) needs a new key for the next act.
function renew(form) {
  const key = form.querySelector("input[name=_once]");
  if (key) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function release(form) {
  if (!form) return;
  delete form.dataset.sending;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}
