// Pointing into a strip of maps, with a pointer or arrow keys: a tip reads the value, a click asks for its sum.

const TIP_MAP = 112; // pixels of the enlarged map

function listenTo(state, row) {
  const { root } = row.strip;
  const strips = [row.strip, row.filters].filter(Boolean);
  for (const strip of strips) {
    strip.root.onpointermove = (event) => {
      if (event.pointerType !== "touch") pointAt(state, placeUnder(row, strip, event));
    };
    strip.root.onpointerleave = () => pointAt(state, null);
    strip.root.onclick = (event) => { root.focus({ preventScroll: true }); ask(state, placeUnder(row, strip, event)); };
  }
  root.onblur = () => pointAt(state, null);
  root.onkeydown = (event) => onKey(state, row, event);
}

/** The map and the pixel of it under the pointer; over a filter the middle of the map that it makes. */
function placeUnder(row, strip, event) {
  const { grid } = strip;
  if (!grid) return null;
  const frame = strip.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  const [across, down] = pitch(grid);
  const map = Math.floor(y / down) * grid.perLine + Math.floor(x / across);
  const inside = x >= 0 && y >= 0 && Math.floor(x / across) < grid.perLine && map < grid.count;
  if (!inside) return null;
  if (strip !== row.strip) return middleOf(row, map);
  const limit = (value, most) => Math.max(0, Math.min(most - 1, Math.floor(value / grid.zoom)));
  return { row, map, y: limit(y % down, grid.rows), x: limit(x % across, grid.columns) };
}

const middleOf = (row, map) => {
  const { rows, columns } = row.strip.grid;
  return { row, map, y: Math.floor(rows / 2), x: Math.floor(columns / 2) };
};

function pointAt(state, at) {
  const before = state.at;
  state.at = at;
  for (const row of new Set([before?.row, at?.row])) if (row) placeStripMarks(state, row);
  showTip(state);
}

/** The value of a pixel of a map, as its byte has it. */
function valueAt({ row: { strip }, map, y, x }) {
  const { array, scales, grid } = strip;
  return ((array.data[(map * grid.rows + y) * grid.columns + x] - 127) / 127) * scales[map];
}

/** Row and column of a pixel in the layer's true shape. */
function trueWhere({ row: { strip: { grid }, layer }, y, x }) {
  if (layer.role !== "maps") return { row: 0, column: 0 };
  const [, height, width] = layer.shape;
  const scaled = (at, side, size) => Math.floor(((at + 0.5) * size) / side);
  return { row: scaled(y, grid.rows, height), column: scaled(x, grid.columns, width) };
}

/** What a pixel is called: map 5, row 3, column 7; of the last layer's values, the class. */
function nameOf(state, at) {
  const { layer, place } = at.row;
  const { meta } = state;
  const isClass = layer.role === "values" && place === meta.layers.length - 1 && layer.shape[0] === meta.names.length;
  const which = isClass ? `class ${meta.names[at.map]}` : `${NOUNS[layer.role]} ${at.map + 1}`;
  if (layer.role === "values") return [which, ""];
  if (layer.role !== "maps") return [which, `row ${at.y + 1}, column ${at.x + 1}`];
  const { row, column } = trueWhere(at);
  return [which, `row ${row + 1}, column ${column + 1}`];
}

function showTip(state) {
  const { at, tip } = state;
  tip.hidden = !at;
  if (!at) return;
  if (!tip.firstChild) {
    tip.innerHTML = `<div><canvas class="filter"></canvas><canvas class="map"></canvas></div>
      <p><b></b> <span></span></p><p class="where"></p><p class="more"></p>`;
  }
  refreshTip(state);
  placeTip(state);
}

/** The newest numbers and pixels of what is pointed at. */
function refreshTip(state) {
  const { at, tip } = state;
  if (!at || tip.hidden) return;
  const { row } = at;
  const { grid, array } = row.strip;
  const [which, where] = nameOf(state, at);
  const exact = row.layer.role === "values" || row.layer.shape[1] === grid.rows;
  const value = `${exact ? "" : "≈ "}${compactNumber(valueAt(at))}`;
  setText(tip.querySelector("b"), which);
  setText(tip.querySelector("span"), value);
  setText(tip.querySelector(".where"), where);
  setText(tip.querySelector(".more"), row.layer.answers ? "click to see how it comes about" : "");
  enlargeInto(state, tip.querySelector(".map"), row.layer.role === "values" ? null : array, at.map);
  const hasFilter = row.filters && at.map < row.filters.grid.count;
  enlargeInto(state, tip.querySelector(".filter"), hasFilter ? row.filters.array : null, at.map);
  setText(state.spoken, state.byKeys ? `${which} ${where}: ${value}` : "");
}

function enlargeInto(state, canvas, array, place) {
  canvas.hidden = !array;
  if (!array) return;
  const [, rows, columns] = array.shape;
  paintWords(canvas, wordsOf(array, place, state.signed), columns);
  const zoom = Math.max(1, Math.floor(TIP_MAP / Math.max(rows, columns)));
  Object.assign(canvas.style, { width: `${columns * zoom}px`, height: `${rows * zoom}px` });
}

/** Beside the map that is pointed at, on the side with room. */
function placeTip({ at, tip, root }) {
  const frame = root.getBoundingClientRect();
  const canvas = at.row.strip.canvas.getBoundingClientRect();
  const box = boxOf(at.row.strip.grid, at.map);
  const [left, top] = [canvas.left - frame.left + box.x, canvas.top - frame.top + box.y];
  const fits = left + box.width + 10 + tip.offsetWidth <= root.clientWidth;
  const x = fits ? left + box.width + 10 : left - 10 - tip.offsetWidth;
  const y = Math.max(0, Math.min(top - 8, root.clientHeight - tip.offsetHeight));
  tip.style.transform = `translate(${Math.round(Math.max(0, x))}px, ${Math.round(y)}px)`;
}

function onKey(state, row, event) {
  const { grid } = row.strip;
  if (!grid) return;
  const at = state.at?.row === row ? state.at : null;
  if (event.key === "Enter" || event.key === " ") ask(state, at ?? middleOf(row, 0));
  else if (event.key === "Escape") closeSum(state, true);
  else if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") {
    state.byKeys = true;
    pointAt(state, !at ? middleOf(row, 0) : event.shiftKey ? withinMap(at, event.key) : toMap(at, event.key));
    state.byKeys = false;
  } else return;
  event.preventDefault();
}

function toMap(at, key) {
  const { perLine, count } = at.row.strip.grid;
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perLine, ArrowDown: perLine };
  const to = key === "Home" ? 0 : key === "End" ? count - 1 : at.map + moves[key];
  return to >= 0 && to < count ? { ...at, map: to } : at;
}

function withinMap(at, key) {
  const { rows, columns } = at.row.strip.grid;
  const [down, across] = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key] ?? [0, 0];
  const limit = (value, most) => Math.max(0, Math.min(most - 1, value));
  return { ...at, y: limit(at.y + down, rows), x: limit(at.x + across, columns) };
}
