// The decision map: keeps each instance's newest data and redraws on data, size and theme. Of the three canvases on
// each other only the map's is redrawn at every update, the points' when they change.

const PLANES = new WeakMap();
const HOLD_MS = 800; // a network that is built anew keeps the last map on screen this long
const EMPTY = new Float32Array(0);

export default function ({ data, parentElement, setTriggerValue }) {
  show(parentElement, data, (point) => setTriggerValue("point", point));
  return whenGone(parentElement, () => dismount(parentElement));
}

/** Draw a payload in `parentElement`; `send` tells the page of a point. */
function show(parentElement, payload, send) {
  const { meta, arrays } = unpack(payload);
  const state = PLANES.get(parentElement) ?? mount(parentElement);
  const [train, test] = [arrays.train?.data ?? EMPTY, arrays.test?.data ?? EMPTY];
  const moved = !same(train, state.train) || !same(test, state.test);
  Object.assign(state, { meta, train, test, send });
  const settled = settle(state, moved);
  takeMap(state, arrays);
  takeColors(state);
  dress(state);
  draw(state, moved || settled);
  announceFrame("plane", meta.step);
}

function dismount(parentElement) {
  const state = PLANES.get(parentElement);
  state?.observer.disconnect();
  clearTimeout(state?.letGo);
  PLANES.delete(parentElement);
}

function mount(parentElement) {
  const state = {
    parentElement, tile: document.createElement("canvas"), train: EMPTY, test: EMPTY, marks: [], lastPlaced: null,
    map: null, mapAt: 0, at: null, byKey: false, dragging: false, legendKey: null, pointsKey: null,
  };
  for (const part of ["plane", "ground", "points", "over", "tip", "legend", "spoken"]) {
    state[part] = parentElement.querySelector(`.${part}`);
  }
  listen(state);
  state.observer = new ResizeObserver(() => draw(state, true));
  state.observer.observe(state.over);
  PLANES.set(parentElement, state);
  return state;
}

function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function takeMap(state, { map, confidence }) {
  clearTimeout(state.letGo);
  if (map) return Object.assign(state, { map, confidence, mapAt: performance.now() });
  const left = HOLD_MS - (performance.now() - state.mapAt);
  const letGo = () => { Object.assign(state, { map: null, confidence: null }); draw(state, false); };
  if (state.map && left > 0) state.letGo = setTimeout(letGo, left);
  else Object.assign(state, { map: null, confidence: null });
}

function takeColors(state) {
  const { meta } = state;
  state.colors = chartColors(state.parentElement);
  const { dark } = state.colors;
  const key = `${meta.palette} ${meta.classes?.length} ${dark}`;
  if (key === state.tableKey) return;
  const table = colorTable(meta.palette, Math.max(1, meta.classes?.length ?? 0), dark);
  Object.assign(state, { tableKey: key, table, scale: divergingPalette(dark) });
}

function dress(state) {
  const { meta, over } = state;
  const isEraser = meta.tool?.action === "erase";
  const act = meta.tool && (isEraser ? "erases points" : `adds a point of ${className(meta, toolLabel(meta))}`);
  const label = `${meta.alt ?? ""}. Arrow keys read values${act ? `, Enter ${act}` : ""}.`;
  if (over.ariaLabel !== label) over.ariaLabel = label;
  over.classList.toggle("tool", Boolean(meta.tool));
  const role = meta.tool ? "application" : "img";
  if (over.getAttribute("role") !== role) over.setAttribute("role", role);
  if (!meta.tool) state.dragging = false;
  setLegend(state);
}

/** A tool names a class by its index; a diverging scale has class 0 at -1 and class 1 at 1. */
const toolLabel = ({ palette, tool }) => (palette === "classes" ? tool.label : tool.label > 0 ? 1 : -1);

function className({ palette, classes = [] }, label) {
  const index = palette === "classes" ? Math.round(label) : label > 0 ? 1 : 0;
  const name = classes[index] ?? String(index);
  return /^\d+$/.test(name) ? `class ${name}` : name;
}

function setLegend(state) {
  const { meta, legend, scale } = state;
  const tests = meta.show_test && state.test.length > 0;
  const key = JSON.stringify([meta.palette, meta.classes, meta.discretize, tests, state.tableKey]);
  if (key === state.legendKey) return;
  state.legendKey = key;
  const sets = [mark("dot train", "train"), mark("dot test", "test")];
  sets[1].classList.toggle("absent", !tests); // its room stays, so that the legend never wraps anew
  const codes = meta.palette === "classes" ? classMarks(meta) : [scaleMark(meta, scale)];
  legend.replaceChildren(group("sets", sets), group("codes", codes));
}

function group(className, members) {
  const element = Object.assign(document.createElement("div"), { className });
  element.append(...members.filter(Boolean));
  return element;
}

function mark(className, label, color) {
  const element = document.createElement("span");
  const dot = element.appendChild(Object.assign(document.createElement("i"), { className }));
  dot.setAttribute("aria-hidden", "true");
  if (color) dot.style.background = color;
  element.append(label);
  return element;
}

function classMarks({ classes }) {
  const numbered = classes.every((name) => /^\d+$/.test(name));
  return [numbered && "class", ...classes.map((name, i) => mark("swatch", name, css(classColor(i))))];
}

/** The scale from one colour to the other; its ends are two classes or -1 and 1. */
function scaleMark(meta, scale) {
  const stops = [0, 64, 127, 190, 254].map((i) => css(scale[i]));
  const hard = `${stops[0]} 50%, ${stops[4]} 50%`;
  const element = mark("ramp", "", `linear-gradient(90deg, ${meta.discretize ? hard : stops.join(", ")})`);
  const named = meta.classes?.length === 2;
  element.prepend(named ? className(meta, -1) : "−1");
  element.append(named ? className(meta, 1) : "1");
  return element;
}

function draw(state, withPoints) {
  const { over, meta, colors, ground, map } = state;
  const side = over.clientWidth;
  if (!meta || !side) return;
  const frame = state.frame = planeFrame(side, meta.extent ?? [-6, 6]);
  if (map) paintTile(state.tile, state, frame.size * (window.devicePixelRatio || 1));
  state.hasMap = Boolean(map);
  drawGround(sharpContext(ground, side, side), frame, state);
  const key = [side, window.devicePixelRatio, meta.show_test, state.tableKey].join();
  if (withPoints || key !== state.pointsKey) drawAllPoints(state);
  state.pointsKey = key;
  drawOver(state, colors);
}

function drawAllPoints(state) {
  const { frame, meta, points, train, test, marks, scale } = state;
  const context = sharpContext(points, frame.side, frame.side);
  context.clearRect(0, 0, frame.side, frame.side);
  context.save();
  context.beginPath();
  context.roundRect(frame.left, frame.top, frame.size, frame.size, 6);
  context.clip();
  const clouds = [[meta.show_test ? test : EMPTY, true], [train, false]];
  const radius = dotRadius(frame, (train.length + clouds[0][0].length) / 3);
  const dot = (x1, x2, label, isTest) => {
    drawDot(context, frame.toX(x1), frame.toY(x2), radius, pointColor(meta.palette, label, scale), isTest);
  };
  for (const [cloud, isTest] of clouds) {
    for (let i = 0; i < cloud.length; i += 3) {
      if (!erased(state, cloud[i], cloud[i + 1])) dot(cloud[i], cloud[i + 1], cloud[i + 2], isTest);
    }
  }
  for (const { x1, x2, action, label } of marks) {
    if (action === "add") dot(x1, x2, toolLabel({ palette: meta.palette, tool: { label } }), false);
  }
  context.restore();
}
