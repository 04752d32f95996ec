// The names of the characters over their points: those with most faces first, none over another, so that a closer look
// shows more of them. Drawn here, as Plotly would make each of its notes anew in every frame of a move.
const LETTERS = 13, ABOVE = 6, PAD = 1; // pixels

function writeNames(pen, memory, event) {
  const layout = memory.chart._fullLayout, { l, t, w, h } = layout._size;
  const [[x0, x1], [y0, y1]] = rangesOf(layout, event);
  const taken = [];
  pen.font = `${LETTERS}px ${layout.font.family}`;
  pen.textBaseline = "bottom";
  for (const { name, x, y } of memory.names) {
    const width = pen.measureText(name).width + 2 * PAD, height = LETTERS + 3 + 2 * PAD;
    const fx = (x - x0) / (x1 - x0), fy = (y - y0) / (y1 - y0);
    if (fx < 0 || fx > 1 || fy < 0 || fy > 1) continue;
    const left = Math.max(l, Math.min(l + fx * w - width / 2, l + w - width)); // whole, at the edge too
    const top = Math.max(t, t + (1 - fy) * h - ABOVE - height);
    const box = { left, top, right: left + width, bottom: top + height };
    if (taken.some((one) => one.left < box.right && box.left < one.right && one.top < box.bottom && box.top < one.bottom)) continue;
    taken.push(box);
    pen.globalAlpha = 0.75;
    pen.fillStyle = layout.paper_bgcolor;
    pen.fillRect(left, top, width, height);
    pen.globalAlpha = 1;
    pen.fillStyle = memory.ink;
    pen.fillText(name, left + PAD, box.bottom - PAD);
  }
}

// The camera saves what Plotly draws: for that moment the names are notes of the chart.
function withNames(memory, event) {
  const { chart } = memory;
  if (!chart || !/png/i.test(event.target.closest?.(".modebar-btn")?.dataset.title ?? "")) return;
  const before = chart.layout.annotations;
  chart.layout.annotations = memory.names.map((one) => one.note);
  setTimeout(() => (chart.layout.annotations = before), 0);
}
