// The timeline: a lane a character with a bar for each appearance. A click on a bar opens it, arrow keys go to the next.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const lanes = parentElement.querySelector(".lanes");
  const memory = (lanes.memory ??= {});
  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const focused = lanes.getRootNode().activeElement?.dataset?.id;
  lanes.replaceChildren();

  const scale = lanes.appendChild(element("div", "lane scale"));
  scale.append(element("div", "who"));
  const ruler = scale.appendChild(element("div", "track"));
  for (const mark of data.marks) {
    const made = ruler.appendChild(element("span", "mark", mark.label));
    made.style.left = `${mark.left}%`;
  }

  const bars = [];
  for (const lane of data.lanes) {
    const row = lanes.appendChild(element("div", `lane ${lane.kind}`));
    const who = row.appendChild(element("div", "who"));
    if (lane.src) {
      const face = who.appendChild(element("img"));
      face.src = lane.src;
      face.alt = "";
    }
    const words = who.appendChild(element("div", "words"));
    words.append(element("div", "name", lane.name), element("div", "total", lane.total));
    words.title = lane.name;
    const track = row.appendChild(element("div", "track"));
    for (const bar of lane.bars) {
      const made = track.appendChild(element("button", "bar"));
      made.type = "button";
      made.dataset.id = bar.id;
      made.title = bar.label;
      made.setAttribute("aria-label", bar.label);
      made.style.left = `${bar.left}%`;
      made.style.width = `${bar.width}%`;
      bars.push(made);
    }
  }
  const open = (bar) => {
    for (const other of bars) other.setAttribute("aria-pressed", String(other === bar));
    setTriggerValue("did", { open: Number(bar.dataset.id), n: (memory.n = (memory.n ?? 0) + 1) });
  };
  for (const [i, bar] of bars.entries()) {
    bar.setAttribute("aria-pressed", String(Number(bar.dataset.id) === data.chosen));
    bar.onclick = () => open(bar);
    bar.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && bars[i + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
      open(next);
    };
  }
  if (focused) lanes.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
