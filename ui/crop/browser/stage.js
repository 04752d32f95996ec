// The picture as large as fits, with its boxes; what the mouse does to them. Coordinates: `view` maps pixels of the
// picture to pixels of the stage. New boxes are drawn on streamlit-drawable-canvas, which lies over the stage and is
// transparent: a press on a box is taken here, one beside all boxes is handed on to it as soon as the mouse moves, so
// that a plain click leaves nothing behind.
const GRIP = 7; // pixels around a corner or an edge that are its handle
const DRAG = 4; // pixels from which a press is a drag
const LEAST = 8; // pixels of the picture: the smallest side of a box

function viewOf(state, width, height) {
  const picture = pictureOf(state, state.at);
  if (!picture) return null;
  let region = { x: 0, y: 0, w: picture.width, h: picture.height };
  let most = 2;
  const face = picture.faces.find((other) => other.id === state.active);
  if (state.zoom && face) {
    const side = Math.max(face.w, face.h) * 2.2;
    const x = Math.max(face.x + face.w / 2 - side / 2, 0);
    const y = Math.max(face.y + face.h / 2 - side / 2, 0);
    region = { x, y, w: Math.min(side, picture.width - x), h: Math.min(side, picture.height - y) };
    most = 8;
  }
  const scale = Math.min(width / region.w, height / region.h, most);
  return { ...region, scale, left: (width - region.w * scale) / 2, top: (height - region.h * scale) / 2 };
}

function onStage(view, box) {
  return {
    left: view.left + (box.x - view.x) * view.scale,
    top: view.top + (box.y - view.y) * view.scale,
    width: box.w * view.scale,
    height: box.h * view.scale,
  };
}

// Which face lies under a point of the stage, and which of its edges: the active one first, then the smallest.
function faceAt(state, view, x, y) {
  const picture = pictureOf(state, state.at);
  const faces = [...(picture ? picture.faces : [])];
  faces.sort((a, b) => (b.id === state.active) - (a.id === state.active) || a.w * a.h - b.w * b.h);
  for (const face of faces) {
    const at = onStage(view, face);
    const right = at.left + at.width;
    const bottom = at.top + at.height;
    if (x < at.left - GRIP || x > right + GRIP || y < at.top - GRIP || y > bottom + GRIP) continue;
    const edges = {
      w: Math.abs(x - at.left) <= GRIP,
      e: Math.abs(x - right) <= GRIP,
      n: Math.abs(y - at.top) <= GRIP,
      s: Math.abs(y - bottom) <= GRIP,
    };
    if (edges.w && edges.e) edges.w = false;
    if (edges.n && edges.s) edges.n = false;
    return { face, edges: ["n", "s", "w", "e"].filter((edge) => edges[edge]).join("") };
  }
  return null;
}

// A box after a drag by (dx, dy) pixels of the picture: moved whole, or at the edges named; it stays in the picture.
function dragged(face, edges, dx, dy, picture) {
  let [x1, y1, x2, y2] = [face.x, face.y, face.x + face.w, face.y + face.h];
  if (!edges) {
    dx = Math.min(Math.max(dx, -x1), picture.width - x2);
    dy = Math.min(Math.max(dy, -y1), picture.height - y2);
    return { x: x1 + dx, y: y1 + dy, w: face.w, h: face.h };
  }
  if (edges.includes("w")) x1 = Math.min(Math.max(x1 + dx, 0), x2 - LEAST);
  if (edges.includes("e")) x2 = Math.max(Math.min(x2 + dx, picture.width), x1 + LEAST);
  if (edges.includes("n")) y1 = Math.min(Math.max(y1 + dy, 0), y2 - LEAST);
  if (edges.includes("s")) y2 = Math.max(Math.min(y2 + dy, picture.height), y1 + LEAST);
  return { x: x1, y: y1, w: x2 - x1, h: y2 - y1 };
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

const loaded = new Map(); // address -> image, decoded before it is needed

function imageOf(url) {
  if (!loaded.has(url)) {
    const image = new Image();
    image.src = url;
    image.alt = "";
    image.draggable = false;
    image.decode().catch(() => {});
    loaded.set(url, image);
    if (loaded.size > 60) loaded.delete(loaded.keys().next().value);
  }
  return loaded.get(url);
}

function place(node, at) {
  for (const [name, value] of Object.entries(at)) node.style[name] = `${value}px`;
}

function drawBoxes(layer, state, view) {
  const picture = pictureOf(state, state.at);
  layer.replaceChildren();
  for (const face of picture.faces) {
    const active = face.id === state.active;
    const box = element("div", `wr-box wr-${face.state}${active ? " wr-active" : ""}`);
    box.dataset.face = face.id;
    const at = onStage(view, face);
    place(box, at);
    const label = element("span", at.top < 24 ? "wr-label wr-inside" : "wr-label", face.name);
    if (face.score) label.append(element("small", "", face.score.toFixed(2)));
    box.append(label);
    if (active) for (const corner of ["nw", "ne", "sw", "se"]) box.append(element("i", `wr-grip wr-${corner}`));
    layer.append(box);
  }
}
