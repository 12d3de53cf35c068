// Navigation on a small screen, menus, screen privacy, the patient's banner.
import { say } from "./words.js";

export function shell() {
  navigation();
  menus();
  privacy();
  banner();
}

function navigation() {
  const toggle = document.querySelector("[data-nav-toggle]");
  const nav = document.getElementById("nav");
  if (!toggle) return;
  if (!nav) return void (toggle.hidden = true);
  toggle.setAttribute("role", "button");
  toggle.setAttribute("aria-expanded", "false");
  const turn = (event) => {
    event.preventDefault();
    const open = nav.classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
    if (open) nav.querySelector("a")?.focus();
  };
  toggle.addEventListener("click", turn);
  toggle.addEventListener("keydown", (event) => event.key === " " && turn(event));
}

function menus() {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => open().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
  document.addEventListener("focusin", (event) => open().forEach((menu) => menu.contains(event.target) || (menu.open = false)));
}

function privacy() {
  const button = document.querySelector("[data-screen-privacy]");
  if (!button) return;
  const show = (on) => {
    document.documentElement.classList.toggle("is-private", on);
    button.setAttribute("aria-pressed", String(on));
  };
  button.hidden = false;
  show(localStorage.getItem("daysheet-privacy") === "on");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    localStorage.setItem("daysheet-privacy", on ? "on" : "off");
    show(on);
  });
}

// Shrinks on scroll, and warns on return when another chart was used in another tab.
function banner() {
  const line = document.querySelector("[data-banner]");
  if (!line) return;
  const small = (on) => {
    if (line.classList.contains("is-small") === on) return;
    const was = line.offsetHeight;
    line.classList.toggle("is-small", on);
    // Its place in the page stays as high as it was: nothing below moves under a hand that is about to press.
    line.style.marginBottom = on ? `${was - line.offsetHeight}px` : "";
  };
  addEventListener("scroll", () => {
    if (scrollY > 140) small(true);
    else if (scrollY < 40) small(false);
  }, { passive: true });
  addEventListener("resize", () => (small(false), small(scrollY > 140)), { passive: true });
  if (!("BroadcastChannel" in window)) return;
  const charts = new BroadcastChannel("daysheet-charts");
  const here = { chart: line.dataset.chart, name: line.querySelector(".banner-name")?.textContent.trim() };
  let other = null;
  charts.addEventListener("message", ({ data }) => (other = data.chart === here.chart ? null : data));
  const arrive = () => {
    if (document.hidden) return;
    if (other) {
      const text = line.dataset.otherWords.replace("{other}", `${other.name} ${other.chart}`).replace("{this}", `${here.name} ${here.chart}`);
      const note = line.querySelector(".banner-last") ?? line.appendChild(Object.assign(document.createElement("p"), { className: "banner-last tag tag-attention" }));
      note.textContent = text;
      say(text);
      other = null;
    }
    charts.postMessage(here);
  };
  document.addEventListener("visibilitychange", arrive);
  addEventListener("focus", arrive);
  arrive();
}
