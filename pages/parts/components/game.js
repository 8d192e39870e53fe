// The game on the plane: keeps each instance's newest data, and redraws on data, size and switches of the legend.

const GAMES = new WeakMap();
const FRAME = { left: 30, right: 4, top: 10, bottom: 22 }; // room for the ticks
const PALE = 0.5; // the judge's ground: made points are drawn on it in its own colour
const LAYERS = {
  real: "Real", fake: "Made", surface: "Discriminator", mesh: "Generator", arrows: "Gradient", modes: "Modes",
};

export default function ({ data, parentElement, setTriggerValue }) {
  const state = GAMES.get(parentElement) ?? mount(parentElement);
  state.send = (points) => setTriggerValue("points", points);
  const { meta, arrays } = unpack(data);
  const there = Boolean(arrays.real || arrays.fake);
  const waits = !there && Boolean(state.arrays.real || state.arrays.fake); // what was drawn stays until more comes
  state.hint.hidden = there || waits;
  state.whole.hidden = !there && !waits;
  state.whole.classList.toggle("waiting", waits);
  if (waits) {
    setText(state.facts, meta.empty ?? "");
    state.meta.tool = meta.tool ?? null; // strokes are taken meanwhile
    state.over.classList.toggle("tool", Boolean(meta.tool));
    return endOf(parentElement, state);
  }
  setText(state.hint, there ? "" : meta.empty ?? "");
  if (arrays.real && state.pending && !sameCloud(arrays.real, state.arrays.real)) state.pending = null;
  Object.assign(state, { meta, arrays });
  if (there) show(state);
  announceFrame("game", meta.step);
  return endOf(parentElement, state);
}

function endOf(parentElement, state) {
  return whenGone(parentElement, () => {
    stop(state);
    state.observer.disconnect();
    GAMES.delete(parentElement);
  });
}

function mount(parentElement) {
  const state = {
    parentElement, off: new Set(), at: null, byKey: false, stroke: null, pending: null, walking: null, timer: null,
    arrays: {}, tile: document.createElement("canvas"), looks: null,
  };
  const parts = ["hint", "whole", "ground", "over", "tip", "legend", "facts", "spoken", "walk", "stages", "back", "go", "on"];
  for (const part of parts) state[part] = parentElement.querySelector(`.${part}`);
  listen(state);
  listenToWalk(state);
  state.observer = new ResizeObserver(() => draw(state));
  state.observer.observe(state.over);
  GAMES.set(parentElement, state);
  return state;
}

const sameCloud = (a, b) => a.data.length === b?.data.length && a.data.every((value, i) => value === b.data[i]);

function show(state) {
  const { meta, over } = state;
  const dark = isDark(state.parentElement);
  state.colors = chartColors(state.parentElement);
  if (state.dark !== dark) Object.assign(state, { dark, table: colorTable("diverging", 2, dark, PALE) });
  const act = meta.tool && (meta.tool.action === "erase" ? ", Enter erases" : ", Enter adds a point");
  const label = `${meta.alt}. Arrow keys read values${act ?? ""}.`;
  if (over.ariaLabel !== label) over.ariaLabel = label;
  over.setAttribute("role", meta.tool ? "application" : "img");
  over.classList.toggle("tool", Boolean(meta.tool));
  setText(state.facts, meta.facts ?? "");
  takeWalk(state);
  setLegend(state);
  draw(state);
}

/** Switches of what there is to be drawn; a walk says by itself what belongs to its stage. */
function setLegend(state) {
  const { meta, arrays, legend, dark } = state;
  const names = Object.keys(LAYERS).filter((name) => arrays[name] && !meta.walk);
  const looks = JSON.stringify([names, meta.scale, dark, Boolean(meta.walk)]);
  if (looks === state.looks) return;
  state.looks = looks;
  const scale = divergingPalette(dark);
  const stops = [0, 64, 127, 190, 254].map((i) => css(scale[Math.round(127 + (i - 127) * PALE)])).join(", ");
  legend.replaceChildren(...names.map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `<i class="${name}" aria-hidden="true"></i>`;
    button.append(LAYERS[name]);
    button.ariaPressed = String(!state.off.has(name));
    button.onclick = () => {
      state.off[state.off.has(name) ? "delete" : "add"](name);
      button.ariaPressed = String(!state.off.has(name));
      draw(state);
    };
    return button;
  }));
  if (!arrays.surface) return;
  const ramp = legend.appendChild(document.createElement("span"));
  ramp.innerHTML = `<i class="ramp" aria-hidden="true" style="background: linear-gradient(90deg, ${stops})"></i>`;
  ramp.prepend(meta.scale[0]);
  ramp.append(meta.scale[1]);
}

/** The layers to be drawn now. */
function layersOf({ meta, walking, off }) {
  if (meta.walk && walking) return meta.walk.stages[walking.at].layers;
  return Object.keys(LAYERS).filter((name) => !off.has(name));
}

function draw(state) {
  const { over, meta, colors, ground, arrays } = state;
  const side = over.clientWidth;
  if (!meta?.extent || !side || !colors) return;
  state.frame = planeFrame(side, meta.extent, FRAME);
  state.layers = layersOf(state);
  const hasMap = state.layers.includes("surface") && Boolean(arrays.surface);
  if (hasMap) paintSurface(state.tile, arrays.surface, state.table);
  const look = { tile: state.tile, meta: { smooth: true }, colors, hasMap };
  drawGround(sharpContext(ground, side, side), state.frame, look);
  drawOver(state);
}

function drawTop({ over, frame, arrays, layers, dark }) {
  const context = sharpContext(over, frame.side, frame.side);
  context.clearRect(0, 0, frame.side, frame.side);
  drawLayers(context, frame, arrays, layers, { dark });
}
