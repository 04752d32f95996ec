// The component: listens to keys, mouse and the page's buttons, keeps what Python does not know of yet, and draws.
const memory = (globalThis.whoamiReview ??= new Map()); // a tab's review -> what was pressed in it
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
const OWN_ARROWS = "[role=slider], [role=radiogroup], [role=radio], [role=tablist], [role=listbox], [role=combobox]";
const DRAWING = 1000; // pixels: side of the drawing canvas, scaled to the stage (ui/crop/canvas.py)

class ReviewStage {
  constructor(parent) {
    this.root = parent.querySelector(".wr-stage");
    this.picture = parent.querySelector(".wr-picture");
    this.boxes = parent.querySelector(".wr-boxes");
    this.status = parent.querySelector(".wr-status");
    this.frame = this.root.closest(".st-key-review_picture");
    this.held = null; // the press of the mouse that is under way
    this.listening = new AbortController();
    const on = (target, names, act, options = {}) => {
      for (const name of names.split(" ")) {
        target.addEventListener(name, act.bind(this), { signal: this.listening.signal, ...options });
      }
    };
    on(document, "keydown", this.key);
    on(document, "click", this.button, { capture: true });
    on(this.frame, "pointerdown", this.down, { capture: true });
    on(this.frame, "mousedown", this.swallow, { capture: true });
    on(this.frame, "dblclick", this.rename, { capture: true });
    on(this.frame, "mousemove", this.hover, { capture: true });
    on(document, "pointermove", this.moveTo, { capture: true });
    on(document, "pointerup pointercancel", this.up, { capture: true });
    this.resized = new ResizeObserver(() => this.state && this.draw());
    this.resized.observe(this.root);
    on(window, "resize", () => this.state && this.draw());
    const focused = document.activeElement;
    if (!focused || focused === document.body || focused.closest(".st-key-crop_view")) {
      this.root.focus({ preventScroll: true });
    }
  }

  close() {
    this.listening.abort();
    this.resized.disconnect();
  }

  // What Python says, and how to answer it.
  update(data, send) {
    this.data = data;
    this.send = (presses) => send({ token: data.token, presses });
    if (!memory.has(data.token)) memory.set(data.token, { queue: new PressQueue(), inbox: [] });
    Object.assign(this, memory.get(data.token));
    this.queue.serial = Math.max(this.queue.serial, data.acknowledged);
    this.queue.acknowledge(data.acknowledged);
    for (const picture of data.pictures) imageOf(picture.url);
    this.state = replay(data, this.queue.unacknowledged);
    this.work();
    if (data.more && !this.queue.unacknowledged.length && this.ahead() < 6 && this.askedAt !== data.reach) {
      this.askedAt = data.reach;
      this.send([]); // time to prepare more pictures
    }
  }

  ahead() {
    return this.state.pictures.length - this.state.pictures.findIndex((picture) => picture.id === this.state.at) - 1;
  }

  // Do what was pressed, in order, as far as it is known what it is about; draw; tell Python.
  work() {
    while (this.inbox.length && !this.state.waiting) this.press(this.inbox.shift());
    this.draw();
    this.queue.flush(this.send);
  }

  does(act, more = {}) {
    this.hint("");
    this.inbox.push({ act, ...more });
    this.work();
  }

  press(press) {
    const picture = pictureOf(this.state, this.state.at);
    press = { picture: this.state.at, face: this.state.active, ...press };
    const face = picture && picture.faces.find((other) => other.id === press.face);
    if (!WITHOUT_FACE.includes(press.act) && !face) return this.hint(this.say("There is no face here. Draw one, or go on."));
    if (face) press.revision = face.revision;
    this.queue.add(press);
    simulate(this.state, press);
  }

  // keys and buttons

