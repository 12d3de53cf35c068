// The idle limit: a minute before it a notice lets any key extend it; then drafts are kept and the screen locks.
import { keepAllDrafts } from "./drafts.js";
import { say, word } from "./words.js";

const NOTICE = 60;

export function lock() {
  const { lockAfter, lockUrl, keepAliveUrl } = document.body.dataset;
  if (!Number(lockAfter)) return;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("daysheet-awake") : null;
  let last = Date.now();
  let told = Date.now();
  let notice = null;

  const awake = () => {
    last = Date.now();
    notice?.remove();
    notice = null;
  };
  const moved = () => {
    awake();
    channel?.postMessage("awake");
    if (keepAliveUrl && Date.now() - told > 60_000) {
      told = Date.now();
      const secret = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
      fetch(keepAliveUrl, { method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": secret } }).catch(() => {});
    }
  };
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, moved, { capture: true, passive: true });
  channel?.addEventListener("message", awake);

  const timer = setInterval(async () => {
    const left = Math.ceil(Number(lockAfter) - (Date.now() - last) / 1000);
    if (left > NOTICE) return;
    if (left > 0) return warn(left);
    clearInterval(timer);
    await keepAllDrafts();
    const form = [...document.forms].find((each) => each.getAttribute("action") === lockUrl);
    if (form) form.submit();
    else location.reload();
  }, 1000);

  function warn(left) {
    if (!notice) {
      notice = Object.assign(document.createElement("div"), { className: "lock-notice" });
      document.body.append(notice);
      say(word("lock", { n: left }), true);
    }
    notice.textContent = word("lock", { n: left });
  }
}
