// A network from inside: a picture and what it is taken for, every layer's maps, and how one number comes about.

const INSIDES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = INSIDES.get(parentElement) ?? mount(parentElement);
  state.send = (value) => setTriggerValue("value", value);
  state.meta = meta;
  const there = Boolean(arrays.picture);
  state.hint.hidden = there;
  setText(state.hint, there ? "" : meta.empty);
  state.head.hidden = !there;
  state.layers.hidden = !there;
  state.legend.hidden = !there || !meta.layers.length;
  if (there) show(state, arrays);
  announceFrame("inside", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); INSIDES.delete(parentElement); });
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    parentElement, root: find(".inside"), canvas: find("canvas.picture"), window: document.createElement("div"),
    sum: document.createElement("div"), topRows: [], heatCells: [], rows: [], lines: [], asked: null, at: null,
  };
  for (const part of ["hint", "head", "frame", "truth", "top", "heats", "legend", "layers", "tip", "spoken"]) {
    state[part] = find(`.${part}`);
  }
  Object.assign(state.window, { className: "window", hidden: true });
  state.frame.append(state.window);
  Object.assign(state.sum, { className: "sum", hidden: true });
  state.sum.setAttribute("role", "group");
  state.sum.setAttribute("aria-label", "How one number comes about");
  state.observer = new ResizeObserver(() => fitWidth(state));
  state.observer.observe(state.layers);
  INSIDES.set(parentElement, state);
  return state;
}

function show(state, arrays) {
  const dark = isDark(state.parentElement);
  if (dark !== state.dark) {
    Object.assign(state, {
      dark, ink: inkWords(dark), signed: signedWords(dark), palette: divergingPalette(dark),
      colors: chartColors(state.parentElement),
    });
    const stops = [0, 64, 127, 190, 254].map((i) => css(state.palette[i]));
    state.legend.style.setProperty("--ramp", `linear-gradient(90deg, ${stops})`);
  }
  showHead(state, arrays);
  showLayers(state, arrays);
  showSum(state, arrays);
  refreshTip(state);
}

/** Another width: maps wrap anew. */
function fitWidth(state) {
  if (!state.rows.length || !state.rows[0].strip.array) return;
  measureWidth(state);
  for (const row of state.rows) drawRow(state, row);
  showWindows(state);
  if (state.asked && !state.pending) fillSum(state);
}
