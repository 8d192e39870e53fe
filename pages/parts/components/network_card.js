// The card beside a node: its enlarged map and its bias, on hover; a click or Enter keeps it open, with a list of the
// weights that come in. Also the tip at a link, and the place of both.

const CARD_MAP = 150;

/** Show what is hovered: nothing, a link, a bias dot or a node. A card that was opened by a click stays. */
function showHover(state) {
  const { link, hovered, tip } = state;
  const isDot = hovered?.part === "bias";
  tip.hidden = Boolean(state.opened) || !(link || isDot);
  if (link) fillTip(state, linkName(state, link), "weight", weightAt(state, link));
  if (isDot) fillTip(state, nodeOf(state, hovered).cell.name, "bias", biasAt(state, hovered));
  if (!tip.hidden) placeTip(state);
  if (state.opened) return;
  const wanted = hovered && !isDot ? hovered : null;
  if (!wanted) state.card.hidden = true;
  else if (state.card.hidden || !sameNode(state.carded, wanted)) openNode(state, wanted, false);
}

const sameNode = (a, b) => a && b && a.column === b.column && a.index === b.index;

function fillTip({ tip, meta }, name, kind, value) {
  if (!tip.firstChild) tip.innerHTML = "<span></span><b></b><i></i>";
  const [title, number, hint] = tip.children;
  setText(title, `${kind} ${name}`);
  setText(number, value === undefined ? "not known yet" : compactNumber(value));
  setText(hint, meta.editable && value !== undefined ? "click to set it" : "");
}

