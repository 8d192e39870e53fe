// The confusion matrix: a canvas of cells that arrow keys and pointer move over, and a table of the classes.

const MATRICES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = MATRICES.get(parentElement) ?? mount(parentElement);
  state.send = (cell) => setTriggerValue("cell", cell);
  state.meta = meta;
  const there = Boolean(arrays.counts);
  state.hint.hidden = there;
  state.both.hidden = !there;
  setText(state.hint, there ? "" : meta.empty);
  if (there) show(state, arrays);
  announceFrame("confusion", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); MATRICES.delete(parentElement); });
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = { parentElement, names: [], sort: 0, cursor: null, chosen: null, said: null };
  for (const part of ["hint", "both", "matrix", "facts", "reading"]) state[part] = find(`.${part}`);
  state.canvas = find("canvas");
  state.context = state.canvas.getContext("2d");
  state.scoresPlace = find(".scores");
  state.rampsPlace = find(".ramps");
  state.marks = { row: find(".mark.row"), cursor: find(".mark.cursor"), chosen: find(".mark.chosen") };
  listen(state);
  state.observer = new ResizeObserver(() => layOut(state));
  state.observer.observe(state.matrix);
  MATRICES.set(parentElement, state);
  return state;
}

function show(state, { counts, scores }) {
  const { meta, parentElement } = state;
  const before = state.counts && { counts: state.counts, totals: state.totals };
  const count = counts.shape[0];
  const totals = new Int32Array(count);
  for (let i = 0; i < counts.data.length; i += 1) totals[Math.floor(i / count)] += counts.data[i];
  Object.assign(state, { counts: counts.data, scores: scores.data, totals });
  const dark = isDark(parentElement);
  const looks = JSON.stringify([dark, meta.names]);
  if (looks !== state.looks) {
    Object.assign(state, { looks, names: meta.names, colors: chartColors(parentElement), ramps: cellRamps(dark) });
    state.both.classList.toggle("many", count > 16);
    buildTable(state);
    paintRamps(state);
    state.frame = null;
  }
  adoptChosen(state);
  if (state.frame) drawCells(state, before);
  else layOut(state);
  fillTable(state);
  const all = meta.looked_at === meta.available;
  const some = all ? whole(meta.looked_at) : `The first ${whole(meta.looked_at)} of ${whole(meta.available)}`;
  setText(state.facts, `${some} test ${meta.things ?? "pictures"} · ${(100 * meta.accuracy).toFixed(1)} % right`);
  if (state.matrix.ariaLabel !== meta.alt) state.matrix.ariaLabel = meta.alt;
  read(state);
}

const whole = (number) => number.toLocaleString("en");

/** The page says which cell is chosen; a click shows before the page knows of it. */
function adoptChosen(state) {
  const said = JSON.stringify(state.meta.chosen ?? null);
  if (said !== state.said) Object.assign(state, { said, chosen: state.meta.chosen ?? null });
}

/** A new size, theme or list of classes: everything is drawn anew. */
function layOut(state) {
  const width = state.matrix.clientWidth;
  if (!width || !state.names.length) return;
  const frame = measure(state, width);
  const key = Object.values(frame).join();
  if (state.frame && state.frame.key === key) return;
  state.frame = { ...frame, key };
  sharpContext(state.canvas, frame.width, frame.height);
  Object.assign(state.canvas.style, { width: `${frame.width}px`, height: `${frame.height}px` });
  drawAxes(state);
  drawCells(state, null);
  placeMarks(state);
}

function paintRamps({ ramps, rampsPlace }) {
  for (const side of ["right", "wrong"]) {
    const stops = [0, 1, 5, 15, 30, 50, 75, 100].map((percent) => `${ramps[side][percent].fill} ${percent}%`);
    rampsPlace.querySelector(`.${side}`).style.setProperty("--ramp", `linear-gradient(90deg, ${stops})`);
  }
}

