// The network diagram: keeps the newest weights and maps, lays out when the shape or the size changes, and turns
// clicks and keys into edits. The page answers an edit with new data; nothing is changed ahead of it.

const DIAGRAMS = new WeakMap();
const HOLD_MS = 800; // a network that is built anew keeps the last weights and maps on screen this long

export default function ({ data, parentElement, setTriggerValue }) {
  show(parentElement, data, (edit) => setTriggerValue("edit", edit));
  return whenGone(parentElement, () => dismount(parentElement));
}

/** Draw a payload in `parentElement`; `send` tells the page of an edit. */
function show(parentElement, payload, send) {
  const { meta, arrays } = unpack(payload);
  const state = DIAGRAMS.get(parentElement) ?? mount(parentElement);
  state.fire = (edit) => { if (state.meta.editable) send(edit); };
  state.meta = meta;
  takeArrays(state, arrays);
  setTheme(state, parentElement);
  const { inputs, layers, output, editable, max_layers, max_neurons } = meta;
  const shape = JSON.stringify([inputs, layers, output, editable, max_layers, max_neurons]);
  if (shape !== state.shape) reshape(state, shape);
  else takeNumbers(state);
  setText(state.caption, meta.caption ?? "");
  state.caption.title = meta.caption ?? "";
  draw(state);
  announceFrame("network", meta.step);
}

function dismount(parentElement) {
  const state = DIAGRAMS.get(parentElement);
  if (!state) return;
  state.observer.disconnect();
  clearTimeout(state.letGo);
  window.removeEventListener("pointerdown", state.onOutside, true);
  DIAGRAMS.delete(parentElement);
}

/** Keep the newest arrays; without weights in them, those from before for a moment. */
function takeArrays(state, arrays) {
  clearTimeout(state.letGo);
  state.arrays = arrays;
  if (arrays.weights_0) return Object.assign(state, { last: arrays, lastAt: performance.now() });
  const left = HOLD_MS - (performance.now() - state.lastAt);
  if (!state.last || left <= 0) return Object.assign(state, { last: null });
  state.letGo = setTimeout(() => {
    state.last = null;
    takeNumbers(state);
    draw(state);
  }, left);
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    root: find(".network"), caption: find(".caption"), depth: find(".depth"), scroll: find(".scroll"),
    boardElement: find(".board"), canvas: find(".links"), tip: find(".tip"), card: find(".card"),
    groups: [], weights: [], biases: [], weightButtons: [], current: { column: 0, index: 0 }, pointer: { x: 0, y: 0 },
    last: null, lastAt: 0, board: null, link: null, hovered: null, opened: null, editing: null, carded: null,
  };
  state.focused = () => state.root.getRootNode().activeElement;
  state.edit = (target) => editValue(state, target);
  state.markLink = (link) => markLink(state, link);
  listen(state);
  state.observer = new ResizeObserver(() => layOut(state));
  state.observer.observe(state.scroll);
  DIAGRAMS.set(parentElement, state);
  return state;
}

function listen(state) {
  const { boardElement, scroll, card } = state;
  boardElement.onpointermove = (event) => onMove(state, event);
  boardElement.onpointerleave = () => hover(state, null, null);
  boardElement.onclick = (event) => onClick(state, event);
  boardElement.onkeydown = (event) => onKey(state, event);
  boardElement.addEventListener("focusin", ({ target }) => {
    if (target.matches(".face")) setCurrent(state, numbersOf(target));
    if (target.matches(".face:focus-visible") && !state.opened && !state.quiet) hover(state, numbersOf(target), null);
  });
  boardElement.addEventListener("focusout", () => hover(state, null, null));
  scroll.onscroll = () => hover(state, null, null);
  card.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") closeCard(state);
  };
  state.onOutside = (event) => {
    if (state.opened && !event.composedPath().includes(card)) closeCard(state);
  };
  window.addEventListener("pointerdown", state.onOutside, true);
}

function setTheme(state, parentElement) {
  const colors = chartColors(parentElement);
  const print = JSON.stringify(colors);
  if (print === state.themePrint) return;
  const ramp = mapRamp(colors.dark);
  Object.assign(state, { themePrint: print, colors, ground: colors.ground, inks: linkInks(colors), ramp });
}

function reshape(state, shape) {
  state.shape = shape;
  if (state.opened || state.carded) closeCard(state);
  Object.assign(state, { columns: columnsOf(state.meta), board: null, link: null, hovered: null });
  state.tip.hidden = true;
  takeNumbers(state);
  layOut(state);
}

/** Place everything for the size there is, and draw. Also runs when the component is resized. */
function layOut(state) {
  const { clientWidth, clientHeight } = state.scroll;
  if (!state.columns || !clientWidth || !clientHeight) return;
  state.board = placeColumns(state.columns, clientWidth, clientHeight);
  state.columns = state.board.columns;
  arrange(state);
  setCurrent(state, state.current);
  draw(state);
}

