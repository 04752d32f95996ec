// The result table: a click on a row opens its face, boxes pick rows for something to be done with many, heads sort.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const table = parentElement.querySelector("table");
  const memory = (table.memory ??= {});
  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  // words in the language of the page: Python sends them by their English ones
  const say = (english, values = {}) =>
    Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, () => value), data.words[english] ?? english);
  const focused = table.getRootNode().activeElement?.dataset?.focus;
  const picked = new Set(data.picked);
  const shown = data.rows.map((row) => row.id);
  const tell = (what) => setTriggerValue("did", { ...what, n: (memory.n = (memory.n ?? 0) + 1) });
  const top = parentElement.querySelector(".scroll").scrollTop;
  table.replaceChildren();
  table.classList.toggle("no-series", !data.series);

  // heads
  const head = table.appendChild(element("thead")).appendChild(element("tr"));
  const all = element("input");
  all.type = "checkbox";
  all.dataset.focus = "all";
  all.setAttribute("aria-label", say("Pick all shown"));
  const showAll = () => {
    const n = shown.filter((id) => picked.has(id)).length;
    all.checked = n > 0 && n === shown.length;
    all.indeterminate = n > 0 && n < shown.length;
  };
  all.onchange = () => {
    for (const id of shown) all.checked ? picked.add(id) : picked.delete(id);
    for (const box of table.querySelectorAll("tbody input")) box.checked = all.checked;
    tell({ picked: shown.filter((id) => picked.has(id)) });
  };
  head.appendChild(element("th", "pick")).append(all);
  head.append(element("th", "face", say("Face")));
  for (const column of data.columns) {
    const cell = head.appendChild(element("th", column.id));
    const button = cell.appendChild(element("button", "", column.label));
    button.type = "button";
    button.dataset.focus = `sort ${column.id}`;
    button.title = say("Sort by {column}", { column: column.label.toLowerCase() });
    if (data.sort === column.id) {
      cell.setAttribute("aria-sort", data.descending ? "descending" : "ascending");
      button.append(element("span", "way", data.descending ? " ↓" : " ↑"));
    }
    button.onclick = () => tell({ sort: column.id });
  }

  // rows
  const body = table.appendChild(element("tbody"));
  for (const row of data.rows) {
    const line = body.appendChild(element("tr"));
    line.dataset.row = row.id;
    line.classList.toggle("chosen", row.id === data.chosen);
    const box = element("input");
    box.type = "checkbox";
    box.checked = picked.has(row.id);
    box.disabled = !row.face;
    box.dataset.focus = `pick ${row.id}`;
    box.setAttribute("aria-label", say("Pick {row}", { row: row.label }));
    box.onclick = (event) => {
      const ids = data.rows.filter((r) => r.face).map((r) => r.id);
      const [a, b] = [ids.indexOf(memory.last ?? row.id), ids.indexOf(row.id)].sort((x, y) => x - y);
      for (const id of event.shiftKey && a >= 0 ? ids.slice(a, b + 1) : [row.id]) {
        box.checked ? picked.add(id) : picked.delete(id);
        const other = body.querySelector(`tr[data-row="${CSS.escape(id)}"] input`);
        if (other) other.checked = box.checked;
      }
      memory.last = row.id;
      showAll();
      tell({ picked: shown.filter((id) => picked.has(id)) });
    };
    line.appendChild(element("td", "pick")).append(box);
    const open = line.appendChild(element("td", "face")).appendChild(element("button", "open"));
    open.type = "button";
    open.dataset.focus = `open ${row.id}`;
    open.setAttribute("aria-label", say("Open {row}", { row: row.label }));
    if (row.id === data.chosen) open.setAttribute("aria-current", "true");
    if (row.src) {
      const picture = open.appendChild(element("img"));
      picture.src = row.src;
      picture.alt = "";
    }
    line.appendChild(element("td", "verdict")).append(element("span", `badge ${row.kind}`, row.verdict));
    const name = line.appendChild(element("td", "character", row.character));
    name.title = row.reason;
    line.append(element("td", "similarity", row.similarity), element("td", "series", row.series));
    line.appendChild(element("td", "picture", row.picture)).title = row.picture;
    line.onclick = (event) => {
      if (event.target.closest("input, td.pick")) return;
      memory.opened = row.id;
      for (const other of body.children) other.classList.toggle("chosen", other === line);
      tell({ open: row.id });
    };
    line.onkeydown = (event) => {
      const next = event.key === "ArrowDown" ? line.nextSibling : event.key === "ArrowUp" ? line.previousSibling : null;
      if (!next) return;
      event.preventDefault();
      next.querySelector(".open").focus();
      next.querySelector(".open").click();
    };
  }
  showAll();
  if (focused) table.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });

  // on a narrow screen a few rows are shown at a time: those that were, and the open one where another was opened
  const scroll = parentElement.querySelector(".scroll");
  scroll.scrollTop = top;
  const line = table.querySelector("tr.chosen");
  if (line && data.chosen !== memory.shown) {
    const above = table.tHead.offsetHeight;
    const below = line.offsetTop + line.offsetHeight - scroll.clientHeight;
    scroll.scrollTop = Math.min(Math.max(scroll.scrollTop, below), line.offsetTop - above);
  }
  memory.shown = data.chosen;

  // the face opens below them, or beside the table: bring it into view, below them with its row
  if (memory.opened === data.chosen && memory.opened) {
    memory.opened = null;
    const face = document.querySelector(".st-key-answer_face");
    const at = face?.getBoundingClientRect();
    const beside = at && at.left >= scroll.getBoundingClientRect().right;
    if (at && (at.top > innerHeight - 160 || at.bottom < 160 || (beside && at.top < 48)))
      (beside ? face : scroll).scrollIntoView({ block: "start" });
  }
}
