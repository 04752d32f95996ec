// Two small windows: the keys, and another name for a face. The browser's own <dialog> keeps the focus inside and gives
// it back.
function openDialog(root, className, title) {
  const dialog = element("dialog", `wr-dialog ${className}`);
  dialog.setAttribute("aria-label", title);
  dialog.append(element("h2", "", title));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  root.append(dialog);
  return dialog;
}

function showKeys(root, keys, say) {
  if (root.querySelector("dialog")) return;
  const dialog = openDialog(root, "wr-keys", say("Keys"));
  const list = element("dl", "");
  for (const [key, does] of keys) {
    const term = element("dt", "");
    term.append(element("kbd", "", key));
    list.append(term, element("dd", "", does));
  }
  const close = element("button", "wr-button", say("Close"));
  close.addEventListener("click", () => dialog.close());
  dialog.append(list, close);
  dialog.showModal();
}

// done: takes the name that was chosen; say: the words in the language of the page.
function askName(root, names, now, say, done) {
  const dialog = openDialog(root, "wr-rename", say("Whose face is this?"));
  const form = element("form", "");
  form.method = "dialog";
  const input = element("input", "");
  input.value = now;
  input.setAttribute("list", "wr-names");
  input.setAttribute("aria-label", say("Name of the character"));
  const list = element("datalist", "");
  list.id = "wr-names";
  list.append(...names.map((name) => new Option(name)));
  const cancel = element("button", "wr-button wr-quiet", say("Cancel"));
  cancel.type = "button"; // a telephone has no Escape
  cancel.addEventListener("click", () => dialog.close());
  form.append(input, list, element("button", "wr-button", say("Use this name")), cancel);
  form.addEventListener("submit", () => {
    const name = input.value.trim();
    if (name && name !== now) done(name);
  });
  dialog.append(form);
  dialog.showModal();
  input.select();
}
