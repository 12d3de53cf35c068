// A patient's own screen: warns before it is cleared, clears itself, and follows what the desk does.
// Without this script the page goes back to the start by itself, and the server forgets whoever was there.
(() => {
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  // A scanner types what it reads and presses Enter: the birth date is asked next, and what was read is not shown.
  const scanned = document.querySelector("[data-scan] input");
  if (scanned) scanned.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || scanned.value.length < 40) return;
    event.preventDefault();
    scanned.type = "password";
    scanned.closest("form").querySelector("[name=born_on_0]").focus();
  });
  const here = document.querySelector("[data-here]");
  if (!here) return;
  const idle = Number(here.dataset.idle), warn = Number(here.dataset.warn);
  const box = here.querySelector("[data-here-warn]"), left = here.querySelector("[data-here-left]");
  const token = here.querySelector("input[name=csrfmiddlewaretoken]").value;
  let touched = Date.now(), told = Date.now(), leaving = false;

  // Two may want to leave in one moment (the minute is over, and the desk says so): the first goes, the other does not cut it off.
  function leave(to) {
    if (leaving) return;
    leaving = true;
    location.replace(to);
  }

  function touch() {
    touched = Date.now();
    box.hidden = true;
    if (touched - told < 10000) return;
    told = touched;
    fetch(here.dataset.keep, { method: "POST", headers: { "X-CSRFToken": token } });
  }
  for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, touch);

  const watch = setInterval(() => {
    const rest = Math.ceil(idle - (Date.now() - touched) / 1000);
    if (rest <= 0) {
      here.replaceChildren();
      document.title = "";
      const gone = () => leave(here.dataset.start);
      clearInterval(watch);
      fetch(here.dataset.forget, { method: "POST", headers: { "X-CSRFToken": token } }).then(gone, gone);
    } else if (rest <= warn) {
      left.textContent = rest;
      if (box.hidden) { box.hidden = false; box.querySelector("button").focus(); }
    }
  }, 500);

  setInterval(async () => {
    const answer = await fetch(here.dataset.stateUrl).then((got) => got.json()).catch(() => null);
    if (answer && answer.state !== here.dataset.state) leave(answer.state === "none" ? here.dataset.start : here.dataset.wait);
  }, 4000);
})();