function placeMarks(state) {
  const { marks, frame, cursor, chosen } = state;
  if (!frame) return;
  const { left, top, cell, count } = frame;
  const put = (mark, at) => {
    mark.hidden = !at || at.actual >= count || at.predicted >= count;
    if (mark.hidden) return;
    const [x, y] = [left + at.predicted * cell, top + at.actual * cell];
    Object.assign(mark.style, { transform: `translate(${x}px, ${y}px)`, width: `${cell}px`, height: `${cell}px` });
  };
  put(marks.cursor, cursor);
  put(marks.chosen, chosen);
}

/** Outline the row of a class that is pointed at in the table. */
function markRow({ marks: { row }, frame }, actual) {
  row.hidden = actual === null || !frame;
  if (row.hidden) return;
  const { left, top, cell, count } = frame;
  const place = `translate(${left}px, ${top + actual * cell}px)`;
  Object.assign(row.style, { transform: place, width: `${count * cell}px`, height: `${cell}px` });
}

/** One line about the cell under the pointer or the cursor, else about the chosen one. */
function read(state) {
  const at = state.cursor ?? state.chosen;
  if (!at || at.actual >= state.names.length) {
    setText(state.reading, `Choose a cell to see its ${state.meta.things ?? "pictures"}`);
    return;
  }
  const { names, counts, totals } = state;
  const number = counts[at.actual * names.length + at.predicted];
  const total = totals[at.actual];
  const share = total ? ` (${((100 * number) / total).toFixed(1)} %)` : "";
  const verb = at.actual === at.predicted ? "right" : `taken for ${names[at.predicted]}`;
  setText(state.reading, `True ${names[at.actual]}, ${verb}: ${whole(number)} of ${whole(total)}${share}`);
}

function moveCursor(state, cursor) {
  const same = cursor?.actual === state.cursor?.actual && cursor?.predicted === state.cursor?.predicted;
  if (same) return;
  state.cursor = cursor;
  placeMarks(state);
  read(state);
}

function cellAt({ frame, canvas }, event) {
  if (!frame) return null;
  const box = canvas.getBoundingClientRect();
  const predicted = Math.floor((event.clientX - box.left - frame.left) / frame.cell);
  const actual = Math.floor((event.clientY - box.top - frame.top) / frame.cell);
  const inside = Math.min(actual, predicted) >= 0 && Math.max(actual, predicted) < frame.count;
  return inside ? { actual, predicted } : null;
}

function choose(state, cell) {
  if (!cell) return;
  const { chosen } = state;
  const again = chosen && chosen.actual === cell.actual && chosen.predicted === cell.predicted;
  state.chosen = again ? null : cell;
  placeMarks(state);
  read(state);
  state.send(state.chosen);
}

function listen(state) {
  const { matrix } = state;
  matrix.onpointermove = (event) => moveCursor(state, cellAt(state, event));
  matrix.onpointerleave = matrix.onblur = () => moveCursor(state, null);
  matrix.onclick = (event) => choose(state, cellAt(state, event));
  matrix.onkeydown = (event) => onKey(state, event);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function onKey(state, event) {
  const last = state.names.length - 1;
  const at = state.cursor ?? state.chosen;
  const move = MOVES[event.key];
  if (event.key === "Enter" || event.key === " ") choose(state, at);
  else if (event.key === "Escape") moveCursor(state, null);
  else if (move) {
    const clamp = (value) => Math.max(0, Math.min(last, value));
    moveCursor(state, at ? { actual: clamp(at.actual + move[0]), predicted: clamp(at.predicted + move[1]) }
      : { actual: 0, predicted: 0 });
    scrollToCursor(state);
  } else return;
  event.preventDefault();
}

/** On a phone many classes are wider than the screen. */
function scrollToCursor({ matrix, frame: { left, cell }, cursor }) {
  const x = left + cursor.predicted * cell;
  if (x < matrix.scrollLeft + left) matrix.scrollLeft = x - left;
  else if (x + cell > matrix.scrollLeft + matrix.clientWidth) matrix.scrollLeft = x + cell - matrix.clientWidth;
}