  key(event) {
    if (event.key === "Tab") this.quieten();
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && event.target.closest(OWN_ARROWS)) return;
    if (event.key === "?") return showKeys(this.root, this.data.sheet, this.say);
    const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const act = this.data.keys[event.shiftKey ? `Shift+${name}` : name];
    const number = "12345".indexOf(event.key);
    if (!act && number < 0) return;
    event.preventDefault();
    if (event.repeat && !(arrow && !this.state.waiting)) return; // a key that is held down decides once
    if (act) return this.does(act);
    this.byNumber(number);
  }

  byNumber(number) {
    const { face, names } = this.data.suggested;
    if (face !== this.state.active || this.queue.unacknowledged.length) return this.hint(this.say("The names for this face are not there yet."));
    if (names[number]) this.does("name", { name: names[number] });
  }

  // The page's own buttons are keys too: a click on one is about what is drawn, not about what Python drew last.
  button(event) {
    if (!event.target.closest) return;
    if (event.target.closest(".st-key-rv_sheet button")) {
      event.stopPropagation();
      return showKeys(this.root, this.data.sheet, this.say);
    }
    for (const [key, act] of Object.entries(this.data.buttons)) {
      const button = event.target.closest(`.st-key-${key} button`);
      if (!button || button.disabled) continue;
      event.stopPropagation();
      event.preventDefault();
      return act.startsWith("name") ? this.byNumber(Number(act.slice(5)) - 1) : this.does(act);
    }
  }

  // mouse

  point(event) {
    const at = this.root.getBoundingClientRect();
    return [event.clientX - at.left, event.clientY - at.top];
  }

  hit(event) {
    if (!this.view || this.state.redraw) return null;
    return faceAt(this.state, this.view, ...this.point(event));
  }

  canvas() {
    const host = this.frame.querySelector(".st-key-review_draw");
    const within = (node) => {
      for (const inner of node.querySelectorAll("*")) {
        if (inner.classList.contains("upper-canvas")) return inner;
        const found = inner.shadowRoot && within(inner.shadowRoot);
        if (found) return found;
      }
      return null;
    };
    return host && within(host);
  }

  // Its toolbar is of no use over the stage, and nothing of it is a stop for Tab: the boxes are chosen with F.
  quieten() {
    const canvas = this.canvas();
    const shadow = canvas && canvas.getRootNode();
    if (!shadow || shadow.querySelector(".wr-quiet")) return;
    const style = element("style", "wr-quiet", ".dc-toolbar { display: none !important; }");
    shadow.append(style);
    for (const stop of shadow.querySelectorAll("canvas, [tabindex], .dc-scroll")) stop.setAttribute("tabindex", "-1");
  }

  down(event) {
    if (event.button || !this.state || this.state.waiting || event.target.closest("dialog")) return;
    const [x, y] = this.point(event);
    const hit = this.hit(event);
    if (hit || event.pointerType === "mouse") this.held = { x, y, event, hit, moved: false };
    if (hit) event.stopPropagation();
    this.root.focus({ preventScroll: true });
  }

  // The canvas below learns of a press only once it is a drag beside all boxes.
  swallow(event) {
    if (event.target.closest("dialog")) return;
    if (this.held ? event.isTrusted : this.state && this.state.waiting) {
      event.stopPropagation();
      event.preventDefault();
    }
  }

  hover(event) {
    this.quieten();
    const canvas = event.composedPath()[0];
    if (this.held || !canvas.style) return;
    const hit = this.hit(event);
    if (hit) event.stopPropagation();
    const edges = hit && hit.edges;
    canvas.style.cursor = !hit ? "crosshair" : !edges ? "move" : `${edges}-resize`;
  }

  moveTo(event) {
    const { held } = this;
    if (!held || held.drawing) return;
    const [x, y] = this.point(event);
    if (!held.moved && Math.hypot(x - held.x, y - held.y) < DRAG) return;
    held.moved = true;
    if (!held.hit) return this.startDrawing(held);
    const picture = pictureOf(this.state, this.state.at);
    const { face, edges } = held.hit;
    held.box = dragged(face, edges, (x - held.x) / this.view.scale, (y - held.y) / this.view.scale, picture);
    this.draw({ ...face, ...held.box });
  }

  startDrawing(held) {
    const canvas = this.canvas();
    if (!canvas) return (this.held = null);
    held.drawing = true;
    const { clientX, clientY } = held.event;
    canvas.dispatchEvent(new MouseEvent("mousedown", { clientX, clientY, bubbles: true, composed: true, buttons: 1 }));
  }

  up(event) {
    const { held } = this;
    this.held = null;
    if (!held) return;
    if (held.drawing) {
      const instead = this.state.redraw ? this.state.active : null;
      const { x, y, scale } = this.drawnOn;
      // after the canvas has had its own mouseup
      setTimeout(() => this.does("drawn", { instead, region: [x, y, scale] }), 0);
    } else if (held.box && event.type === "pointerup") {
      const { x, y, w, h } = held.box;
      this.does("move", { face: held.hit.face.id, box: [x, y, w, h] });
    } else if (held.hit) {
      if (held.hit.face.id !== this.state.active) this.does("select", { face: held.hit.face.id });
      else this.draw();
    }
  }

  rename(event) {
    const hit = this.hit(event);
    if (!hit || event.target.closest("dialog")) return;
    event.stopPropagation();
    const { id, name } = hit.face;
    const at = this.state.at;
    askName(this.root, this.data.names, name, this.say, (chosen) => this.does("rename", { picture: at, face: id, name: chosen }));
  }

  // drawing

  hint(text) {
    this.status.textContent = text;
  }

  // To the lower end of the window beside the panel; above it, as high as the picture is, and half the window at most.
  fitWindow(picture) {
    const row = this.frame.closest(".st-key-review_row");
    const scroller = this.frame.closest("[data-testid=stMain]");
    const at = this.frame.getBoundingClientRect();
    const top = at.top + (scroller ? scroller.scrollTop : 0);
    const beside = !row || at.width < row.getBoundingClientRect().width * 0.8;
    const room = beside ? window.innerHeight - top - 44 : Math.min(window.innerHeight * 0.4, (at.width / picture.width) * picture.height);
    this.frame.style.setProperty("--wr-height", `${Math.max(Math.round(room), beside ? 340 : 220)}px`);
  }

  draw(dragging = null) {
    const picture = pictureOf(this.state, this.state.at);
    if (picture) this.fitWindow(picture);
    const { width, height } = this.root.getBoundingClientRect();
    this.frame.classList.toggle("wr-waiting", this.state.waiting);
    if (!picture || !width) return;
    const shown = dragging && {
      ...this.state,
      active: dragging.id,
      pictures: [{ ...picture, faces: picture.faces.map((face) => (face.id === dragging.id ? dragging : face)) }],
    };
    const view = (this.view = shown ? this.view : viewOf(this.state, width, height));
    const whole = onStage(view, { x: 0, y: 0, w: picture.width, h: picture.height });
    const image = imageOf(picture.url);
    place(image, whole);
    const layers = [image];
    const { detail } = this.data;
    if (this.state.zoom && detail && detail.picture === picture.id) {
      const sharp = imageOf(detail.url);
      place(sharp, onStage(view, detail));
      layers.push(sharp);
    }
    if (layers.length !== this.picture.children.length || layers.some((layer, i) => this.picture.children[i] !== layer)) {
      this.picture.replaceChildren(...layers);
    }
    drawBoxes(this.boxes, shown || this.state, view);
    this.fitCanvas(view, width, height);
    this.describe(picture);
    const drawn = () => this.state.at === picture.id && (this.root.dataset.picture = picture.id);
    if (image.complete) drawn();
    else image.addEventListener("load", drawn, { once: true });
  }

  // The drawing canvas is a fixed square, scaled so that it covers what is shown of the picture.
  fitCanvas(view, width, height) {
    const left = Math.max(view.left, 0);
    const top = Math.max(view.top, 0);
    const w = Math.min(view.w * view.scale, width);
    const h = Math.min(view.h * view.scale, height);
    const factor = Math.max(w, h) / DRAWING;
    this.drawnOn = { x: view.x, y: view.y, scale: view.scale / factor };
    const style = this.frame.style;
    for (const [name, value] of Object.entries({ left, top, w, h })) style.setProperty(`--wr-${name}`, `${value}px`);
    style.setProperty("--wr-factor", factor);
  }

  // Words in the language of the page: Python sends them by their English ones (ui/crop/stage.py).
  say = (english, values = {}) =>
    Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, () => value), this.data.words[english] ?? english);

  describe(picture) {
    const n = picture.faces.length;
    const parts = [this.say(n === 1 ? "Picture {place} of {total}, 1 face." : "Picture {place} of {total}, {n} faces.",
      { place: picture.place, total: this.data.total, n })];
    const face = picture.faces.find((other) => other.id === this.state.active);
    if (face) parts.push(this.say("Selected: {name}, {state}.", { name: face.name || this.say("unnamed"), state: this.say(face.state) }));
    this.root.setAttribute("aria-label", parts.join(" "));
    this.root.setAttribute("aria-roledescription", this.say("picture with boxes"));
  }
}

export default function ({ data, parentElement, setStateValue }) {
  parentElement.review ??= new ReviewStage(parentElement);
  parentElement.review.update(data, (value) => setStateValue("presses", value));
  return () => {
    parentElement.review.close();
    delete parentElement.review;
  };
}
