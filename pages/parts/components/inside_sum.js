// How one number comes about: what the layer sees, times its kernel, added up; under the layer, while it learns.

const FIRST_HEIGHT = 220; // pixels of the channels spelled out before "more" is pressed
const NARROW = 380; // pixels below which names and sums stand above and below their tables: see inside_sum.css

const OPERATIONS = {
  max: "the largest number that it sees",
  mean: "the mean of the numbers that it sees",
};
const keyOf = (at) => at && [at.layer, at.channel, at.row, at.column].join();

/** Show the sum behind a place at once, as far as it is known, and ask the page for it. */
function ask(state, at) {
  if (!at?.row.layer.answers) return;
  const value = { layer: at.row.layer.name, channel: at.map, ...trueWhere(at) };
  Object.assign(state, { asked: value, pending: keyOf(value) !== keyOf(state.meta.sum), dismissed: null, all: false });
  state.isNew = true;
  openSum(state);
  state.send(value);
}

function showSum(state, arrays) {
  const { sum } = state.meta;
  const key = keyOf(sum);
  if (!sum) {
    state.dismissed = null;
    if (state.asked && !state.pending) closeSum(state);
    return;
  }
  if (key === state.dismissed || (state.pending && key !== keyOf(state.asked))) return;
  Object.assign(state, { asked: sum, pending: false, sumArrays: arrays });
  openSum(state);
}

function closeSum(state, byHand) {
  const { asked, sum } = state;
  if (!asked) return;
  Object.assign(state, { asked: null, pending: false, dismissed: byHand ? keyOf(state.meta.sum) : null, cell: null });
  sum.hidden = true;
  for (const row of state.rows) placeStripMarks(state, row);
  showWindows(state);
  if (!byHand) return;
  rowNamed(state, asked.layer)?.strip.root.focus({ preventScroll: true });
  state.send(null);
}

/** The row of a layer, or of the block that it is in. */
function rowNamed({ rows }, name) {
  return rows.find(({ layer }) => layer.name === name || name.startsWith(`${layer.name}.`));
}

function openSum(state) {
  const { sum, asked } = state;
  const row = rowNamed(state, asked.layer);
  if (!row) return;
  if (sum.parentElement !== row.section) row.section.append(sum);
  sum.hidden = false;
  sum.classList.toggle("narrow", state.width < NARROW);
  if (!sum.firstChild) buildSum(state);
  const isDense = row.layer.role === "values";
  const place = isDense ? "" : `, row ${asked.row + 1}, column ${asked.column + 1}`;
  setText(state.sumParts.title, `${asked.layer}, ${isDense ? "neuron" : "map"} ${asked.channel + 1}${place}`);
  sum.classList.toggle("waiting", state.pending);
  if (!state.pending) fillSum(state);
  for (const each of state.rows) placeStripMarks(state, each);
  showWindows(state);
  if (state.isNew && !state.pending) bringIntoView(state, row.section);
}

/** As much of a layer and its sum as there is room for, from the layer's name on; only when a sum has just come. */
function bringIntoView(state, section) {
  const { layers } = state;
  state.isNew = false;
  if (layers.scrollHeight <= layers.clientHeight) return section.scrollIntoView({ block: "nearest" });
  const top = section.offsetTop - layers.offsetTop;
  const bottom = top + section.offsetHeight - layers.clientHeight;
  layers.scrollTop = Math.min(top, Math.max(layers.scrollTop, bottom));
}

function buildSum(state) {
  const { sum } = state;
  sum.innerHTML = `<header><b class="title"></b>
    <button type="button" class="close" aria-label="Close">✕</button></header>
    <p class="wait">Looking …</p><p class="equation"></p><div class="lines"></div>
    <footer><button type="button" class="all"></button><span class="rest"></span>
    <span class="cell"></span></footer>`;
  const parts = ["title", "close", "equation", "lines", "all", "rest", "cell"];
  state.sumParts = Object.fromEntries(parts.map((name) => [name, sum.querySelector(`.${name}`)]));
  state.sumParts.close.onclick = () => closeSum(state, true);
  state.sumParts.all.onclick = () => { state.all = !state.all; fillSum(state); };
  sum.onkeydown = (event) => event.key === "Escape" && closeSum(state, true);
  state.lines = [];
}

