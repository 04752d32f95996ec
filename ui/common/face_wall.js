// Faces to click, a name field and buttons with keys. Clicks stay here until a button sends them all.
const AGAIN = 5000; // milliseconds until a wall that was answered can be answered again, where no other took its place

export default function (component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component;
  const root = parentElement.querySelector("#wall");
  const memory = (root.memory ??= {});
  if (memory.step !== data.step) Object.assign(memory, { step: data.step, states: { ...data.states }, given: {}, text: "", typed: false, stray: false, at: data.field && !data.field.sure ? -1 : 0, last: null, sent: false });
  else if (memory.heard !== data.heard) {
    // The answer was heard and the question is still this one: the next wall is on its way, or the answer was refused.
    const step = data.step;
    setTimeout(() => {
      if (memory.step !== step) return;
      memory.sent = false;
      delete root.dataset.sent;
    }, AGAIN);
  }
  memory.heard = data.heard;
  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const clicked = () => Object.values(memory.states).filter(Boolean).length;
  const focused = () => root.getRootNode().activeElement; // in a shadow tree the document knows its host alone
  const held = root.contains(focused()) || document.activeElement === document.body;
  const before = root.contains(focused()) ? focused().dataset.face : undefined; // drawn anew, the keyboard stays there
  root.replaceChildren();
  root.style.setProperty("--side", `${data.side}px`);

  // faces
  const tiles = new Map();
  const order = [];
  let pointed = null; // the face that the pointer came to, where it has a menu
  // A wall that is drawn anew under a pointer that rests is not come to.
  const under = () => pointed ?? order.find((id) => tiles.get(id).more && tiles.get(id).tile.parentElement.matches(":hover")) ?? null;
  const show = (id) => {
    const { tile, face, menu } = tiles.get(id);
    const n = memory.states[id] || 0;
    const now = memory.given[id] ? { label: memory.given[id], kind: "other" } : face.states[n - 1];
    tile.dataset.state = now ? (now.kind ?? "on") : "";
    tile.setAttribute("aria-pressed", n > 0);
    tile.lastChild.textContent = now?.label ?? "";
    menu?.querySelectorAll(".item").forEach((item, i) => item.setAttribute("aria-checked", n === i + 1));
  };
  // A name that was typed for a face is a state after all others.
  const set = (id, n, name) => {
    if (n) memory.states[id] = n;
    else delete memory.states[id];
    if (name) memory.given[id] = name;
    else delete memory.given[id];
    if (tiles.has(id)) show(id);
  };
  const changed = () => {
    astray(false);
    refresh();
    if (data.live) setStateValue("states", { ...memory.states });
  };
  // What a face can become besides its last state, which is a click on the face itself: a menu. It lies over other faces,
  // so it is opened on purpose: by its button (pointed at, or tapped), the right button, or the arrow down.
  let opened = null; // the face whose menu is open
  const close = () => {
    if (opened === null) return;
    const { menu, more } = tiles.get(opened);
    menu.hidden = true;
    if (data.names) Object.assign(menu.querySelector("input"), { value: "" }).oninput();
    more.setAttribute("aria-expanded", false);
    opened = null;
  };
  const open = (id) => {
    if (opened !== id) close();
    const { tile, menu, more } = tiles.get(id);
    opened = id;
    astray(false);
    menu.hidden = false;
    more.setAttribute("aria-expanded", true);
    const spot = tile.parentElement;
    const wide = Math.max(menu.offsetWidth, spot.offsetWidth);
    const side = !spot.nextElementSibling && root.clientWidth - spot.offsetLeft - spot.offsetWidth > wide; // covers no face
    menu.classList.toggle("side", side);
    menu.classList.toggle("left", !side && spot.offsetLeft + wide > root.clientWidth);
  };
  const prepare = (id) => {
    const one = tiles.get(id);
    if (one.menu) return;
    const spot = one.tile.parentElement;
    const menu = (one.menu = spot.appendChild(element("div", "menu")));
    menu.hidden = true;
    menu.setAttribute("role", "menu");
    one.face.states.slice(0, -1).forEach((state, i) => {
      const item = menu.appendChild(element("button", "item"));
      item.append(element("span", "", state.label), element("kbd", "", `${i + 1}`));
      item.type = "button";
      item.tabIndex = -1;
      item.setAttribute("role", "menuitemradio");
      item.onclick = (event) => {
        choose(id, i + 1);
        if (!event.detail) one.tile.focus(); // by the keyboard: back to the face that the menu is of
      };
    });
    if (data.names) menu.append(...nameField(id));
    menu.onkeydown = (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const items = [...menu.querySelectorAll("button, input")];
      if (step) items[(items.indexOf(event.composedPath()[0]) + step + items.length) % items.length].focus();
      else if (event.key === "Escape") {
        close();
        one.tile.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    show(id);
  };
  const withMenu = (id, spot) => {
    const { tile, face } = tiles.get(id);
    const more = (tiles.get(id).more = spot.appendChild(element("button", "more", "⋯")));
    more.type = "button";
    more.tabIndex = -1; // the arrow down on the face is the way of the keyboard
    more.title = data.other;
    more.setAttribute("aria-label", `${data.other} (${face.label})`);
    more.setAttribute("aria-haspopup", "menu");
    more.setAttribute("aria-expanded", false);
    tile.setAttribute("aria-keyshortcuts", "ArrowDown");
    const unfold = () => (prepare(id), open(id));
    more.onpointerenter = (event) => event.pointerType === "mouse" && unfold();
    more.onclick = (event) => (opened === id && event.pointerType === "touch" ? close() : unfold());
    spot.oncontextmenu = (event) => (event.preventDefault(), unfold());
    spot.onpointerenter = () => prepare((pointed = id));
    spot.onpointerleave = (event) => {
      pointed = null;
      const writing = tiles.get(id).menu?.querySelector("input")?.value;
      if (event.pointerType === "mouse" && opened === id && !writing) close();
    };
    spot.onfocusout = (event) => opened === id && event.relatedTarget && !spot.contains(event.relatedTarget) && close();
    tile.onkeydown = (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      unfold();
      tiles.get(id).menu.firstChild.focus();
    };
  };
  const choose = (id, n, name) => {
    set(id, memory.states[id] === n && !name ? 0 : n, name);
    memory.last = id;
    close();
    changed();
    document.activeElement?.blur?.();
  };
  // Known names for a text: the whole, then those that begin with it, a new one, those that hold it.
  const matching = (text, known) => {
    const low = text.toLowerCase();
    const exact = known.filter((n) => n.toLowerCase() === low);
    const starts = known.filter((n) => n.toLowerCase().startsWith(low) && !exact.includes(n));
    const inside = known.filter((n) => n.toLowerCase().includes(low) && !exact.includes(n) && !starts.includes(n));
    const fresh = exact.length ? [] : [{ name: text, fresh: true }];
    return [...exact.map((name) => ({ name })), ...starts.slice(0, 5).map((name) => ({ name })), ...fresh,
            ...inside.slice(0, 4).map((name) => ({ name }))];
  };
  // Any other name for one face: the last line of its menu, and what is typed while the pointer is on the face.
  const nameField = (id) => {
    const field = element("input");
    const found = element("div", "found");
    const give = (name) => {
      field.value = "";
      found.replaceChildren();
      const { states } = tiles.get(id).face;
      const n = states.findIndex((state) => state.kind === "other" && state.label === name) + 1;
      const right = data.rows.some((row) => row.title === name && row.faces.some((face) => String(face.id) === id));
      if (right) choose(id, 0);
      else if (n) set(id, 0), choose(id, n);
      else choose(id, states.length + 1, name);
    };
    const offered = () => matching(field.value.trim(), data.names).slice(0, 4);
    field.type = "text";
    field.maxLength = 200;
    field.placeholder = data.another;
    field.setAttribute("aria-label", data.another);
    field.autocomplete = "off";
    field.spellcheck = false;
    field.oninput = () => {
      const options = field.value.trim() ? offered() : [];
      found.replaceChildren(...options.map((option, i) => {
        const button = element("button", "hit", option.fresh ? data.fresh.replace("{name}", () => option.name) : option.name);
        if (!i) button.append(element("kbd", "", "↵")); // what Enter takes: it may be longer than what was typed
        button.type = "button";
        button.onclick = () => give(option.name);
        return button;
      }));
    };
    field.onkeydown = (event) => {
      if (event.key !== "Enter" || event.isComposing || !field.value.trim()) return;
      event.preventDefault();
      event.stopPropagation();
      give(offered()[0].name);
    };
    return [field, found];
  };
  // The state of one face that is called as another's is; none where it has no such state.
  const alike = (id, from) => {
    if (memory.given[from]) return tiles.get(id).face.states.length + 1;
    const label = tiles.get(from).face.states[(memory.states[from] || 0) - 1]?.label;
    return tiles.get(id).face.states.findIndex((state) => state.label === label) + 1;
  };
  for (const row of data.rows) {
    if (row.title) {
      const title = root.appendChild(element("button", "title", row.title));
      title.type = "button";
      title.title = data.whole_row;
      title.onclick = (event) => {
        const all = row.faces.every((face) => memory.states[face.id]);
        for (const face of row.faces) set(String(face.id), all ? 0 : face.states.length);
        changed();
        if (event.detail) title.blur(); // as with a tile: Enter is the button's key again
      };
    }
    const line = root.appendChild(element("div", "faces"));
    for (const face of row.faces) {
      const spot = line.appendChild(element("div", "spot"));
      const tile = spot.appendChild(element("button", "tile"));
      tile.type = "button";
      tile.title = face.label;
      tile.setAttribute("aria-label", face.label);
      if (face.src) tile.append(Object.assign(new Image(), { src: face.src, alt: "", draggable: false }));
      else tile.append(element("span", "missing", data.missing));
      tile.append(element("span", "mark"));
      const id = (tile.dataset.face = String(face.id));
      tiles.set(id, { tile, face });
      if (face.states.length > 1) withMenu(id, spot);
      order.push(id);
      show(id);
      tile.onclick = (event) => {
        if (event.shiftKey && memory.last) {
          const [a, b] = [order.indexOf(memory.last), order.indexOf(id)].sort((x, y) => x - y);
          for (const other of order.slice(a, b + 1)) set(other, alike(other, memory.last), memory.given[memory.last]);
        } else set(id, memory.states[id] ? 0 : face.states.length);
        memory.last = id;
        changed();
        if (!event.detail) return; // by the keyboard: the next face is one key away
        if (data.field) input.focus({ preventScroll: true });
        else tile.blur(); // after a click of the mouse Enter is the button's key again, not the tile's
      };
      tile.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const next = step && tiles.get(order[order.indexOf(id) + step]);
        if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        next.tile.focus();
      });
    }
  }

  // the name field
  let input = null;
  let names = null;
  const options = () => {
    const text = memory.text.trim();
    if (!text) return data.field.candidates.map((name) => ({ name }));
    return matching(text, data.field.names);
  };
  const foot = element("div", "foot");
  const bar = foot.appendChild(element("div", "bar"));
  if (data.field) {
    const box = bar.appendChild(element("div", "box"));
    input = box.appendChild(element("input"));
    input.type = "text";
    input.maxLength = 200;
    input.value = memory.text;
    input.placeholder = data.field.placeholder;
    input.setAttribute("aria-label", data.field.label);
    input.autocomplete = "off";
    input.spellcheck = false;
    input.oninput = () => {
      Object.assign(memory, { text: input.value, typed: true, at: input.value.trim() || data.field.sure ? 0 : -1 });
      refresh();
    };
    names = element("div", "names");
    names.setAttribute("role", "listbox");
  }

  // buttons
  const chosen = () => (data.field ? options()[memory.at] : null);
  const send = (action, name) => {
    if (memory.sent) return;
    memory.sent = true;
    root.dataset.sent = "yes";
    setTriggerValue("done", { action, name: name ?? "", states: { ...memory.states }, given: { ...memory.given }, step: memory.step });
  };
  const press = (action) => {
    const name = action.name ? chosen()?.name : "";
    if ((action.name && !name) || (action.picks && !clicked())) return;
    send(action.id, name);
  };
  const buttons = data.actions.map((action) => {
    const button = bar.appendChild(element("button", action.primary ? "act primary" : "act"));
    button.type = "button";
    button.title = action.help ?? "";
    button.onclick = () => press(action);
    return [button, action];
  });
  function refresh() {
    for (const [button, action] of buttons) {
      const name = action.name ? chosen()?.name : "";
      const n = clicked();
      const label = ((!n && action.untouched) || action.label).replace("{name}", () => name || "…").replace("{n}", action.picks && n ? n : "").replace(/ +/g, " ");
      button.replaceChildren(element("span", "", label.trim()));
      if (action.key) button.append(element("kbd", "", action.key === "Enter" ? "↵" : action.key));
      button.disabled = (action.name && !name) || (action.picks && !n);
    }
    if (!data.field) return;
    names.replaceChildren();
    options().forEach((option, i) => {
      const chip = names.appendChild(element("button", "chip", option.fresh ? data.fresh.replace("{name}", () => option.name) : option.name));
      chip.type = "button";
      chip.setAttribute("role", "option");
      chip.setAttribute("aria-selected", i === memory.at);
      chip.onclick = () => {
        memory.at = i;
        press(data.actions.find((a) => a.name));
      };
    });
  }
  // Letters while no face is pointed at are no name: the keys up to the next Enter are not meant for the buttons.
  const hint = foot.appendChild(element("div", "hint"));
  hint.setAttribute("role", "status");
  const astray = (is) => {
    memory.stray = is;
    hint.textContent = is ? data.point : "";
  };
  astray(memory.stray);
  if (names) foot.append(names);
  root.append(foot);
  if (memory.sent) root.dataset.sent = "yes";
  else delete root.dataset.sent;
  refresh();

  // keys
  const onKey = (event) => {
    const path = event.composedPath();
    const there = path[0];
    const own = input && there === input;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(there?.tagName ?? "") || there?.isContentEditable;
    if (event.isComposing || (typing && !own) || !root.isConnected) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (own && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const n = options().length;
      if (n) memory.at = event.key === "ArrowDown" ? (memory.at + 1) % n : (Math.max(memory.at, 0) + n - 1) % n;
      refresh();
      event.preventDefault();
      return;
    }
    if (own && event.key === "Escape" && memory.text) {
      Object.assign(memory, { text: "", at: data.field.sure ? 0 : -1 });
      input.value = "";
      refresh();
      return;
    }
    const at = under() ?? order.find((id) => tiles.get(id).tile.parentElement.matches(":focus-within"));
    const digit = Number(event.key);
    if (!own && at && digit >= 1 && digit < tiles.get(at).face.states.length) {
      choose(at, digit);
      event.preventDefault();
      return;
    }
    const foreign = !path.includes(root) && there !== document.body && there?.tagName === "BUTTON";
    if (event.key === "Enter" && (foreign || (path.includes(root) && there?.tagName === "BUTTON"))) return;
    const action = data.actions.find((a) => a.key && a.key.toLowerCase() === event.key.toLowerCase());
    if (!action || (own && event.key.length === 1 && input.value)) return; // in a name that was begun it is a letter
    event.preventDefault();
    if (!memory.stray) press(action);
    else if (event.key === "Enter") memory.stray = false; // what to do stands there still
  };
  document.addEventListener("keydown", onKey);
  // A finger closes a menu by touching something else.
  const onPointer = (event) => opened !== null && !event.composedPath().includes(tiles.get(opened).tile.parentElement) && close();
  document.addEventListener("pointerdown", onPointer);
  // Ctrl+Z in a field that was typed into is the field's own undo; else it is the page's.
  const onUndo = (event) => {
    const undo = (event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key);
    if (undo && memory.typed && event.composedPath()[0] === input) event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", onUndo, true);
  // A letter while the pointer is on a face begins its name; the page's own shortcuts do not hear it.
  const onLetter = (event) => {
    const there = event.composedPath()[0];
    if (!data.names || event.ctrlKey || event.metaKey || event.altKey || !root.isConnected) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(there?.tagName ?? "") || there?.isContentEditable) return;
    if (event.key !== "Process" && !/^\p{L}$/u.test(event.key)) return;
    const id = under();
    if (id === null) {
      if (!data.field) astray(true);
      return;
    }
    event.stopImmediatePropagation();
    prepare(id);
    open(id);
    tiles.get(id).menu.querySelector("input").focus({ preventScroll: true });
  };
  window.addEventListener("keydown", onLetter, true);
  if (data.focus && memory.focused !== data.step) {
    memory.focused = data.step;
    root.tabIndex = -1; // without a field the keyboard is before the first face, where Enter is the button's key still
    if (input || held) (input ?? root).focus({ preventScroll: true });
  } else tiles.get(before)?.tile.focus({ preventScroll: true });
  return () => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("pointerdown", onPointer);
    window.removeEventListener("keydown", onUndo, true);
    window.removeEventListener("keydown", onLetter, true);
  };
}
