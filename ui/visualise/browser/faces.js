// Beside Plotly's map: a card with the face under the pointer, faces in place of points while there is room for them,
// what stands out (picked, found, near), and the names (names.js). Everything shown is set as text, drawn on a canvas or the source of a
// picture; nothing from the data becomes HTML.
const MOST = 300; // faces drawn at once
const LARGEST = 56, SMALLEST = 22; // pixels of such a face
const ROOM = 15; // pixels between neighbours, from which on points are drawn as faces
const PATIENCE = 1500; // ms until what did not arrive is asked for again
const BATCH = 150; // pictures asked for at once
const RING = "#e6007e";

// Whoever follows a link leaves the page: a wish that came after the click would be granted on the next one, and take
// away what it shows. Should the page stay after all, it is asked again.
const LEAVING = 3000; // ms
let leftUntil = 0;
document.addEventListener("click", (event) => event.target.closest?.("a[href]") && (leftUntil = performance.now() + LEAVING), true);

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const card = parentElement.querySelector("#card");
  const memory = (card.memory ??= { faces: new Map(), queue: new Set(), n: 0 });
  if (memory.map !== data.map) Object.assign(memory, { map: data.map, faces: new Map(), queue: new Set() });
  memory.drawsFaces = data.faces;
  memory.names = data.names;
  memory.ink = data.dark ? "#f4f7fa" : "#0d151c";
  memory.marks = Object.fromEntries(Object.entries(data.marks).map(([k, v]) => [k, Array.isArray(v) ? new Set(v) : v]));
  memory.send = (what) => performance.now() > leftUntil && setTriggerValue("want", what);
  for (const one of data.pictures) {
    if (memory.faces.has(one.id)) continue;
    const image = new Image();
    image.onload = () => draw(memory);
    if (one.src) image.src = one.src;
    memory.faces.set(one.id, { ...one, image });
    memory.queue.delete(one.id);
  }
  if (data.n === memory.n) memory.sentAt = 0;
  if (memory.hovered) show(card, memory);
  flush(memory);
  attach(card, memory, data.chart);
  draw(memory);
  clearInterval(memory.watch);
  memory.watch = setInterval(() => attach(card, memory, data.chart), 300);
  return () => {
    clearInterval(memory.watch);
    memory.canvas?.remove();
    memory.chart = memory.canvas = memory.hovered = null;
    card.hidden = true;
  };
}

// Plotly's chart comes and goes with its settings: whatever is there now is listened to.
function attach(card, memory, key) {
  const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  if (!chart?.on || !chart._fullLayout) return;
  if (chart !== memory.chart) {
    memory.chart = chart;
    const mine = (act) => (event) => memory.chart === chart && act(event);
    chart.on("plotly_hover", mine((event) => hover(card, memory, event)));
    chart.on("plotly_unhover", mine(() => leave(card, memory)));
    chart.on("plotly_relayouting", mine((event) => draw(memory, event)));
    chart.on("plotly_relayout", mine(() => (draw(memory), look(memory))));
    chart.on("plotly_afterplot", mine(() => ((memory.points = null), draw(memory))));
    chart.addEventListener("pointerleave", () => leave(card, memory));
    chart.addEventListener("wheel", onlyWithControl, { capture: true });
    chart.addEventListener("click", (event) => withNames(memory, event), { capture: true });
    memory.points = null;
    leave(card, memory);
    draw(memory);
  }
  if (memory.canvas && !memory.canvas.isConnected) draw(memory);
}

// Without Control (or two fingers pinching) the wheel scrolls the page, as everywhere else on it.
function onlyWithControl(event) {
  if (!event.ctrlKey && !event.metaKey) event.stopImmediatePropagation();
}

// ---- the card

function hover(card, memory, event) {
  const point = event.points?.find((one) => idOf(one.customdata) !== undefined);
  if (!point) return;
  const at = event.event ?? {};
  memory.hovered = { id: idOf(point.customdata), x: at.clientX ?? 0, y: at.clientY ?? 0 };
  show(card, memory);
  ask(memory, [memory.hovered.id, ...around(memory, memory.hovered.id)]);
}

function leave(card, memory) {
  memory.hovered = null;
  card.hidden = true;
}