function fillSum(state) {
  const { meta: { sum }, sumParts, sumArrays } = state;
  if (!sum) return; // a frame of another network has come in between
  const count = sum.channels.length;
  const isPool = sum.operation in OPERATIONS;
  const cell = cellSize(state, sumArrays.patch.shape, isPool);
  const fitting = Math.floor(FIRST_HEIGHT / (sumArrays.patch.shape[1] * cell + 8));
  const first = count <= 3 ? count : Math.min(count, Math.max(2, fitting));
  const shown = state.all ? count : first;
  setText(sumParts.equation, equationOf(sum, isPool));
  sumParts.lines.classList.toggle("pool", isPool);
  fitLines(state, shown);
  keepOrder(state);
  const scales = ["patch", "kernel", "products"].map((name) => largest(sumArrays[name].data));
  state.lines.forEach((line, i) => fillLine(state, line, state.order[i], cell, scales));
  sumParts.all.hidden = count <= first;
  setText(sumParts.all, state.all ? "Show fewer" : `Show ${count - first} more`);
  const missing = sum.others + (count - shown);
  const rest = sum.rest + state.order.slice(shown).reduce((total, place) => total + sum.sums[place], 0);
  setText(sumParts.rest, othersIn(state, missing, rest));
  readCell(state);
}

function othersIn(state, missing, rest) {
  if (!missing) return "";
  const [verb, end] = missing === 1 ? ["adds", ""] : ["add", " together"];
  return `${missing} other ${nounOfSource(state, missing)} ${verb} ${compactNumber(rest)}${end}`;
}

/** Which channel stands in which line: one that is still among the largest keeps its line while numbers move. */
function keepOrder(state) {
  const { channels, layer, channel } = state.meta.sum;
  const key = [layer, channel].join();
  const left = new Set(channels);
  const before = state.orderKey === key ? state.orderOf.slice(0, channels.length) : [];
  const kept = before.map((each) => (left.delete(each) ? each : null));
  const next = left.values();
  state.orderKey = key;
  state.orderOf = channels.map((_, i) => kept[i] ?? next.next().value);
  state.order = state.orderOf.map((each) => channels.indexOf(each));
}

function equationOf({ operation, sums, rest, bias, output }, isPool) {
  if (isPool) return `${compactNumber(output)}: ${OPERATIONS[operation]}`;
  const total = sums.reduce((all, value) => all + value, rest);
  return `${compactNumber(total)} sum of products + ${compactNumber(bias)} bias = ${compactNumber(output)}`;
}

/** What the channels that come in are called. */
function nounOfSource({ meta }, count) {
  const { source, input_shape: [, height, width] } = meta.sum;
  const noun = source === -1 ? "colour" : height * width === 1 ? "neuron" : "map";
  return count === 1 ? noun : `${noun}s`;
}

function channelName(state, channel) {
  const { source, input_shape: [channels] } = state.meta.sum;
  if (source !== -1) return `${nounOfSource(state, 1)} ${channel + 1}`;
  return channels === 1 ? "the picture" : ["red", "green", "blue"][channel] ?? `colour ${channel + 1}`;
}

/** Cells as large as three tables beside each other allow, in whole pixels. */
function cellSize({ width }, [, rows, columns], isPool) {
  const tables = isPool ? 1 : 3;
  const beside = width < NARROW ? 68 : isPool ? 162 : 208;
  const room = width - beside;
  return Math.max(2, Math.min(30, Math.floor(room / (tables * columns)), Math.floor(200 / rows)));
}

function fitLines(state, count) {
  const { lines, sumParts } = state;
  if (!lines.length) {
    for (const text of ["", "it sees", "", "kernel", "", "products", "sum"]) {
      const head = sumParts.lines.appendChild(document.createElement("span"));
      Object.assign(head, { className: "column", textContent: text });
    }
  }
  while (lines.length > count) for (const part of Object.values(lines.pop().parts)) part.remove();
  while (lines.length < count) lines.push(newLine(state, lines.length));
  sumParts.lines.hidden = count === 0;
}

