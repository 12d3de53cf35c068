// What is typed is kept on the server two seconds later, never in the browser, and offered again on return.
import { timeOfDay, word } from "./words.js";

const waits = new WeakMap();

export function watchDrafts(htmx) {
  document.addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!form?.dataset.draftUrl) return;
    clearTimeout(waits.get(form));
    waits.set(form, setTimeout(() => keepDraft(form), 2000));
  });
  htmx.onLoad((root) => {
    const forms = root.matches?.("form[data-draft-url]") ? [root] : [...(root.querySelectorAll?.("form[data-draft-url]") ?? [])];
    forms.forEach(offer);
  });
}

export function forget(form) {
  clearTimeout(waits.get(form));
  waits.delete(form);
}

export function keepAllDrafts() {
  return Promise.all([...document.querySelectorAll("form[data-draft-url]")].filter((form) => waits.has(form)).map(keepDraft));
}

const page = (form) => new URL(form.getAttribute("action") || "", location.href).pathname;

async function keepDraft(form) {
  if (form.dataset.sending || !form.isConnected) return;
  const typed = new FormData(form);
  typed.set("_page", page(form));
  typed.delete("_once");
  for (const input of form.querySelectorAll("input[type=password], input[type=file]")) typed.delete(input.name);
  const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: typed }).catch(() => null);
  const note = form.querySelector("[data-draft-note]");
  if (answer?.ok && note) note.textContent = word("draft", { t: timeOfDay() });
}

async function offer(form) {
  if (form.dataset.offered || form.querySelector("[data-error-summary]")) return;
  form.dataset.offered = "yes";
  const address = new URL(form.dataset.draftUrl, location.href);
  address.searchParams.set("page", page(form));
  const answer = await fetch(address).catch(() => null);
  const kept = answer?.status === 200 ? await answer.json().catch(() => null) : null;
  if (!kept?.kept || !differs(form, kept.fields)) return;
  const line = Object.assign(document.createElement("p"), { className: "notice notice-attention draft-offer", textContent: word("draftOffer", { t: timeOfDay(new Date(kept.kept)) }) });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: word("draftBring") });
  button.addEventListener("click", () => {
    fill(form, kept.fields);
    line.remove();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  line.append(" ", button);
  form.prepend(line);
}

const shown = (form) => [...form.elements].filter((field) => field.name && !field.name.startsWith("_") && !["hidden", "submit", "button", "password", "file"].includes(field.type));

function differs(form, fields) {
  return shown(form).some((field) => {
    const values = fields[field.name] ?? [];
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== values.includes(field.value);
    return field.name in fields && field.value !== values[0];
  });
}

function fill(form, fields) {
  for (const field of shown(form)) {
    const values = fields[field.name] ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.name in fields) field.value = values[0];
  }
}
