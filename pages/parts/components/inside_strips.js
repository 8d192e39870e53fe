// Every layer as a row: its name, and its maps as a strip on one canvas, wrapped to the width that is there.

const LARGEST_MAP = 64; // pixels of a map's side, at most, unless it has more of its own
const SMALLEST_MAP = 24;
const VALUE_SIDES = [28, 22, 16, 12, 10]; // of a dense layer's cells, the largest that fits into two lines
const GAP = 3;

function showLayers(state, arrays) {
  const { meta } = state;
  const key = JSON.stringify([meta.layers.map(({ name, role, shape }) => [name, role, shape]), meta.filters?.layer]);
  if (key !== state.layerKey) buildRows(state, key);
  state.rows.forEach((row, place) => {
    const layer = meta.layers[place];
    const words = [layer.words === layer.name ? "" : layer.words, someOf(layer, arrays[`maps_${place}`])];
    setText(row.words, words.filter(Boolean).join(" · "));
    setText(row.range, `${compactNumber(layer.low)} … ${compactNumber(layer.high)}`);
    Object.assign(row.strip, { array: arrays[`maps_${place}`], scales: arrays[`scales_${place}`].data });
    if (row.filters) Object.assign(row.filters, { array: arrays.filters, scales: arrays.filter_scales.data });
    drawRow(state, row);
  });
}

/** A wide layer is shown in part. */
function someOf({ shape, role }, { shape: [shown] }) {
  const available = role === "tokens" ? shape.at(-1) : shape[0];
  return shown < available ? `first ${shown} of ${available}` : "";
}

function buildRows(state, key) {
  state.layerKey = key;
  closeSum(state);
  state.rows = state.meta.layers.map((layer, place) => newRow(state, layer, place));
  state.layers.replaceChildren(...state.rows.map(({ section }) => section));
  measureWidth(state);
}

function newRow(state, layer, place) {
  const section = document.createElement("section");
  section.innerHTML = `<header><b></b><span class="words"></span><span class="shape"></span>
    <span class="range"></span></header>`;
  const find = (selector) => section.querySelector(selector);
  const row = { section, place, words: find(".words"), range: find(".range"), layer };
  setText(find("b"), layer.name);
  setText(find(".shape"), layer.shape.join(" × "));
  row.range.title = "smallest and largest value of the whole layer";
  if (madeBy(layer, state.meta.filters)) row.filters = newStrip(section, "filters");
  row.strip = newStrip(section, "maps");
  Object.assign(row.strip.root, { tabIndex: 0, ariaLabel: `${layer.name}, ${layer.words}: ${stripHelp(layer)}` });
  row.strip.root.setAttribute("role", "application");
  row.strip.root.classList.toggle("answers", layer.answers);
  listenTo(state, row);
  return row;
}

/** The filters are those of a layer, or of one within it. */
const madeBy = ({ name }, filters) => filters && (filters.layer === name || filters.layer.startsWith(`${name}.`));

function stripHelp({ answers, role }) {
  const within = role === "values" ? "" : ", with Shift a place within a map";
  return `arrow keys choose a ${NOUNS[role]}${within}${answers ? ", Enter shows how its number comes about" : ""}`;
}

const NOUNS = { maps: "map", tokens: "feature", attention: "head", values: "neuron" };

function newStrip(section, className) {
  const root = section.appendChild(document.createElement("div"));
  root.className = `strip ${className}`;
  const canvas = root.appendChild(document.createElement("canvas"));
  canvas.setAttribute("aria-hidden", "true");
  const marks = Object.fromEntries(["cursor", "place"].map((name) => {
    const mark = root.appendChild(document.createElement("div"));
    Object.assign(mark, { className: `mark ${name}`, hidden: true });
    return [name, mark];
  }));
  const windows = root.appendChild(document.createElement("div"));
  return { root, canvas, marks, windows, drawn: null };
}

/** Where the maps of a strip are: `columns` in a line, each `zoom` pixels a value. */
function gridOf(array, width, role) {
  const [count, rows, columns] = array.shape;
  const lines = (zoom) => Math.ceil(count / Math.max(1, Math.floor((width + GAP) / (columns * zoom + GAP))));
  const zooms = role === "values" ? VALUE_SIDES : mapZooms(Math.max(rows, columns));
  const most = role === "values" || count > 8 ? 2 : 1;
  const zoom = zooms.find((each) => lines(each) <= most) ?? zooms.at(-1);
  const gap = role === "values" && zoom < 16 ? 2 : GAP;
  const perLine = Math.max(1, Math.floor((width + gap) / (columns * zoom + gap)));
  return { count, rows, columns, zoom, gap, perLine: Math.min(perLine, count), cell: [columns * zoom, rows * zoom] };
}

/** Whole multiples of a map's side, from the largest that is asked for down to the smallest that can be seen. */
function mapZooms(side) {
  const least = Math.max(1, Math.ceil(SMALLEST_MAP / side));
  const most = Math.max(least, Math.floor(LARGEST_MAP / side));
  return Array.from({ length: most - least + 1 }, (_, i) => most - i);
}