function newLine(state, place) {
  const parts = {};
  const line = { parts, place };
  for (const [name, tag, text] of [
    ["name", "span"], ["patch", "canvas"], ["times", "i", "×"], ["kernel", "canvas"], ["equals", "i", "="],
    ["products", "canvas"], ["total", "b"],
  ]) {
    parts[name] = state.sumParts.lines.appendChild(document.createElement(tag));
    parts[name].className = name;
    if (text) parts[name].textContent = text;
    if (tag === "canvas") followCell(state, parts[name], line);
  }
  return line;
}

function followCell(state, canvas, line) {
  canvas.setAttribute("role", "img");
  canvas.onpointermove = (event) => {
    const [row, column] = [event.offsetY, event.offsetX].map((pixels) => Math.floor(pixels / state.cellSide));
    state.cell = { line: line.place, place: row * state.patchColumns + column };
    fillSum(state);
  };
  canvas.onpointerleave = () => { state.cell = null; fillSum(state); };
}

function fillLine(state, line, i, cell, scales) {
  const { parts } = line;
  line.place = i;
  const { meta: { sum }, sumArrays } = state;
  const [, rows, columns] = sumArrays.patch.shape;
  Object.assign(state, { cellSide: cell, patchColumns: columns });
  const name = channelName(state, sum.channels[i]);
  setText(parts.name, name);
  setText(parts.total, compactNumber(sum.sums[i]));
  ["patch", "kernel", "products"].forEach((part, j) => {
    const values = sumArrays[part].data.subarray(i * rows * columns, (i + 1) * rows * columns);
    const winner = sum.operation === "max" ? sumArrays.kernel.data.indexOf(1) : null;
    const mark = state.cell && state.cell.line === i ? state.cell.place : winner;
    drawNumbers(state, parts[part], values, { rows, columns, cell, scale: scales[j], mark, padded: part === "patch" });
    const said = `${part} of ${name}${values.length <= 49 ? `: ${Array.from(values, shortNumber).join(", ")}` : ""}`;
    if (parts[part].ariaLabel !== said) parts[part].ariaLabel = said;
  });
}

/** The product under the pointer in full. */
function readCell(state) {
  const { cell, sumArrays, sumParts, meta: { sum } } = state;
  const [, rows, columns] = sumArrays.patch.shape;
  const at = cell ? cell.line * rows * columns + cell.place : -1;
  const [seen, weight, product] = ["patch", "kernel", "products"].map((name) => sumArrays[name].data[at]);
  const known = cell && seen !== undefined && !(sum.operation in OPERATIONS);
  const outside = known && sumArrays.padded.data[cell.place] ? " (outside of the picture)" : "";
  setText(sumParts.cell, known
    ? `${compactNumber(seen)}${outside} × ${compactNumber(weight)} = ${compactNumber(product)}` : "");
}

/** Outline what the place sees: in the maps before, or in the picture. */
function showWindows(state) {
  const { meta, asked, pending, rows } = state;
  const sum = asked && !pending ? meta.sum : null;
  const [, height, width] = sum?.input_shape ?? [0, 1, 1];
  const clip = (value, most) => Math.max(0, Math.min(most, value));
  const [top, left, bottom, right] = sum
    ? sum.window.map((value, i) => clip(value, i % 2 ? width : height) / (i % 2 ? width : height)) : [0, 0, 1, 1];
  const isAll = bottom - top >= 1 && right - left >= 1;
  rows.forEach((row, place) => fitWindows(row.strip, !isAll && place === sum?.source ? sum.channels : [],
    { top, left, bottom, right }));
  const onPicture = !isAll && sum?.source === -1;
  state.window.hidden = !onPicture;
  if (!onPicture) return;
  const percent = (share) => `${100 * share}%`;
  Object.assign(state.window.style, {
    top: percent(top), left: percent(left), width: percent(right - left), height: percent(bottom - top),
  });
}

function fitWindows({ windows, grid }, channels, { top, left, bottom, right }) {
  const shown = grid ? channels.filter((channel) => channel < grid.count) : [];
  while (windows.children.length > shown.length) windows.lastChild.remove();
  while (windows.children.length < shown.length) {
    windows.appendChild(document.createElement("div")).className = "mark window";
  }
  shown.forEach((channel, i) => {
    const box = boxOf(grid, channel);
    putMark(windows.children[i], {
      x: box.x + left * box.width, y: box.y + top * box.height,
      width: (right - left) * box.width, height: (bottom - top) * box.height,
    }, 1);
  });
}
