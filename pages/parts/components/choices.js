// Thumbnails of data sets as a radio group.

const GROUPS = new WeakMap();
const SIDE = 48;
const PATIENCE_MS = 2000; // how long a click outweighs a payload that was packed before it

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = groupOf(parentElement);
  state.fire = (name) => setTriggerValue("picked", name);
  state.root.style.setProperty("--columns", meta.columns);
  state.root.setAttribute("aria-label", meta.label ?? "");
  const names = JSON.stringify(meta.items);
  if (names !== state.names) build(state, meta.items, names);
  paintAll(state, meta.items, arrays, parentElement);
  state.selected = meta.selected;
  if (meta.selected === state.pending) state.pending = null;
  mark(state, state.pending ?? meta.selected);
  announceFrame("choices", meta.step ?? 0);
}

function groupOf(parentElement) {
  if (!GROUPS.has(parentElement)) {
    const state = { root: parentElement.querySelector(".choices"), buttons: [], drawn: "", pending: null };
    state.root.onkeydown = (event) => onKey(state, event);
    GROUPS.set(parentElement, state);
  }
  return GROUPS.get(parentElement);
}

function build(state, items, names) {
  Object.assign(state, { names, items, drawn: [] });
  state.buttons = items.map(({ name, label, help }) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", title: help || label });
    button.setAttribute("role", "radio");
    button.setAttribute("aria-label", help ? `${label}: ${help}` : label);
    button.append(document.createElement("canvas"), document.createElement("span"));
    button.lastChild.className = "name";
    button.lastChild.textContent = label;
    button.onclick = () => pick(state, name);
    return button;
  });
  state.root.replaceChildren(...state.buttons);
}

function pick(state, name) {
  state.pending = name;
  mark(state, name);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    state.pending = null;
    mark(state, state.selected);
  }, PATIENCE_MS);
  state.fire(name);
}

function mark(state, selected) {
  const chosen = state.items.findIndex(({ name }) => name === selected);
  state.buttons.forEach((button, i) => {
    button.setAttribute("aria-checked", String(i === chosen));
    button.tabIndex = i === Math.max(0, chosen) ? 0 : -1;
  });
}

/** As a radio group does: an arrow key moves the focus and picks. */
function onKey(state, event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const from = state.buttons.indexOf(event.target.closest("button"));
  if (!step || from < 0) return;
  event.preventDefault();
  const to = (from + step + state.buttons.length) % state.buttons.length;
  pick(state, state.items[to].name);
  state.buttons[to].focus();
}

/** Paint the thumbnails whose points, or whose theme, changed. */
function paintAll(state, items, arrays, parentElement) {
  const colors = chartColors(parentElement);
  items.forEach(({ palette }, i) => {
    const points = arrays[`points_${i}`];
    const print = `${colors.dark} ${window.devicePixelRatio} ${points ? points.data.join() : ""}`;
    if (state.drawn[i] === print) return;
    state.drawn[i] = print;
    const context = sharpContext(state.buttons[i].querySelector("canvas"), SIDE, SIDE);
    context.clearRect(0, 0, SIDE, SIDE);
    if (!points) return;
    if (palette === "curve") paintCurve(context, points, colors);
    else paintPoints(context, points, palette === "classes", colors.dark);
  });
}

function paintPoints(context, { data, shape: [count] }, isClass, dark) {
  const scale = (SIDE - 6) / 12;
  const radius = count > 150 ? 1.15 : 1.5;
  for (let i = 0; i < count; i += 1) {
    const [x, y, label] = data.subarray(3 * i, 3 * i + 3);
    context.fillStyle = css(isClass ? CLASS_COLORS[label % CLASS_COLORS.length] : signColor(label, dark));
    dot(context, SIDE / 2 + x * scale, SIDE / 2 - y * scale, radius);
  }
}

/** Orange below zero and blue above, paler towards zero but never lost in the ground. */
function signColor(label, dark) {
  const middle = dark ? [96, 104, 116] : [206, 211, 217];
  return mix(middle, label < 0 ? NEGATIVE : POSITIVE, Math.min(1, 0.15 + Math.abs(label)));
}

function paintCurve(context, { data, shape: [count] }, colors) {
  const half = SIDE / 2;
  context.strokeStyle = colors.grid;
  context.strokeRect(-1, half, SIDE + 2, 0);
  context.fillStyle = colors.train;
  for (let i = 0; i < count; i += 1) {
    dot(context, half + data[2 * i] * (half - 4), half - data[2 * i + 1] * (half - 5), count > 80 ? 1.1 : 1.5);
  }
}

function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
