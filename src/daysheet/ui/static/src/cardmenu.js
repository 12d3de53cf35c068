// What a card of the calendar offers beside being carried: one menu for all of them, by the pointer, a right click or ".".
import { lettersAreOn, typing } from "./words.js";

export function cardMenu(frame, hands) {
  const more = frame.querySelector("[data-calendar-more]");
  const menu = frame.querySelector("[data-calendar-menu]");
  const laying = menu.querySelector("[data-card-hold]");
  let card = null;

  // The list of the same sheet has the button that lays a card into the tray: it is there without script too.
  const hold = (id) => frame.querySelector(`button[formaction$="/${CSS.escape(id)}/tray/"]`);
  const over = (thing) => {
    const box = frame.getBoundingClientRect();
    const { right, top } = card.getBoundingClientRect();
    thing.hidden = false;
    const left = Math.min(right - box.left, frame.clientWidth) - thing.offsetWidth;
    Object.assign(thing.style, { left: `${Math.max(0, left)}px`, top: `${top - box.top}px` });
  };
  const close = (focus) => {
    menu.hidden = more.hidden = true;
    if (focus) card?.focus();
  };
  const open = (which) => {
    card = which;
    const event = hands.event(card.dataset.card);
    menu.querySelector("[data-card-open]").href = event.extendedProps.url ?? "#";
    menu.querySelector("[data-card-move]").hidden = Boolean(event.extendedProps.fixed);
    if (laying) laying.hidden = !hold(card.dataset.card);
    more.hidden = true;
    over(menu);
    menu.querySelector("a, button").focus();
  };

  frame.addEventListener("pointerover", ({ target, pointerType }) => {
    if (target.closest("[data-calendar-more], [data-calendar-menu]") || !menu.hidden) return;
    const under = target.closest("[data-card]");
    if (!under || pointerType === "touch" || hands.isHolding() || under.dataset.card.startsWith("tray-")) return void (more.hidden = true);
    card = under;
    over(more);
  });
  frame.addEventListener("pointerleave", () => (more.hidden = true));
  frame.addEventListener("contextmenu", (event) => {
    const under = event.target.closest("[data-card]");
    if (under && hands.event(under.dataset.card)?.extendedProps.url) event.preventDefault(), open(under);
  });
  more.addEventListener("click", () => open(card));
  menu.querySelector("[data-card-move]").addEventListener("click", () => {
    close();
    hands.takeUp(card.dataset.card);
  });
  laying?.addEventListener("click", () => (close(), hold(card.dataset.card)?.click()));
  menu.addEventListener("keydown", (press) => {
    const all = [...menu.querySelectorAll("a, button")].filter((each) => !each.hidden);
    const at = all.indexOf(document.activeElement);
    const goal = { ArrowDown: all[(at + 1) % all.length], ArrowUp: all.at(at - 1) }[press.key];
    if (press.key !== "Escape" && !goal) return;
    press.preventDefault();
    press.stopPropagation();
    if (goal) goal.focus();
    else close(true);
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => menu.contains(relatedTarget) || close());
  frame.addEventListener("keydown", (press) => {
    const on = press.target.closest?.("[data-card]");
    if (!on || hands.isHolding() || typing(press.target) || press.ctrlKey || press.metaKey || press.altKey) return;
    if (press.key === "." && lettersAreOn()) return press.preventDefault(), open(on);
    if (press.key.toLowerCase() === "h" && lettersAreOn()) hold(on.dataset.card)?.click();
  });
}
