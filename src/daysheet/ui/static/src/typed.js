// Words that somebody typed and did not send stay in the page when the region around them is drawn anew.
// A field that the office changed meanwhile shows the office's value: nothing newer is covered up.
// A field that the office emptied (data-blanked: it held a card number) stays empty.

export function keepTyped() {
  let kept = [];
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const sent = detail.xhr.status < 400 ? detail.requestConfig?.elt?.closest?.("form") : null;
    kept = fields(detail.target).filter((field) => changed(field) && field.form !== sent).map((field) => ({ field, way: way(field) }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const { field, way: place } of kept) if (!field.isConnected) carry(field, document.querySelector(place));
    kept = [];
  });
}

/** Return whether a region holds words that were typed into a writing form and not sent. */
export const typed = (region) => fields(region).some(changed);

const fields = (region) =>
  [...(region?.querySelectorAll?.("form[method=post] :is(input, select, textarea)") ?? [])].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));

function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex !== standard(field);
  return field.value !== field.defaultValue;
}

const standard = (select) => Math.max(0, [...select.options].findLastIndex((option) => option.defaultSelected));

function way(field) {
  if (field.id) return `#${CSS.escape(field.id)}`;
  const value = field.type === "radio" || field.type === "checkbox" ? `[value="${CSS.escape(field.value)}"]` : "";
  return `form[action="${CSS.escape(field.form.getAttribute("action") ?? "")}"] [name="${CSS.escape(field.name)}"]${value}`;
}

function carry(from, to) {
  if (!to || to.type !== from.type || to.name !== from.name || to.dataset.blanked !== undefined || changed(to)) return;
  if (from.type === "checkbox" || from.type === "radio") {
    if (to.defaultChecked === from.defaultChecked) to.checked = from.checked;
  } else if (from.options) {
    if (to.options[standard(to)]?.value === from.options[standard(from)]?.value && [...to.options].some((option) => option.value === from.value)) to.value = from.value;
  } else if (to.defaultValue === from.defaultValue) to.value = from.value;
}
