// Attention: a small map for each head; the chosen head's map large, to be read with pointer or arrow keys.

const ATTENTIONS = new WeakMap();

export default function ({ data, parentElement }) {
  const { meta, arrays } = unpack(data);
  const state = ATTENTIONS.get(parentElement) ?? mount(parentElement);
  const there = Boolean(arrays.maps);
  state.hint.hidden = there;
  state.whole.hidden = !there;
  setText(state.hint, there ? "" : meta.empty);
  if (there) {
    Object.assign(state, { meta, maps: arrays.maps.data, tokens: meta.tokens });
    if (state.chosen >= meta.blocks * meta.heads) state.chosen = 0;
    if (state.at && Math.max(...state.at) >= meta.tokens.length) state.at = null;
    show(state);
  }
  announceFrame("attention", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); ATTENTIONS.delete(parentElement); });
}

function mount(parentElement) {
  const find = (part) => parentElement.querySelector(part);
  const state = {
    parentElement, chosen: 0, at: null, width: 0, hint: find(".hint"), whole: find(".whole"), heads: find(".heads"),
    large: find(".large"), canvas: find(".large canvas"), reading: find(".reading"),
  };
  state.large.onpointermove = (event) => pointAt(state, event);
  state.large.onpointerleave = () => { state.at = null; paint(state); };
  state.large.onkeydown = (event) => onKey(state, event);
  state.observer = new ResizeObserver(() => {
    if (state.large.clientWidth && state.large.clientWidth !== state.width && state.maps) show(state);
  });
  state.observer.observe(state.large);
  ATTENTIONS.set(parentElement, state);
  return state;
}

function show(state) {
  const { meta, heads, parentElement } = state;
  state.colors = chartColors(parentElement);
  state.ramp = shades(state.colors.dark);
  state.width = state.large.clientWidth;
  const count = meta.blocks * meta.heads;
  heads.style.setProperty("--heads", meta.heads);
  if (heads.childElementCount !== count) {
    heads.replaceChildren(...Array.from({ length: count }, (_, i) => newHead(state, i)));
  }
  const size = state.tokens.length;
  for (let i = 0; i < count; i += 1) {
    const button = heads.children[i];
    button.setAttribute("aria-checked", String(i === state.chosen));
    button.tabIndex = i === state.chosen ? 0 : -1;
    const context = sharpContext(button.firstChild, SMALL, SMALL);
    paintMap(context, state.maps.subarray(i * size * size, (i + 1) * size * size), size, 0, 0, SMALL, state.ramp);
  }
  if (state.large.ariaLabel !== meta.alt) state.large.ariaLabel = meta.alt;
  paint(state);
}

function newHead(state, place) {
  const button = document.createElement("button");
  const name = `block ${Math.floor(place / state.meta.heads) + 1}, head ${(place % state.meta.heads) + 1}`;
  Object.assign(button, { type: "button", title: name, ariaLabel: name });
  button.setAttribute("role", "radio");
  button.append(document.createElement("canvas"));
  button.onclick = () => { state.chosen = place; show(state); };
  button.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: state.meta.heads, ArrowUp: -state.meta.heads }[event.key];
    const next = place + step;
    if (!step || next < 0 || next >= state.heads.childElementCount) return;
    event.preventDefault();
    state.chosen = next;
    show(state);
    state.heads.children[next].focus();
  };
  return button;
}

function paint(state) {
  if (!state.maps || !state.width) return;
  const { tokens, chosen, meta, at } = state;
  const size = tokens.length;
  state.map = state.maps.subarray(chosen * size * size, (chosen + 1) * size * size);
  paintLarge(state);
  const name = `Block ${Math.floor(chosen / meta.heads) + 1}, head ${(chosen % meta.heads) + 1}`;
  if (!at) {
    setText(state.reading, `${name}: each row shows what a token takes from the others. Point at a cell to read it.`);
    return;
  }
  const share = Math.round((100 * state.map[at[0] * size + at[1]]) / 255);
  setText(state.reading, `${name}: “${short(tokens[at[0]])}” takes ${share} % from “${short(tokens[at[1]])}”`);
}

function pointAt(state, event) {
  if (!state.frame) return;
  const box = state.canvas.getBoundingClientRect();
  const cell = state.frame.side / state.tokens.length;
  const [down, across] = [event.clientY - box.top - state.frame.top, event.clientX - box.left - state.frame.left];
  const at = [down / cell, across / cell].map(Math.floor);
  const inside = at.every((value) => value >= 0 && value < state.tokens.length);
  state.at = inside ? at : null;
  paint(state);
}

function onKey(state, event) {
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
  if (!step) return;
  event.preventDefault();
  const last = state.tokens.length - 1;
  state.at = (state.at ?? [0, 0]).map((value, i) => Math.max(0, Math.min(last, value + step[i])));
  paint(state);
}
