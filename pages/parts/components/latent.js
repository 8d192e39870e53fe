// The plane of codes. The code under the point lives here; what it stands for comes back with the next frame.

const LATENTS = new WeakMap();

export default function ({ data, parentElement }) {
  const state = LATENTS.get(parentElement) ?? mount(parentElement);
  const { meta, arrays } = unpack(data);
  const there = Boolean(arrays.center);
  state.hint.hidden = there;
  state.whole.hidden = !there;
  setText(state.hint, there ? "" : meta.empty ?? "");
  if (there) {
    if (state.meta?.run !== meta.run) state.z = null;
    Object.assign(state, { meta, arrays });
    show(state);
  }
  announceFrame("latent", meta.step);
  return whenGone(parentElement, () => {
    state.observer.disconnect();
    LATENTS.delete(parentElement);
  });
}

function mount(parentElement) {
  const state = {
    parentElement, z: null, label: 0, dragging: false, waits: false, marked: null, pinned: null, looks: null, side: 0,
    tile: document.createElement("canvas"), arrays: {}, slidersFor: null,
  };
  const parts = [
    "hint", "whole", "ground", "over", "legend", "meaning", "picture", "code", "chance", "centre", "sliders", "spoken",
  ];
  for (const part of parts) state[part] = parentElement.querySelector(`.${part}`);
  state.told = parentElement.querySelector(".class");
  state.chooser = parentElement.querySelector("select");
  listen(state);
  state.observer = new ResizeObserver(() => draw(state));
  state.observer.observe(state.over);
  LATENTS.set(parentElement, state);
  return state;
}

function show(state) {
  const { meta, arrays } = state;
  dress(state);
  if (!state.z || state.z.length !== arrays.center.data.length) {
    state.z = Float32Array.from(arrays.z?.data ?? arrays.center.data);
  }
  fitSliders(state);
  followCode(state);
  state.hasGrid = Boolean(arrays.grid) && meta.cells > 0;
  if (state.hasGrid) paintGrid(state.tile, arrays.grid, meta.cells, state.ink);
  if (arrays.picture) {
    const { data, shape } = arrays.picture;
    paintWords(state.picture, wordsOf({ data, shape: [1, ...shape] }, 0, state.ink), shape[1]);
  }
  draw(state);
}

/** Colours, words and the legend, where theme, classes or meaning are others. */
function dress(state) {
  const { meta, arrays, parentElement, over } = state;
  const dark = isDark(parentElement);
  const looks = JSON.stringify([dark, meta.names, meta.is_told, Boolean(arrays.xy)]);
  if (over.ariaLabel !== meta.alt) over.ariaLabel = meta.alt;
  state.picture.ariaLabel = "What the network makes of this code";
  setText(state.meaning, meta.meaning ?? "");
  if (looks === state.looks) return;
  const colors = chartColors(parentElement);
  Object.assign(state, { looks, dark, colors, ink: inkWords(dark), inks: classColors(meta.names.length, colors) });
  state.told.hidden = !meta.is_told;
  state.chooser.replaceChildren(...meta.names.map((name, i) => new Option(name, i, false, i === state.label)));
  state.legend.hidden = !arrays.xy;
  state.legend.replaceChildren(...(arrays.xy ? meta.names : []).map((name, label) => entry(state, name, label)));
}

function entry(state, name, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.innerHTML = `<i style="--ink: ${state.inks[label]}" aria-hidden="true"></i>`;
  button.append(name);
  button.ariaPressed = "false";
  const mark = (value) => () => { state.marked = value ?? state.pinned; drawTop(state); };
  button.onpointerenter = button.onfocus = mark(label);
  button.onpointerleave = button.onblur = mark(null);
  button.onclick = () => {
    state.pinned = state.pinned === label ? null : label;
    state.marked = state.pinned;
    [...state.legend.children].forEach((other, i) => { other.ariaPressed = String(i === state.pinned); });
    drawTop(state);
  };
  return button;
}

function draw(state) {
  state.side = state.over.clientWidth;
  if (!state.meta || !state.side || !state.colors) return;
  drawBehind(sharpContext(state.ground, state.side, state.side), state);
  drawTop(state);
}

function drawTop(state) {
  const { over, side, meta, z } = state;
  if (!side || !z) return;
  const context = sharpContext(over, side, side);
  context.clearRect(0, 0, side, side);
  drawCodes(context, state);
  drawHandle(context, toPixel(side, meta.extent, placeOf(state)));
}