/** Keep the weights and biases that fit the header; others belong to a shape that is just passing. */
function takeNumbers(state) {
  const { arrays, last, columns } = state;
  const fits = (array, shape) => array && shape.every((side, i) => array.shape[i] === side);
  const fitting = (name, ...shape) => [arrays[name], last?.[name]].find((array) => fits(array, shape)) ?? null;
  state.weights = columns.slice(1).map((column, layer) => {
    const sources = layer ? columns[layer].shown : state.meta.inputs.filter(({ on }) => on).length;
    return fitting(`weights_${layer}`, column.shown, sources);
  });
  state.biases = columns.slice(1).map((column, layer) => fitting(`biases_${layer}`, column.shown));
}

function draw(state) {
  if (!state.board) return;
  paintNodes(state);
  drawLinks(state);
  showHover(state);
  refreshCard(state);
}

// Pointer

const numbersOf = ({ dataset }) => ({ column: Number(dataset.column), index: Number(dataset.index) });

/** What is at the event's place: {node: {column, index, part}} or {link}. */
function targetOf(state, event) {
  const element = event.target.closest?.(".face, .bias");
  if (element) return { node: { ...numbersOf(element), part: element.className }, link: null };
  if (event.target.closest?.("button") || !state.board) return { node: null, link: null };
  const frame = state.boardElement.getBoundingClientRect();
  const reach = event.pointerType === "touch" ? 14 : 5;
  return { node: null, link: linkAt(state, event.clientX - frame.left, event.clientY - frame.top, reach) };
}

function onMove(state, event) {
  state.pointer = { x: event.clientX, y: event.clientY };
  if (event.pointerType === "touch" || state.opened) return;
  const { node, link } = targetOf(state, event);
  hover(state, node, link);
}

function hover(state, node, link) {
  const isSame = JSON.stringify([node, link]) === JSON.stringify([state.hovered, state.link]);
  if (isSame && !link && node?.part !== "bias") return;
  const linkChanged = JSON.stringify(link) !== JSON.stringify(state.link);
  if (state.opened) return;
  Object.assign(state, { hovered: node, link });
  state.boardElement.style.cursor = link && state.meta.editable ? "pointer" : "";
  if (linkChanged && state.board) drawLinks(state);
  showHover(state);
}

function markLink(state, link) {
  if (JSON.stringify(link) === JSON.stringify(state.link)) return;
  state.link = link;
  state.tip.hidden = true;
  if (state.board) drawLinks(state);
}

function onClick(state, event) {
  const { node, link } = targetOf(state, event);
  state.pointer = { x: event.clientX, y: event.clientY };
  if (link) return editValue(state, { op: "set_weight", ...link });
  if (!node) return;
  setCurrent(state, node);
  const { kind, layer } = state.columns[node.column];
  if (kind === "input") state.fire({ op: "toggle_input", name: state.meta.inputs[node.index].name });
  else if (node.part === "bias") editValue(state, { op: "set_bias", layer, to: node.index });
  else if (state.meta.editable) openNode(state, node, true);
}

/** Open the editor of a weight or bias: at its node, or for a weight that was clicked where the pointer is. */
function editValue(state, target) {
  const value = currentValue(state, target);
  if (!state.meta.editable || value === undefined) return;
  const node = { column: target.layer + 1, index: target.to };
  const isWeight = target.op === "set_weight";
  const atNode = state.opened || !isWeight;
  Object.assign(state, { opened: "value", editing: target, carded: node, hovered: null });
  state.tip.hidden = true;
  state.card.className = "card stay";
  state.card.setAttribute("role", "dialog");
  const column = state.columns[node.column];
  const title = isWeight ? `Weight ${linkName(state, target)}` : `Bias of ${nodeName(column, node.index)}`;
  const place = column.kind === "hidden" ? `${isWeight ? "into " : ""}${columnName(column)}` : "";
  state.card.setAttribute("aria-label", `${title} ${place}`);
  state.card.hidden = false;
  openEditor(state.card, {
    title, place, value, onClose: () => closeCard(state),
    onApply: (newValue) => state.fire({ ...target, value: newValue }),
  });
  placeCard(state, atNode ? anchorOf(state, node) : anchorAtPointer(state));
  markLink(state, isWeight ? { layer: target.layer, to: target.to, from: target.from } : null);
}

// Keyboard: the nodes are one tab stop, arrow keys move among them

function setCurrent(state, { column, index }) {
  const at = (place) => state.groups[place.column]?.cells[place.index]?.face;
  if (at(state.current)) at(state.current).tabIndex = -1;
  const lastColumn = Math.min(column, state.groups.length - 1);
  state.current = { column: lastColumn, index: Math.min(index, state.groups[lastColumn].cells.length - 1) };
  if (at(state.current)) at(state.current).tabIndex = 0;
}

function onKey(state, event) {
  if (!event.target.matches(".face")) return;
  if (event.key === "Escape") hover(state, null, null);
  const { column, index } = state.current;
  const [across, down] = {
    ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  }[event.key] ?? [0, 0];
  const to = state.columns[column + across];
  if ((!across && !down) || !to) return;
  event.preventDefault();
  const y = state.columns[column].ys[index];
  const nearest = (ys) => ys.reduce((best, at, i) => (Math.abs(at - y) < Math.abs(ys[best] - y) ? i : best), 0);
  const next = across ? nearest(to.ys) : Math.max(0, Math.min(to.ys.length - 1, index + down));
  state.groups[column + across].cells[next].face.focus();
}
