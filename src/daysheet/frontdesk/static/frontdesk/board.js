// A row of the day board carried to another group is its own button pressed; where no button leads there, it is said why.
(() => {
  const HERE = '[formaction*="/arrive/"]', BACK = '[formaction*="/back/"]';
  const ACTS = {
    "nothere-here": (row) => row.querySelector(HERE),
    "unresolved-here": (row) => row.querySelector(HERE),
    "nothere-cancelled": (row) => row.querySelector('[formaction*="/no-show/"]'),
    "unresolved-cancelled": (row) => row.querySelector('[formaction*="/no-show/"]'),
    "here-done": (row) => row.querySelector('a.btn-primary[href$="/check-out/"]'),
    "here-nothere": (row) => row.querySelector('a.btn-primary[href$="/check-in/"]') && row.querySelector(BACK),
    "done-here": (row) => row.querySelector(BACK),
  };
  const rowOf = (event) => event.target.closest?.("#board [data-row]");
  const groupOf = (event) => event.target.closest?.("#board .board-group");
  const name = (group) => group.id.replace("group-", "").replace("_", "");
  let carried = "";

  const row = () => document.getElementById(carried);
  const marked = (group) => {
    document.querySelectorAll(".board-group.is-aimed").forEach((one) => one !== group && one.classList.remove("is-aimed"));
    group?.classList.add("is-aimed");
  };

  // A row is carried by the mouse alone: fingers scroll, and every act has its button.
  document.addEventListener("pointerdown", (event) => {
    const found = rowOf(event);
    if (!found) return;
    found.draggable = event.pointerType === "mouse" && !event.target.closest("button, summary, input, .menu-list");
    found.querySelectorAll("a").forEach((link) => (link.draggable = false)); // the row is carried, not its address
  });
  document.addEventListener("dragstart", (event) => {
    const found = rowOf(event);
    if (!found) return;
    carried = found.id;
    found.classList.add("is-carried"); // news waits while it is carried
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(found, 20, 10);
  });
  document.addEventListener("dragover", (event) => {
    const group = carried && groupOf(event);
    marked(group || null);
    if (!group) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  });
  document.addEventListener("dragend", () => {
    document.querySelectorAll(".is-carried").forEach((one) => one.classList.remove("is-carried"));
    carried = "";
    marked(null);
  });
  document.addEventListener("drop", (event) => {
    const group = groupOf(event), found = row();
    if (!carried || !group || !found) return;
    event.preventDefault();
    const from = name(found.closest(".board-group")), to = name(group);
    if (from === to) return;
    const act = ACTS[`${from}-${to}`]?.(found);
    if (act) act.click();
    else tell(`${from}-${to}`, found);
  });

  function tell(way, found) {
    const words = document.getElementById("board-words"), toasts = document.getElementById("toasts");
    const who = found.querySelector("th a")?.textContent.trim() ?? "";
    const said = (words?.getAttribute(`data-${way}`) ?? words?.getAttribute(`data-to-${way.split("-")[1]}`) ?? words?.dataset.other ?? "").replace("{who}", who);
    if (!said || !toasts) return;
    document.getElementById("board-refused")?.remove();
    const line = Object.assign(document.createElement("div"), { id: "board-refused", className: "toast-line", textContent: said });
    line.dataset.toast = "";
    toasts.append(line);
    setTimeout(() => line.remove(), 20_000);
  }
})();
