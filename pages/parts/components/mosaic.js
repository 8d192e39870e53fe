// Pictures in tiles. A tile is a button, or a figure where nothing is to be picked; only changed pixels are painted.

const MOSAICS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = MOSAICS.get(parentElement) ?? mount(parentElement);
  state.pick = (index) => setTriggerValue("pick", { index });
  const dark = isDark(parentElement);
  if (state.dark !== dark) Object.assign(state, { dark, ink: inkWords(dark), shown: null });
  const items = arrays.images ? meta.items : [];
  dress(state, meta, items.length);
  fitTiles(state, items.length, arrays.images?.shape[1] ?? 0, Boolean(meta.pickable));
  if (items.length) paintAll(state, arrays.images);
  items.forEach((item, i) => describe(state.list[i], item, meta.chosen));
  announceFrame("mosaic", meta.step);
}

function mount(parentElement) {
  const [tiles, rows, hint, note] = ["tiles", "rows", "hint", "note"].map((name) => parentElement.querySelector(`.${name}`));
  const state = {
    root: parentElement.querySelector(".mosaic"), tiles, rows, hint, note, list: [], current: 0, shown: null,
  };
  tiles.onkeydown = (event) => onKey(state, event);
  MOSAICS.set(parentElement, state);
  return state;
}

function dress(state, meta, count) {
  const { root, tiles, rows, hint, note } = state;
  root.classList.toggle("dark", state.dark);
  root.style.setProperty("--side", `${meta.side ?? 56}px`);
  if (tiles.ariaLabel !== meta.alt) tiles.ariaLabel = meta.alt ?? "";
  const named = count > 0 && (meta.rows ?? []).length > 1;
  rows.hidden = !named;
  setText(rows, named ? `From top to bottom: ${meta.rows.join(", ")}` : "");
  note.hidden = !meta.note;
  setText(note, meta.note ?? "");
  hint.hidden = count > 0;
  setText(hint, count ? "" : meta.empty ?? "");
}

/** As many tiles as pictures; those there stay where they are. */
function fitTiles(state, count, high, pickable) {
  if (state.high !== high || state.pickable !== pickable) {
    state.tiles.replaceChildren();
    Object.assign(state, { high, pickable, list: [], shown: null, current: 0 });
  }
  while (state.list.length > count) state.list.pop().element.remove();
  while (state.list.length < count) state.list.push(newTile(state, state.list.length));
  if (pickable && count) focusable(state, Math.min(state.current, count - 1));
}

function newTile(state, place) {
  const element = state.tiles.appendChild(document.createElement(state.pickable ? "button" : "figure"));
  const canvases = Array.from({ length: state.high }, () => element.appendChild(document.createElement("canvas")));
  canvases.forEach((canvas) => canvas.setAttribute("aria-hidden", "true"));
  const caption = element.appendChild(document.createElement("span"));
  const tile = { element, canvases, caption, index: place };
  if (!state.pickable) element.setAttribute("role", "img");
  else {
    Object.assign(element, { type: "button", tabIndex: -1 });
    element.onclick = () => { focusable(state, place); state.pick(tile.index); };
  }
  return tile;
}

/** Paint what has changed: an array (N, K, H, W) or (N, K, H, W, 3) is one of N · K pictures. */
function paintAll(state, { data, shape }) {
  const [count, high, ...rest] = shape;
  const size = rest.reduce((product, side) => product * side, 1);
  const all = { data, shape: [count * high, ...rest] };
  const before = state.shown?.shape.join() === shape.join() ? state.shown.data : null;
  state.list.forEach(({ canvases }, i) => canvases.forEach((canvas, k) => {
    const place = i * high + k;
    const [from, to] = [place * size, (place + 1) * size];
    if (canvas.dataset.painted && before && sameBytes(data.subarray(from, to), before.subarray(from, to))) return;
    canvas.dataset.painted = "yes";
    paintWords(canvas, wordsOf(all, place, state.ink), rest[1]);
  }));
  state.shown = { data, shape };
}

function describe(tile, { caption: text, title, tone, index }, chosen) {
  const { element, caption } = tile;
  setText(caption, text ?? "");
  caption.hidden = !text;
  if (element.title !== title) Object.assign(element, { title, ariaLabel: title });
  element.className = tone ?? "";
  if (element.tagName === "BUTTON") element.ariaPressed = String(index === chosen);
  tile.index = index;
}

/** The tiles are one tab stop; arrow keys move among them. */
function focusable(state, to) {
  if (state.list[state.current]) state.list[state.current].element.tabIndex = -1;
  state.current = to;
  state.list[to].element.tabIndex = 0;
}

function onKey(state, event) {
  if (!state.pickable) return;
  const columns = getComputedStyle(state.tiles).gridTemplateColumns.split(" ").length;
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const to = event.key === "Home" ? 0 : event.key === "End" ? state.list.length - 1 : state.current + moves[event.key];
  if (!(to >= 0 && to < state.list.length)) return;
  event.preventDefault();
  focusable(state, to);
  state.list[to].element.focus();
}
