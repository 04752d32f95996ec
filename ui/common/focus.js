// Where the keyboard goes once its field was drawn anew; nowhere, where a person has gone somewhere else meanwhile.
const PATIENCE = 3000; // milliseconds until a field that does not come is given up

export default function ({ data, parentElement }) {
  if (!data.field || parentElement.focused === data.field) return;
  parentElement.focused = data.field;
  const since = performance.now();
  const look = () => {
    if (document.activeElement !== document.body) return;
    const field = document.querySelector(`.st-key-${CSS.escape(data.field)} input`);
    if (field) field.focus();
    else if (performance.now() - since < PATIENCE) requestAnimationFrame(look);
  };
  look();
}
