// The map of the pictures: points glide to where the newest look puts them; a legend marks one class.

const MAPS = new WeakMap();
const GLIDE_MS = 450;

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = MAPS.get(parentElement) ?? mount(parentElement);
  state.send = (value) => setTriggerValue("pick", value);
  state.meta = meta;
  const there = Boolean(arrays.xy);
  state.hint.hidden = there;
  state.whole.hidden = !there;
  setText(state.hint, there ? "" : meta.empty);
  if (there) show(state, arrays);
  announceFrame("scatter", meta.step);
  return whenGone(parentElement, () => {
    state.observer.disconnect();
    cancelAnimationFrame(state.gliding);
    MAPS.delete(parentElement);
  });
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    parentElement, at: null, chosenPlace: null, marked: null, pinned: null, size: [0, 0], places: null, sheet: null,
    canvas: find(".plot > canvas"), tipPicture: find(".tip canvas"), tipText: find(".tip p"),
    method: find(".facts b"), factsText: find(".facts span"), still: matchMedia("(prefers-reduced-motion: reduce)"),
  };
  for (const part of ["hint", "whole", "plot", "tip", "legend", "meaning", "spoken"]) state[part] = find(`.${part}`);
  listen(state);
  state.observer = new ResizeObserver(() => resize(state));
  state.observer.observe(state.plot);
  MAPS.set(parentElement, state);
  return state;
}

function show(state, arrays) {
  const { meta, parentElement } = state;
  const sameMap = state.run === meta.run && sameBytes(state.indices, arrays.indices.data);
  Object.assign(state, {
    run: meta.run, labels: arrays.labels.data, predicted: arrays.predicted.data, indices: arrays.indices.data,
  });
  dress(state, isDark(parentElement));
  if (arrays.sheet) keepSheet(state, arrays.sheet, meta.sheet, meta.run);
  else if (state.sheet && state.sheet.run !== meta.run) state.sheet = null;
  adoptChosen(state);
  setText(state.method, meta.method);
  setText(state.factsText, meta.facts);
  setText(state.meaning, meta.meaning);
  if (state.plot.ariaLabel !== meta.alt) state.plot.ariaLabel = meta.alt;
  const moved = !sameBytes(state.xy, arrays.xy.data);
  state.xy = arrays.xy.data;
  if (moved || !sameMap) moveTo(state, sameMap);
  else draw(state);
  if (state.at !== null) showTip(state);
}

/** Colours and legend, where theme or classes are others. */
function dress(state, dark) {
  const { meta, parentElement, labels } = state;
  const looks = JSON.stringify([dark, meta.names]);
  if (looks !== state.looks) {
    const colors = chartColors(parentElement);
    const inks = classColors(meta.names.length, colors);
    Object.assign(state, { looks, colors, inks, names: meta.names, ink: inkWords(dark) });
    buildLegend(state);
  }
  state.members = state.names.map(() => []);
  labels.forEach((label, i) => state.members[label]?.push(i));
}

function buildLegend(state) {
  state.legend.replaceChildren(...state.names.map((name, label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `<i style="--ink: ${state.inks[label]}" aria-hidden="true"></i>`;
    button.append(name);
    button.ariaPressed = "false";
    const mark = (value) => () => { state.marked = value; draw(state); };
    button.onpointerenter = button.onfocus = mark(label);
    button.onpointerleave = button.onblur = mark(null);
    button.onclick = () => pin(state, state.pinned === label ? null : label);
    return button;
  }), ringNote());
}

function ringNote() {
  const note = document.createElement("span");
  note.innerHTML = '<i aria-hidden="true"></i>ring: what a wrong one is taken for';
  return note;
}

/** Keep one class marked. */
function pin(state, label) {
  state.pinned = label;
  state.legend.querySelectorAll("button").forEach((button, i) => { button.ariaPressed = String(i === label); });
  draw(state);
}

/** The page says which picture is chosen; a click shows before the page knows of it. */
function adoptChosen(state) {
  const { chosen } = state.meta;
  if (chosen === state.said) return;
  state.said = chosen;
  state.chosenPlace = state.indices.indexOf(chosen);
}

function resize(state) {
  const { clientWidth: width, clientHeight: height } = state.plot;
  if (!width || (width === state.size[0] && height === state.size[1])) return;
  state.size = [width, height];
  Object.assign(state.canvas.style, { width: `${width}px`, height: `${height}px` });
  if (state.xy) moveTo(state, false);
}

/** Go to the newest places: on the way there as eyes can follow, or at once. */
function moveTo(state, glide) {
  const [width, height] = state.size;
  if (!width) return resize(state);
  const target = placesOf(state.xy, width, height);
  cancelAnimationFrame(state.gliding);
  const from = state.places;
  if (!glide || state.still.matches || from?.length !== target.length) {
    state.places = target;
    return draw(state);
  }
  const begin = performance.now();
  const step = (now) => {
    const t = Math.min(1, Math.max(0, (now - begin) / GLIDE_MS));
    const share = 1 - (1 - t) ** 3;
    state.places = target.map((value, i) => from[i] + (value - from[i]) * share);
    draw(state);
    placeTip(state);
    if (t < 1) state.gliding = requestAnimationFrame(step);
  };
  state.gliding = requestAnimationFrame(step);
}