/** All rows are as wide. Asked once, for asking makes the browser lay out what has changed so far. */
function measureWidth(state) {
  state.width = state.rows[0]?.section.clientWidth ?? 0;
}

function drawRow(state, row) {
  const { width } = state;
  if (!width || !row.strip.array) return;
  const grid = gridOf(row.strip.array, width, row.layer.role);
  drawStrip(state, row.strip, grid);
  if (row.filters) drawStrip(state, row.filters, filterGrid(row.filters.array, grid, width));
  placeStripMarks(state, row);
}

/** Filters stand in the same columns as the maps that they make, where both fit. */
function filterGrid({ shape: [filters, rows, columns] }, grid, width) {
  const room = Math.max(grid.cell[0], SMALLEST_MAP);
  const zoom = Math.max(1, Math.floor(room / Math.max(rows, columns)));
  const cell = [columns * zoom, rows * zoom];
  const count = Math.min(filters, grid.count);
  const across = grid.cell[0] + grid.gap;
  if (cell[0] + GAP <= across) return { ...grid, count, rows, columns, zoom, gap: across - cell[0], cell };
  const perLine = Math.max(1, Math.floor((width + GAP) / (cell[0] + GAP)));
  return { count, rows, columns, zoom, gap: GAP, perLine: Math.min(perLine, count), cell };
}

/** Paint a strip; nothing where it looks as it did. */
function drawStrip(state, strip, grid) {
  const ratio = Math.max(1, Math.round(window.devicePixelRatio || 1)); // whole: every value is as large as the next
  const layout = `${Object.values(grid).join()} ${ratio}`;
  const isSame = strip.layout === layout && strip.words === state.signed;
  if (isSame && sameBytes(strip.drawn, strip.array.data)) return;
  if (strip.layout !== layout) layOutStrip(strip, grid, ratio);
  Object.assign(strip, { layout, words: state.signed, drawn: strip.array.data, grid });
  const { image, zoom } = strip;
  const target = new Uint32Array(image.data.buffer);
  const [across, down] = pitch(grid).map((pixels) => pixels * ratio);
  for (let place = 0; place < grid.count; place += 1) {
    const [x, y] = [(place % grid.perLine) * across, Math.floor(place / grid.perLine) * down];
    enlarge(wordsOf(strip.array, place, state.signed), grid.columns, target, image.width, x, y, zoom);
  }
  strip.canvas.getContext("2d").putImageData(image, 0, 0);
}

/** A canvas in the screen's own pixels, as large as the maps and what is between them. */
function layOutStrip(strip, grid, ratio) {
  const zoom = grid.zoom * ratio;
  const lines = Math.ceil(grid.count / grid.perLine);
  const [across, down] = pitch(grid).map((pixels) => pixels * ratio);
  const width = (grid.perLine - 1) * across + zoom * grid.columns;
  const height = (lines - 1) * down + zoom * grid.rows;
  Object.assign(strip, { zoom, image: new ImageData(width, height) });
  Object.assign(strip.canvas, { width, height });
  Object.assign(strip.canvas.style, { width: `${width / ratio}px`, height: `${height / ratio}px` });
}

const lineGap = ({ gap }) => Math.min(gap, GAP);
const pitch = (grid) => [grid.cell[0] + grid.gap, grid.cell[1] + lineGap(grid)];

/** The box of map number `place` in its strip. */
function boxOf(grid, place) {
  const [across, down] = pitch(grid);
  const [width, height] = grid.cell;
  return { x: (place % grid.perLine) * across, y: Math.floor(place / grid.perLine) * down, width, height };
}

function putMark(mark, box, spread = 0) {
  mark.hidden = !box;
  if (!box) return;
  Object.assign(mark.style, {
    transform: `translate(${box.x - spread}px, ${box.y - spread}px)`,
    width: `${box.width + 2 * spread}px`, height: `${box.height + 2 * spread}px`,
  });
}

/** The map under the pointer or the cursor, and the place whose sum is shown. */
function placeStripMarks(state, row) {
  const { strip } = row;
  const { grid } = strip;
  if (!grid) return;
  const at = state.at?.row === row ? state.at : null;
  for (const each of [strip, row.filters]) {
    if (each) putMark(each.marks.cursor, at && at.map < each.grid.count ? boxOf(each.grid, at.map) : null, 2);
  }
  const asked = state.asked?.layer === row.layer.name ? state.asked : null;
  putMark(strip.marks.place, asked && asked.channel < grid.count ? placeBox(row, asked) : null, 1);
}

/** The box of one place, given in the layer's true shape, in the strip of its maps. */
function placeBox({ strip: { grid }, layer }, { channel, row, column }) {
  const box = boxOf(grid, channel);
  if (layer.role === "values") return box;
  const [, height, width] = layer.shape;
  const [y, x] = [Math.floor((row * grid.rows) / height), Math.floor((column * grid.columns) / width)];
  return { x: box.x + x * grid.zoom, y: box.y + y * grid.zoom, width: grid.zoom, height: grid.zoom };
}
