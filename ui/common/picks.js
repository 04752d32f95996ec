// Pictures to pick from: a click picks, Shift takes everything since the last click; Python is told of all picks at once.
// What was clicked here counts until Python changes the picks itself (another round) or shows other pictures.
class Picks {
  constructor(parent) {
    this.root = parent.querySelector("#picks");
    this.picked = new Set();
    this.root.addEventListener("click", (event) => {
      const tile = event.target.closest(".tile");
      if (tile) this.toggle([...this.root.children].indexOf(tile), event.shiftKey);
    });
  }

  update(data, tell) {
    const page = JSON.stringify([data.round, data.tiles.map((tile) => tile.id)]);
    this.tell = tell;
    this.tiles = data.tiles;
    if (page !== this.page) {
      this.picked = new Set(data.picked);
      this.from = null;
    }
    this.page = page;
    this.root.setAttribute("aria-label", data.label);
    this.root.style.setProperty("--side", `${data.side}px`);
    const shown = JSON.stringify(data.tiles);
    if (shown !== this.shown) this.root.replaceChildren(...data.tiles.map((tile) => this.drawn(tile, data)));
    this.shown = shown;
    this.mark();
  }

  drawn({ src, name, about }, { missing }) {
    const tile = document.createElement("button");
    tile.className = "tile";
    tile.title = about;
    const picture = src ? Object.assign(new Image(), { src, alt: name ? "" : about, draggable: false }) : document.createElement("span");
    if (!src) Object.assign(picture, { className: "missing", textContent: missing });
    tile.append(picture, Object.assign(document.createElement("span"), { className: "name", textContent: name }));
    return tile;
  }

  toggle(at, range) {
    const ids = this.tiles.map((tile) => tile.id);
    if (range && this.from !== null) {
      for (const id of ids.slice(Math.min(at, this.from), Math.max(at, this.from) + 1)) this.picked.add(id);
    } else if (!this.picked.delete(ids[at])) this.picked.add(ids[at]);
    this.from = at;
    this.mark();
    this.tell({ shown: ids, picked: ids.filter((id) => this.picked.has(id)) });
  }

  mark() {
    this.tiles.forEach((tile, at) => this.root.children[at].setAttribute("aria-pressed", this.picked.has(tile.id)));
  }
}

export default function ({ data, parentElement, setStateValue }) {
  parentElement.picks ??= new Picks(parentElement);
  parentElement.picks.update(data, (value) => setStateValue("picked", value));
}