function show(card, memory) {
  const { id, x, y } = memory.hovered;
  const face = memory.faces.get(id);
  const [image, name, about] = card.children;
  if (face?.src) image.src = face.src;
  else image.removeAttribute("src");
  name.textContent = face?.name ?? "";
  about.textContent = face?.about ?? "";
  card.hidden = false;
  const right = x + 20 + card.offsetWidth < window.innerWidth;
  card.style.left = `${Math.max(right ? x + 16 : x - 16 - card.offsetWidth, 4)}px`;
  card.style.top = `${Math.max(Math.min(y - 40, window.innerHeight - card.offsetHeight - 8), 4)}px`;
}

// ---- where the points are

const idOf = (value) => {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "number" ? one : undefined;
};

// Every point that the legend has not switched off.
function pointsOf(memory) {
  if (memory.points) return memory.points;
  memory.points = [];
  for (const trace of memory.chart._fullData) {
    if (trace.visible !== true || !trace.customdata || !trace.x) continue;
    const colour = trace.marker?.color;
    for (let i = 0; i < trace.customdata.length; i++) {
      const id = idOf(trace.customdata[i]);
      if (id !== undefined) memory.points.push({ id, x: trace.x[i], y: trace.y[i], colour });
    }
  }
  return memory.points;
}

function rangesOf(layout, event = {}) {
  return ["xaxis", "yaxis"].map((axis) =>
    [0, 1].map((i) => event[`${axis}.range[${i}]`] ?? event[`${axis}.range`]?.[i] ?? layout[axis].range[i]));
}

// The points in view with their places in pixels; null where there is no plane.
function inView(memory, event) {
  const layout = memory.chart?._fullLayout;
  if (!layout?.xaxis || layout.scene || !layout._size) return null;
  const { l, t, w, h } = layout._size;
  const [[x0, x1], [y0, y1]] = rangesOf(layout, event);
  const found = [];
  for (const { id, x, y, colour } of pointsOf(memory)) {
    const fx = (x - x0) / (x1 - x0), fy = (y - y0) / (y1 - y0);
    if (fx >= 0 && fx <= 1 && fy >= 0 && fy <= 1) found.push({ id, x: l + fx * w, y: t + (1 - fy) * h, colour });
  }
  return found;
}

function around(memory, id) {
  const all = inView(memory) ?? [];
  const centre = all.find((one) => one.id === id);
  if (!centre) return [];
  const far = (one) => (one.x - centre.x) ** 2 + (one.y - centre.y) ** 2;
  return all.filter((one) => far(one) < 60 ** 2).sort((a, b) => far(a) - far(b)).slice(0, 40).map((one) => one.id);
}

// Pixels between neighbours where points are: by how many squares of 24 pixels they share.
function spacing(points) {
  const squares = new Set(points.map(({ x, y }) => Math.floor(x / 24) * 10000 + Math.floor(y / 24)));
  return 24 / Math.sqrt(points.length / squares.size);
}

// Python is told what is in view: the next chart, of other colours or names, then shows the same.
function look(memory) {
  clearTimeout(memory.looking);
  memory.looking = setTimeout(() => {
    const layout = memory.chart?._fullLayout;
    if (layout?.xaxis && !layout.scene) memory.view = rangesOf(layout).flat();
    flush(memory);
  }, 300);
}

// ---- over the chart

function draw(memory, event) {
  cancelAnimationFrame(memory.frame);
  memory.frame = requestAnimationFrame(() => paint(memory, event));
}

function paint(memory, event) {
  const points = memory.chart ? inView(memory, event) : null;
  const marks = memory.marks;
  const outstanding = points && (marks.found.size || marks.near.size);
  const room = points && memory.drawsFaces && points.length <= MOST ? spacing(points) : 0;
  const asFaces = points?.length && room >= ROOM;
  if (!points || !(asFaces || outstanding || marks.picked.size || marks.ringed.size || memory.names.length)) {
    if (memory.canvas) memory.canvas.hidden = true;
    return;
  }
  const pen = clean(memory), { l, t, w, h } = memory.chart._fullLayout._size;
  if (outstanding) {
    pen.globalAlpha = 0.72;
    pen.fillStyle = memory.chart._fullLayout.paper_bgcolor;
    pen.fillRect(l, t, w, h);
    pen.globalAlpha = 1;
  }
  const standsOut = ({ id }) => marks.found.has(id) || marks.near.has(id) || marks.picked.has(id);
  const [front, rest] = [points.filter(standsOut), points.filter((one) => !standsOut(one))];
  const side = Math.max(SMALLEST, Math.min(LARGEST, room * 1.2));
  if (asFaces) for (const one of rest) face(pen, memory, one, side, outstanding ? 0.25 : 1);
  lines(pen, memory, points);
  for (const one of front) if (!(asFaces && face(pen, memory, one, side, 1))) dot(pen, memory, one);
  for (const one of points) {
    if (marks.picked.has(one.id)) ring(pen, one, memory.ink, asFaces ? side : 0);
    if (marks.ringed.has(one.id)) ring(pen, one, RING, asFaces ? side : 0);
  }
  writeNames(pen, memory, event);
  if (asFaces) ask(memory, [...front, ...rest].map((one) => one.id));
}

