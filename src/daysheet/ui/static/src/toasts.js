// A toast stays twenty seconds, waits while it is looked at, and goes to the Recent list: time is never the only chance.
const STAYS = 20_000;
const KEPT = 10;

export function toasts(htmx) {
  htmx.onLoad(() => document.querySelectorAll("#toasts > [data-toast]:not([data-timed])").forEach(timed));
}

function timed(toast) {
  toast.dataset.timed = "yes";
  let left = STAYS;
  const tick = setInterval(() => {
    if (!toast.isConnected) return clearInterval(tick);
    if (document.hidden || toast.matches(":hover, :focus-within")) return;
    left -= 500;
    if (left > 0) return;
    clearInterval(tick);
    keep(toast);
  }, 500);
}

function keep(toast) {
  const recent = document.querySelector("[data-recent]");
  if (!recent) return toast.remove();
  const line = document.createElement("li");
  line.append(...[...toast.childNodes].filter((part) => !part.matches?.("svg")));
  toast.remove();
  recent.hidden = false;
  recent.querySelector("ol").prepend(line);
  [...recent.querySelectorAll("li")].slice(KEPT).forEach((old) => old.remove());
}
