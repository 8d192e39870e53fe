// The numbers strip. Values change twelve times a second; only their text does, never the layout.

const STRIPS = new WeakMap();

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const state = STRIPS.get(parentElement) ?? mount(parentElement);
  const labels = JSON.stringify(meta.items.map(({ label }) => label));
  if (labels !== state.labels) build(state, meta.items, labels);
  meta.items.forEach((item, i) => showItem(state.cells[i], item));
  state.root.className = `meters ${meta.tone}`;
  setText(state.status, meta.status);
  setText(state.note, meta.note ?? "");
  setText(state.message, meta.message ?? "");
  state.message.hidden = !meta.message;
  state.bar.hidden = meta.progress == null;
  if (meta.progress != null) state.bar.value = meta.progress;
  announceFrame("meters", meta.step);
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    root: find(".meters"), items: find(".items"), status: find(".pill b"), note: find(".note"),
    message: find(".message"), bar: find("progress"), labels: null, cells: [],
  };
  STRIPS.set(parentElement, state);
  return state;
}

function build(state, items, labels) {
  state.labels = labels;
  state.cells = items.map(({ label }) => {
    const cell = document.createElement("div");
    const [name, value] = ["dt", "dd"].map((tag) => cell.appendChild(document.createElement(tag)));
    name.textContent = label;
    return { cell, value, width: 0 };
  });
  state.items.replaceChildren(...state.cells.map(({ cell }) => cell));
}

/** Set a value; its place is as wide as the longest text it has had, at least five characters. */
function showItem(place, { value, help }) {
  setText(place.value, value);
  const width = Math.max(place.width, value.length, 5);
  if (width !== place.width) {
    place.width = width;
    place.value.style.minWidth = `${width}ch`;
  }
  if (place.cell.title !== (help ?? "")) place.cell.title = help ?? "";
}