function face(pen, memory, { id, x, y, colour }, side, alpha) {
  const image = memory.faces.get(id)?.image;
  if (!image?.complete || !image.naturalWidth) return false;
  pen.globalAlpha = alpha;
  pen.drawImage(image, x - side / 2, y - side / 2, side, side);
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.strokeRect(x - side / 2, y - side / 2, side, side);
  pen.globalAlpha = 1;
  return true;
}

function dot(pen, memory, { x, y, colour }) {
  pen.beginPath();
  pen.arc(x, y, 5.5, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
  pen.strokeStyle = memory.chart._fullLayout.paper_bgcolor;
  pen.lineWidth = 1;
  pen.stroke();
}

function ring(pen, { x, y }, colour, side) {
  pen.beginPath();
  if (side) pen.rect(x - side / 2 - 2, y - side / 2 - 2, side + 4, side + 4);
  else pen.arc(x, y, 8, 0, 2 * Math.PI);
  pen.strokeStyle = colour;
  pen.lineWidth = 3;
  pen.stroke();
}

function lines(pen, memory, points) {
  const start = points.find((one) => one.id === memory.marks.around);
  if (!start) return;
  pen.strokeStyle = memory.ink;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.6;
  pen.beginPath();
  for (const { id, x, y } of points) {
    if (!memory.marks.near.has(id)) continue;
    pen.moveTo(start.x, start.y);
    pen.lineTo(x, y);
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

// A clean canvas over the points and below the names; the mouse goes through it.
function clean(memory) {
  if (!memory.canvas?.isConnected || !memory.chart.contains(memory.canvas)) {
    memory.canvas?.remove();
    memory.canvas = document.createElement("canvas");
    memory.canvas.setAttribute("aria-hidden", "true");
    Object.assign(memory.canvas.style, { position: "absolute", left: 0, top: 0, pointerEvents: "none" });
    const names = memory.chart.querySelector(".infolayer")?.closest(".main-svg") ?? null;
    (names?.parentElement ?? memory.chart.querySelector(".svg-container")).insertBefore(memory.canvas, names);
  }
  const { canvas } = memory, layout = memory.chart._fullLayout;
  const { l, t, w, h } = layout._size, scale = window.devicePixelRatio || 1;
  canvas.hidden = false;
  canvas.width = layout.width * scale;
  canvas.height = layout.height * scale;
  Object.assign(canvas.style, { width: `${layout.width}px`, height: `${layout.height}px` });
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.beginPath();
  pen.rect(l, t, w, h);
  pen.clip();
  return pen;
}

// ---- pictures

// One request at a time: a second one that came before the answer would take the first one's place.
function ask(memory, ids) {
  memory.queue = new Set(ids.filter((id) => !memory.faces.has(id)));
  if (!memory.queue.size) return;
  clearTimeout(memory.soon);
  memory.soon = setTimeout(() => flush(memory), 50);
}

function flush(memory) {
  const ids = [...memory.queue].filter((id) => !memory.faces.has(id)).slice(0, BATCH);
  if (!ids.length && !memory.view) return;
  clearTimeout(memory.soon);
  const left = memory.sentAt ? memory.sentAt + PATIENCE - Date.now() : 0;
  if (left > 0) {
    memory.soon = setTimeout(() => flush(memory), left);
    return;
  }
  memory.sentAt = Date.now();
  memory.send({ ids, n: ++memory.n, ...(memory.view ? { view: memory.view } : {}) });
  memory.view = null;
}
