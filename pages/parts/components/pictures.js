// The prediction grid. A cell is a button with a canvas; it is repainted only when its pixels change.

const GRIDS = new WeakMap();
const PAPER = { light: [250, 251, 252], dark: [22, 26, 33] };
const INK = { light: [33, 41, 54], dark: [238, 241, 245] };

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = GRIDS.get(parentElement) ?? mount(parentElement);
  state.pick = (index) => setTriggerValue("pick", { index });
  const dark = isDark(parentElement);
  if (state.dark !== dark) Object.assign(state, { dark, ramp: inkRamp(dark), shown: null });
  dress(state, meta);
  fitCells(state, meta.items.length, meta.empty ?? "");
  if (arrays.images) paintAll(state, arrays.images);
  meta.items.forEach((item, i) => describe(state, state.cells[i], item));
  announceFrame("pictures", meta.step);
}

function mount(parentElement) {
  const state = { root: parentElement.querySelector(".pictures"), cells: [], shown: null, words: false, current: 0 };
  state.root.onkeydown = (event) => onKey(state, event);
  GRIDS.set(parentElement, state);
  return state;
}

/** Grey levels 0 (paper) to 255 (ink) as little-endian RGBA words. */
function inkRamp(dark) {
  const [paper, ink] = dark ? [PAPER.dark, INK.dark] : [PAPER.light, INK.light];
  return Uint32Array.from({ length: 256 }, (_, i) => rgba(...mix(paper, ink, i / 255)));
}

const rgba = (r, g, b) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

function dress(state, meta) {
  // Names longer than a few letters get wider cells with a second line; once needed, that stays.
  state.words ||= meta.items.some(({ predicted, actual }) => predicted.length > 3 || actual.length > 3);
  const { classList } = state.root;
  classList.toggle("dark", state.dark);
  classList.toggle("smooth", Boolean(meta.smooth));
  classList.toggle("words", state.words);
  state.root.setAttribute("aria-label", meta.alt ?? "");
}

/** As many cells as pictures; those there stay where they are. */
function fitCells(state, count, empty) {
  if (state.cells.length === count && (count || state.root.textContent === empty)) return;
  if (!state.cells.length || !count) state.root.replaceChildren();
  while (state.cells.length > count) state.cells.pop().button.remove();
  while (state.cells.length < count) state.cells.push(newCell(state, state.cells.length));
  if (!count) {
    const hint = state.root.appendChild(document.createElement("p"));
    Object.assign(hint, { className: "hint", textContent: empty });
  } else focusable(state, Math.min(state.current, count - 1));
}

function newCell(state, i) {
  const button = state.root.appendChild(document.createElement("button"));
  const canvas = button.appendChild(document.createElement("canvas"));
  const [caption, truth] = ["caption", "caption truth"].map((className) => {
    const line = button.appendChild(document.createElement("span"));
    line.className = className;
    return line;
  });
  const cell = { button, canvas, caption, truth, index: i, sentence: null };
  Object.assign(button, { type: "button", tabIndex: -1 });
  canvas.setAttribute("aria-hidden", "true");
  button.onclick = () => { focusable(state, i); state.pick(cell.index); };
  return cell;
}

function paintAll(state, { data, shape }) {
  const [count, height, width, channels = 1] = shape;
  const size = height * width * channels;
  const same = state.shown?.shape.join() === shape.join() ? state.shown.data : null;
  for (let i = 0; i < Math.min(count, state.cells.length); i += 1) {
    const pixels = data.subarray(i * size, (i + 1) * size);
    const painted = state.cells[i].painted && same && equal(pixels, same.subarray(i * size, (i + 1) * size));
    if (!painted) paint(state, state.cells[i], pixels, width, height, channels);
  }
  state.shown = { data, shape };
}

function equal(a, b) {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function paint(state, cell, pixels, width, height, channels) {
  if (cell.canvas.width !== width || cell.canvas.height !== height) {
    Object.assign(cell.canvas, { width, height });
  }
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i += 1) {
    words[i] = channels === 3 ? rgba(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) : state.ramp[pixels[i]];
  }
  cell.canvas.getContext("2d").putImageData(image, 0, 0);
  cell.painted = true;
}

function describe(state, cell, { predicted, actual, confidence, right, index }) {
  cell.index = index;
  const sure = `${Math.round(confidence * 100)} %`;
  const sentence = `predicted ${predicted}, true ${actual}, ${sure} sure`;
  if (sentence === cell.sentence && cell.right === right) return;
  Object.assign(cell, { sentence, right });
  const unlike = right || state.words ? "" : `≠${actual}`;
  setText(cell.caption, `${right ? "✓" : "✗"} ${predicted}${unlike || " ·"} ${sure}`);
  setText(cell.truth, state.words && !right ? `≠ ${actual}` : "");
  cell.button.classList.toggle("wrong", !right);
  cell.button.title = sentence;
  cell.button.setAttribute("aria-label", `${right ? "right" : "wrong"}: ${sentence}`);
}

/** The grid is one tab stop; arrow keys move within it. */
function focusable(state, to) {
  if (state.cells[state.current]) state.cells[state.current].button.tabIndex = -1;
  state.current = to;
  state.cells[to].button.tabIndex = 0;
}

function onKey(state, event) {
  const columns = getComputedStyle(state.root).gridTemplateColumns.split(" ").length;
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const to = event.key === "Home" ? 0 : event.key === "End" ? state.cells.length - 1 : state.current + moves[event.key];
  if (!(to >= 0 && to < state.cells.length)) return;
  event.preventDefault();
  focusable(state, to);
  state.cells[to].button.focus();
}
