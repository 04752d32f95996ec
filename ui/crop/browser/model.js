// What the page will look like once Python has done what was pressed: the same rules as in ui/crop/presses.py, so that
// the next picture is drawn at once. Python's word replaces it as soon as it arrives.
const KEPT = "kept";
const PROPOSED = "proposed";

function chosen(picture) {
  if (!picture || !picture.faces.length) return null;
  return (picture.faces.find((face) => face.state === PROPOSED) || picture.faces[0]).id;
}

function pictureOf(state, id) {
  return state.pictures.find((picture) => picture.id === id);
}

function step(state, by) {
  const place = state.pictures.findIndex((picture) => picture.id === state.at);
  const next = state.pictures[place + by];
  if (next) {
    state.at = next.id;
    state.active = chosen(next);
    state.redraw = state.zoom = false;
  } else if (by > 0 ? state.more : state.earlier) {
    state.waiting = true; // it is there, but has not been sent yet
  }
}

function onwards(state, picture) {
  const left = picture.faces.find((face) => face.state === PROPOSED);
  if (left) state.active = left.id;
  else step(state, 1);
}

const EFFECTS = {
  next: (state) => step(state, 1),
  back: (state) => step(state, -1),
  keep(state, press, picture, face) {
    face.state = KEPT;
    onwards(state, picture);
  },
  reject(state, press, picture, face) {
    picture.faces = picture.faces.filter((other) => other !== face);
    onwards(state, picture);
  },
  name(state, press, picture, face) {
    Object.assign(face, { state: KEPT, name: press.name });
    onwards(state, picture);
  },
  only(state, press, picture, face) {
    face.state = KEPT;
    picture.faces = [face];
    step(state, 1);
  },
  all(state, press, picture) {
    for (const face of picture.faces) face.state = KEPT;
    step(state, 1);
  },
  aside: (state) => step(state, 1),
  select(state, press) {
    state.active = press.face;
  },
  face(state, press, picture, face) {
    const { faces } = picture;
    state.active = faces[(faces.indexOf(face) + 1) % faces.length].id;
  },
  move(state, press, picture, face) {
    const [x, y, w, h] = press.box;
    Object.assign(face, { x, y, w, h, state: KEPT });
    state.active = face.id;
  },
  rename(state, press, picture, face) {
    Object.assign(face, { state: KEPT, name: press.name });
    state.active = face.id;
  },
  remove(state, press, picture, face) {
    picture.faces = picture.faces.filter((other) => other !== face);
    if (state.active === face.id) state.active = chosen(picture);
  },
  redraw(state) {
    state.redraw = !state.redraw;
  },
  zoom(state) {
    state.zoom = !state.zoom;
  },
  // What these lead to only Python knows: keys that follow wait for it.
  undo: (state) => (state.waiting = true),
  redo: (state) => (state.waiting = true),
  drawn: (state) => (state.waiting = true),
};

const WITHOUT_FACE = ["next", "back", "aside", "undo", "redo", "drawn", "redraw", "all"];

function simulate(state, press) {
  const picture = pictureOf(state, press.picture);
  const face = picture && picture.faces.find((other) => other.id === press.face);
  if (!WITHOUT_FACE.includes(press.act) && !face) return;
  EFFECTS[press.act](state, press, picture || { faces: [] }, face);
}

// Python's state with the presses that it does not know of yet.
function replay(data, presses) {
  const state = structuredClone(data);
  state.waiting = false;
  for (const press of presses) simulate(state, press);
  return state;
}