function placeTip({ tip, root, pointer }) {
  const frame = root.getBoundingClientRect();
  const [x, y] = [pointer.x - frame.left, pointer.y - frame.top];
  const left = x + 14 + tip.offsetWidth > frame.width ? x - 14 - tip.offsetWidth : x + 14;
  tip.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, y - tip.offsetHeight - 8)}px)`;
}

function nodeOf(state, { column, index }) {
  return { cell: state.groups[column]?.cells[index], column: state.columns[column] };
}

function biasAt(state, { column, index }) {
  return state.biases[state.columns[column].layer]?.data[index];
}

/** Fill the card for a node: a preview, or with `stay` the panel to edit from. */
function openNode(state, node, stay) {
  const { card } = state;
  Object.assign(state, { carded: node, opened: stay ? "node" : null });
  card.classList.toggle("stay", stay);
  const close = stay ? '<button type="button" class="close" aria-label="Close">✕</button>' : "";
  card.innerHTML = `<header><p><b></b><i></i></p>${close}</header>
    <canvas class="map" role="img"></canvas><p class="extent"></p>
    <dl><dt>bias</dt><dd></dd></dl><div class="actions"></div>`;
  const { cell, column } = nodeOf(state, node);
  const isInput = column.kind === "input";
  setText(card.querySelector("b"), nodeName(column, node.index));
  setText(card.querySelector("header i"), column.kind === "hidden" ? columnName(column) : isInput ? "input" : "");
  card.querySelector(".map").ariaLabel = `What ${cell.name} gives over the plane`;
  card.querySelector("dl").hidden = isInput;
  const hint = isInput ? (state.meta.inputs[node.index].on ? "click to leave it out" : "click to use it")
    : "click to edit";
  setText(card.querySelector(".actions"), !stay && state.meta.editable ? hint : "");
  card.setAttribute("role", stay ? "dialog" : "presentation");
  card.setAttribute("aria-label", cell.name);
  card.hidden = false;
  if (stay) addActions(state, node);
  state.cardHeight = null;
  refreshCard(state);
}

function addActions(state, node) {
  const { card } = state;
  card.querySelector(".close").onclick = () => closeCard(state);
  const actions = card.querySelector(".actions");
  const { layer } = state.columns[node.column];
  const bias = textButton("Edit the bias", () => state.edit({ op: "set_bias", layer, to: node.index }));
  const list = document.createElement("div");
  list.className = "weights";
  list.hidden = true;
  const weights = textButton("Edit a weight", () => {
    list.hidden = !list.hidden;
    weights.setAttribute("aria-expanded", String(!list.hidden));
    card.classList.toggle("listing", !list.hidden);
    if (!list.hidden) list.firstChild?.focus();
    placeCard(state, anchorOf(state, node));
  });
  weights.setAttribute("aria-expanded", "false");
  state.weightButtons = sourcesOf(state, layer).map((_, from) => {
    const link = { layer, to: node.index, from };
    const button = textButton("", () => state.edit({ op: "set_weight", ...link }));
    button.innerHTML = "<span></span><b></b>";
    setText(button.firstChild, nodeName(state.columns[layer], sourcesOf(state, layer)[from]));
    button.onpointerenter = button.onfocus = () => state.markLink(link);
    button.onpointerleave = button.onblur = () => state.markLink(null);
    return { button, link };
  });
  list.append(...state.weightButtons.map(({ button }) => button));
  actions.append(bias, weights, list);
  bias.focus({ preventScroll: true });
}

function textButton(label, onclick) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: label, onclick });
  return button;
}

/** Newest map and numbers into the card that is open. */
function refreshCard(state) {
  const { card, carded, opened, meta } = state;
  if (card.hidden) return;
  if (opened === "value") return showCurrent(card, currentValue(state, state.editing));
  const { cell, column } = nodeOf(state, carded);
  const map = card.querySelector(".map");
  map.hidden = card.querySelector(".extent").hidden = !cell.map;
  if (cell.map) {
    const context = sharpContext(map, CARD_MAP, CARD_MAP);
    context.imageSmoothingQuality = "high";
    context.drawImage(cell.canvas, 0, 0, CARD_MAP, CARD_MAP);
  }
  const [low, high] = (meta.extent ?? [-6, 6]).map(tickLabel);
  setText(card.querySelector(".extent"), `x₁ and x₂ from ${low} to ${high}`);
  if (column.kind !== "input") setText(card.querySelector("dd"), compactNumber(biasAt(state, carded)));
  if (opened) for (const { button, link } of state.weightButtons) {
    setText(button.lastChild, compactNumber(weightAt(state, link)));
  }
  if (card.offsetHeight !== state.cardHeight) placeCard(state, anchorOf(state, carded)); // a first map makes it taller
}

function currentValue(state, target) {
  return target.op === "set_weight" ? weightAt(state, target) : state.biases[target.layer]?.data[target.to];
}

/** The node's box in the component's own coordinates. */
function anchorOf(state, node) {
  const frame = state.root.getBoundingClientRect();
  const box = nodeOf(state, node).cell.face.getBoundingClientRect();
  return { left: box.left - frame.left, right: box.right - frame.left, y: (box.top + box.bottom) / 2 - frame.top };
}

/** An anchor that puts the card under the pointer, or above it, so that the link that was clicked stays in sight. */
function anchorAtPointer({ card, root, pointer }) {
  const frame = root.getBoundingClientRect();
  const [x, y, half] = [pointer.x - frame.left, pointer.y - frame.top, card.offsetHeight / 2];
  const below = y + 18 + 2 * half <= root.clientHeight;
  return { left: x, right: x, y: below ? y + 18 + half : y - 18 - half };
}

/** Beside the anchor, on the side with room, and inside the component. */
function placeCard(state, { left, right, y }) {
  const { card, root } = state;
  const [width, height] = [card.offsetWidth, card.offsetHeight];
  state.cardHeight = height;
  const fits = right + 12 + width <= root.clientWidth;
  const x = fits ? right + 12 : left - 12 - width;
  const clamp = (value, most) => Math.round(Math.max(0, Math.min(value, most - 4)));
  card.style.transform = `translate(${clamp(x, root.clientWidth - width)}px, ${
    clamp(y - height / 2, root.clientHeight - height)}px)`;
}

/** Close the card and give the focus back to where it was opened from. */
function closeCard(state) {
  const { card, carded, opened } = state;
  const hadFocus = opened && card.contains(state.focused());
  Object.assign(state, { opened: null, editing: null, carded: null, weightButtons: [] });
  card.hidden = true;
  card.replaceChildren();
  state.markLink(null);
  if (!hadFocus || !carded) return;
  state.quiet = true; // without opening the preview
  nodeOf(state, carded).cell?.face.focus({ preventScroll: true });
  state.quiet = false;
}
