// Maps of numbers over time, one below the other: a row for each unit, a column for each step.

const HEATS = new WeakMap();
const MOST_HIGH = 132; // pixels of a strip
const ROW = [5.5, 14]; // pixels of a row, at least and at most, where there is room

export default function ({ data, parentElement }) {
  const { meta, arrays } = unpack(data);
  const state = HEATS.get(parentElement) ?? mount(parentElement);
  const dark = isDark(parentElement);
  if (state.dark !== dark) Object.assign(state, { dark, signed: signedWords(dark), ink: inkWords(dark), shown: [] });
  Object.assign(state, { meta, maps: meta.strips.map((_, i) => arrays[`map${i}`]) });
  setText(state.hint, meta.strips.length ? "" : meta.empty ?? "");
  state.hint.hidden = meta.strips.length > 0;
  if (state.root.ariaLabel !== meta.alt) state.root.ariaLabel = meta.alt ?? "";
  fitStrips(state);
  meta.strips.forEach((strip, i) => paint(state, strip, i));
  read(state);
  announceFrame("heat", meta.step);
}

function mount(parentElement) {
  const find = (name) => parentElement.querySelector(`.${name}`);
  const state = { root: find("heat"), box: find("strips"), steps: find("steps"), list: [], shown: [], at: null };
  Object.assign(state, { hint: find("hint"), reading: find("reading"), spoken: find("spoken") });
  state.root.onkeydown = (event) => onKey(state, event);
  state.root.onblur = () => readAt(state, null);
  HEATS.set(parentElement, state);
  return state;
}

function fitStrips(state) {
  const { meta, list, box, steps } = state;
  while (list.length > meta.strips.length) list.pop().element.remove();
  while (list.length < meta.strips.length) list.push(newStrip(state, list.length, box));
  const [first, last] = meta.steps ?? [1, state.maps[0]?.shape[1] ?? 1];
  steps.hidden = !meta.strips.length;
  setText(steps.children[0], `step ${first}`);
  setText(steps.children[1], String(last));
}

function newStrip(state, place, box) {
  const element = box.appendChild(document.createElement("div"));
  element.className = "strip";
  const label = element.appendChild(document.createElement("span"));
  const [words, note] = [label.appendChild(document.createElement("b")), label.appendChild(document.createElement("small"))];
  words.style.fontWeight = 500;
  const canvas = element.appendChild(document.createElement("canvas"));
  canvas.onpointermove = ({ offsetX, offsetY }) => readAt(state, {
    strip: place, step: Math.floor((offsetX / canvas.clientWidth) * state.maps[place].shape[1]),
    row: Math.floor((offsetY / canvas.clientHeight) * state.maps[place].shape[0]),
  });
  canvas.onpointerleave = () => readAt(state, null);
  return { element, words, note, canvas };
}

function paint(state, { label, note, scale }, i) {
  const { words, note: small, canvas } = state.list[i];
  setText(words, label);
  setText(small, note ?? "");
  const { data, shape: [rows, columns] } = state.maps[i];
  const high = `${Math.min(MOST_HIGH, rows * ROW[1], Math.max(rows * ROW[0], 28))}px`;
  if (canvas.style.height !== high) canvas.style.height = high;
  if (sameBytes(state.shown[i], data) && canvas.width === columns) return;
  state.shown[i] = data;
  paintWords(canvas, Uint32Array.from(data, (byte) => state[scale][byte]), columns);
}

function readAt(state, at) {
  state.at = at;
  read(state);
}

function read(state) {
  const { at, meta, maps } = state;
  const map = at && maps[at.strip];
  if (!map) {
    setText(state.reading, meta.note ?? "");
    return;
  }
  const [rows, columns] = map.shape;
  const [row, step] = [Math.min(rows - 1, Math.max(0, at.row)), Math.min(columns - 1, Math.max(0, at.step))];
  const strip = meta.strips[at.strip];
  const byte = map.data[row * columns + step];
  const value = strip.scale === "signed" ? ((byte - 127) / 127) * strip.largest : byte / 255;
  const unit = strip.rows?.[row] ?? `unit ${row + 1}`;
  setText(state.reading, `${strip.label}, ${unit}, step ${step + (meta.steps?.[0] ?? 1)}: ${compactNumber(value)}`);
}

function onKey(state, event) {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.key === "Escape") return readAt(state, null);
  if (!(event.key in moves) || !state.maps.length) return;
  event.preventDefault();
  const at = state.at ?? { strip: 0, step: 0, row: 0 };
  const [right, down] = moves[event.key];
  let [strip, row] = [at.strip, at.row + down];
  if (row < 0 && strip > 0) row = state.maps[strip -= 1].shape[0] - 1;
  if (row >= state.maps[strip].shape[0] && strip + 1 < state.maps.length) [strip, row] = [strip + 1, 0];
  const [rows, columns] = state.maps[strip].shape;
  const step = Math.min(columns - 1, Math.max(0, at.step + right));
  readAt(state, { strip, step, row: Math.min(rows - 1, Math.max(0, row)) });
  setText(state.spoken, state.reading.textContent);
}
