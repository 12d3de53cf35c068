// The signature pad: lines drawn by mouse, pen or finger stand as "x,y x,y;x,y ..." in the form's own field.
// Without this script the pad stays hidden, and the typed name with its tick is the signature.
(() => {
  const WIDE = 1000, HIGH = 300, MOST = 4000;

  const read = (text) => text.split(";").filter(Boolean).map((line) => line.split(" ").map((point) => point.split(",").map(Number)));
  const write = (strokes) => strokes.map((line) => line.map((point) => point.join(",")).join(" ")).join(";");

  function draw(canvas, strokes) {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, WIDE, HIGH);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    for (const line of strokes) {
      pen.beginPath();
      pen.moveTo(line[0][0], line[0][1]);
      for (const [x, y] of line) pen.lineTo(x + (line.length === 1 ? 1 : 0), y);
      pen.stroke();
    }
  }

  function begin(pad) {
    if (pad.dataset.begun) return;
    pad.dataset.begun = "yes";
    const canvas = pad.querySelector("canvas"), field = pad.closest("form").querySelector("input[name=strokes]");
    if (!field || !canvas.getContext) return;
    pad.hidden = false;
    let strokes = read(field.value), line = null;
    const show = () => draw(canvas, strokes);
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const x = ((event.clientX - box.left) * WIDE) / box.width, y = ((event.clientY - box.top) * HIGH) / box.height;
      return [Math.max(0, Math.min(WIDE, Math.round(x))), Math.max(0, Math.min(HIGH, Math.round(y)))];
    };
    const room = () => strokes.reduce((sum, one) => sum + one.length, 0) < MOST;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || !room()) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      strokes.push((line = [at(event)]));
      show();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!line || !room()) return;
      const point = at(event), last = line[line.length - 1];
      if (Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) < 4) return;
      line.push(point);
      show();
    });
    const end = () => {
      line = null;
      field.value = write(strokes);
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    pad.querySelector(".sign-clear").addEventListener("click", () => {
      strokes = [];
      end();
      show();
    });
    show();
  }

  const all = (root) => root.querySelectorAll("[data-sign-pad]").forEach(begin);
  document.addEventListener("htmx:load", (event) => all(event.target.parentElement || document));
  all(document);
})();
