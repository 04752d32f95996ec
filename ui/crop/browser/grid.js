// The grid of faces: a click picks, Shift takes everything in between, keys decide. What is picked is Python's to know
// (on all pages); a pick that it has not acknowledged yet is drawn all the same.
const memory = (globalThis.whoamiGrid ??= new Map());
const TYPING = "input, textarea, select, [contenteditable=true]";

class FaceGrid {
  constructor(parent) {
    this.root = parent.querySelector(".wg-grid");
    this.from = null; // where a range begins
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.root.addEventListener("click", (event) => this.click(event), { signal });
    this.root.addEventListener("keydown", (event) => this.key(event), { signal });
    // a button of the page acts on what is picked: tell Python first
    const before = (event) => {
      if (event.target.closest && event.target.closest(".st-key-rg_bar button, .st-key-rg_bulk button")) this.queue.hurry(this.send);
    };
    document.addEventListener("click", before, { signal, capture: true });
  }

  close() {
    this.listening.abort();
  }

  update(data, send) {
    this.data = data;
    this.root.setAttribute("aria-label", data.label);
    this.send = (presses) => send({ token: data.token, presses });
    if (!memory.has(data.token)) memory.set(data.token, { queue: new PressQueue() });
    Object.assign(this, memory.get(data.token));
    this.queue.serial = Math.max(this.queue.serial, data.acknowledged);
    this.queue.acknowledge(data.acknowledged);
    this.draw();
    this.queue.flush(this.send);
  }

  // the tiles that are there and those that are picked, with what Python does not know of yet
  now() {
    const picked = new Set(this.data.picked);
    const gone = new Set();
    for (const { act, faces } of this.queue.unacknowledged) {
      for (const face of faces) {
        if (act === "pick") picked.add(face);
        else picked.delete(face);
        if (act === "keep" || act === "reject") gone.add(face);
      }
    }
    return { picked, tiles: this.data.tiles.filter((tile) => !gone.has(tile.id)) };
  }

  does(act, faces) {
    if (!faces.length && act !== "undo") return;
    this.queue.add({ act, faces });
    this.draw();
    this.queue.flush(this.send);
  }

  // a click or Space: this one, or with Shift all from the last one to here
  toggle(id, range) {
    const { picked, tiles } = this.now();
    const ids = tiles.map((tile) => tile.id);
    if (range && ids.includes(this.from)) {
      const [a, b] = [ids.indexOf(this.from), ids.indexOf(id)].sort((x, y) => x - y);
      return this.does("pick", ids.slice(a, b + 1));
    }
    this.from = id;
    this.does(picked.has(id) ? "unpick" : "pick", [id]);
  }

  click(event) {
    const tile = event.target.closest(".wg-tile");
    if (tile) this.toggle(Number(tile.dataset.face), event.shiftKey);
  }

  key(event) {
    if (event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    const tiles = [...this.root.querySelectorAll(".wg-tile")];
    const at = tiles.indexOf(document.activeElement);
    const { picked, tiles: shown } = this.now();
    const across = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    const key = event.key.toLowerCase();
    if (event.ctrlKey && key !== "a") return;
    if (step && tiles[at + step]) {
      const next = tiles[at + step];
      next.focus();
      if (event.shiftKey) {
        this.from ??= Number(tiles[at].dataset.face);
        this.toggle(Number(next.dataset.face), true);
      }
    } else if (!step && event.repeat) {
      return;
    } else if (key === " " || key === "enter") {
      this.toggle(Number(tiles[at].dataset.face), event.shiftKey);
    } else if (key === "a") {
      this.does("pick", shown.map((tile) => tile.id));
    } else if (key === "escape") {
      this.does("unpick", [...picked]);
    } else if (key === "z") {
      this.does("undo", []);
    } else if (key === "k" || key === "x") {
      const here = shown.map((tile) => tile.id).filter((id) => picked.has(id));
      const faces = here.length || picked.size ? [...picked] : [Number(tiles[at].dataset.face)];
      this.focusAt = Math.max(at, 0);
      this.does(key === "k" ? "keep" : "reject", faces);
    } else if (!step) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  draw() {
    const focused = this.root.contains(document.activeElement) ? Number(document.activeElement.dataset.face) : null;
    const { picked, tiles } = this.now();
    const before = new Map([...this.root.children].map((tile) => [Number(tile.dataset.face), tile]));
    const made = tiles.map((tile) => before.get(tile.id) || this.tile(tile));
    if (made.length !== this.root.children.length || made.some((tile, i) => this.root.children[i] !== tile)) {
      this.root.replaceChildren(...made);
    }
    for (const tile of made) tile.setAttribute("aria-pressed", picked.has(Number(tile.dataset.face)));
    const stop = made.find((tile) => Number(tile.dataset.face) === focused) || made[Math.min(this.focusAt ?? 0, made.length - 1)];
    for (const tile of made) tile.tabIndex = tile === stop ? 0 : -1;
    if (focused !== null && stop) stop.focus({ preventScroll: true });
  }

  tile({ id, url, name, about }) {
    const tile = document.createElement("button");
    tile.className = "wg-tile";
    tile.dataset.face = id;
    tile.title = about;
    const image = new Image();
    Object.assign(image, { src: url, alt: "", draggable: false });
    const label = document.createElement("span");
    label.textContent = name;
    tile.append(image, label);
    tile.addEventListener("focus", () => {
      for (const other of this.root.children) other.tabIndex = other === tile ? 0 : -1;
    });
    return tile;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  parentElement.grid ??= new FaceGrid(parentElement);
  parentElement.grid.update(data, (value) => setStateValue("presses", value));
  return () => {
    parentElement.grid.close();
    delete parentElement.grid;
  };
}
