// The decision map. Three canvases lie on each other, so that the points and what is under the pointer are redrawn
// only when they change, and the map at every update.

const PLANES = new WeakMap();
const HOLD_MS = 800; // a network that is built anew keeps the last map on screen this long
const EMPTY = new Float32Array(0);

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const state = PLANES.get(parentElement) ?? mount(parentElement);
  state.send = (point) => setTriggerValue("point", point);
  const [train, test] = [arrays.train?.data ?? EMPTY, arrays.test?.data ?? EMPTY];
  const moved = !same(train, state.train) || !same(test, state.test);
  Object.assign(state, { meta, train, test });
  const settled = settle(state, moved);
  takeMap(state, arrays);
  takeColors(state);
  dress(state);
  draw(state, moved || settled);
  announceFrame("plane", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); PLANES.delete(parentElement); });
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

function listen(state) {
  const { over, plane } = state;
  over.onpointerdown = (event) => onDown(state, event);
  over.onpointermove = (event) => onMove(state, event);
  over.onpointerup = over.onpointercancel = () => { state.dragging = false; };
  over.onpointerleave = () => pointAt(state, null);
  over.onblur = () => pointAt(state, null);
  over.onkeydown = (event) => onKey(state, event);
  // The style sheet gives the text's colour a transition of no visible length: its end tells of a new theme.
  plane.ontransitionend = (event) => {
    if (event.target !== plane || !state.meta) return;
    takeColors(state);
    dress(state);
    draw(state, true);
  };
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
  const act = meta.tool && (meta.tool.action === "erase" ? "erases points" : `adds a point of ${className(meta, toolLabel(meta))}`);
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
  const sets = [mark("dot train", "train"), tests && mark("dot test", "test")];
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

/** What follows the pointer or the arrow keys: crosshair, the tool's reach, the point read, the tooltip. */
function drawOver(state, colors) {
  const { frame, at, meta, over, tip, scale } = state;
  const context = sharpContext(over, frame.side, frame.side);
  context.clearRect(0, 0, frame.side, frame.side);
  tip.hidden = !at;
  if (!at) return;
  const [x, y] = [frame.toX(at.x1), frame.toY(at.x2)];
  if (state.byKey) drawCross(context, frame, x, y, OUTLINE);
  const near = nearestPoint(state);
  if (near && !meta.tool) drawReach(context, frame.toX(near.x1), frame.toY(near.x2), 7);
  if (meta.tool?.action === "erase") drawReach(context, x, y, reach(meta.tool) * frame.unit);
  else if (meta.tool) {
    context.globalAlpha = 0.75;
    drawDot(context, x, y, dotRadius(frame, 0), pointColor(meta.palette, toolLabel(meta), scale), false);
    context.globalAlpha = 1;
  }
  placeTip(state, near, x, y);
}

/** The drawn point within 8 pixels of where the pointer is. */
function nearestPoint({ frame, at, meta, train, test }) {
  let best = null;
  for (const [set, cloud] of [["train", train], ["test", meta.show_test ? test : EMPTY]]) {
    for (let i = 0; i < cloud.length; i += 3) {
      const away = Math.hypot(cloud[i] - at.x1, cloud[i + 1] - at.x2) * frame.unit;
      if (away <= 8 && !(best?.away <= away)) best = { set, x1: cloud[i], x2: cloud[i + 1], label: cloud[i + 2], away };
    }
  }
  return best;
}

function placeTip(state, near, x, y) {
  const { tip, frame } = state;
  const text = reading(state, near).map(([name, value]) => `${name.padEnd(7)}${value.padStart(7)}`).join("\n");
  setText(tip, text);
  const [w, h] = [tip.offsetWidth, tip.offsetHeight];
  const left = x > frame.left + frame.size / 2 ? x - w - 14 : x + 14;
  const top = Math.min(frame.top + frame.size - h, Math.max(frame.top, y - h / 2));
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/** Name and value of all there is to say about the place. */
function reading({ at, meta, map, confidence }, near) {
  const fixed = (value) => value.toFixed(2).replace("-", "−");
  const isClass = meta.palette === "classes";
  const rows = [["x₁", fixed(at.x1)], ["x₂", fixed(at.x2)]];
  const cell = map && cellAt(map, at, meta.extent ?? [-6, 6]);
  const short = (label) => className(meta, label).replace(/^class /, "");
  const classed = isClass || meta.classes?.length === 2;
  if (map && !isClass) rows.push(["output", fixed((map.data[cell] - 127) / 127)]);
  if (map && classed) rows.push(["class", short(isClass ? map.data[cell] : map.data[cell] - 127)]);
  if (map && isClass && confidence) rows.push(["sure", `${Math.round(confidence.data[cell] / 2.55)} %`]);
  if (near) rows.push([near.set, classed ? short(near.label) : fixed(near.label)]);
  return rows;
}

function cellAt({ shape: [height, width] }, { x1, x2 }, [low, high]) {
  const place = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  return place((high - x2) / (high - low), height) * width + place((x1 - low) / (high - low), width);
}

/** Read at `at` ({x1, x2}), or nowhere. It stays there while data stream in. */
function pointAt(state, at, byKey = false) {
  Object.assign(state, { at, byKey });
  if (state.frame) drawOver(state, state.colors);
}

function onDown(state, event) {
  if (event.button !== 0 || !state.meta?.tool) return;
  const at = placeOf(state, event);
  if (!at) return;
  state.over.setPointerCapture(event.pointerId);
  Object.assign(state, { dragging: true, lastPlaced: null });
  use(state, at);
}

function onMove(state, event) {
  const at = placeOf(state, event);
  pointAt(state, at);
  if (state.dragging && at && farEnough(state, at.x1, at.x2)) use(state, at);
}

/** Where in the plane an event is; a few pixels outside still count as the edge. */
function placeOf({ frame }, { offsetX, offsetY }) {
  if (!frame) return null;
  const { left, top, size, clamp } = frame;
  const inside = (pixel, start) => pixel >= start - 5 && pixel <= start + size + 5;
  if (!inside(offsetX, left) || !inside(offsetY, top)) return null;
  return { x1: clamp(frame.fromX(offsetX)), x2: clamp(frame.fromY(offsetY)) };
}

function use(state, { x1, x2 }) {
  if (place(state, x1, x2)) drawAllPoints(state);
}

function onKey(state, event) {
  const { meta, frame, spoken } = state;
  if (!frame) return;
  const stride = event.shiftKey ? 1 : 0.2;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const move = moves[event.key];
  if (move) {
    const { x1, x2 } = state.at ?? { x1: 0, x2: 0 };
    const [dx, dy] = state.at ? move : [0, 0];
    pointAt(state, { x1: frame.clamp(x1 + dx * stride), x2: frame.clamp(x2 + dy * stride) }, true);
    setText(spoken, reading(state, nearestPoint(state)).map((row) => row.join(" ")).join(", "));
  } else if ((event.key === "Enter" || event.key === " ") && meta.tool && state.at) {
    use(state, state.at);
    setText(spoken, meta.tool.action === "erase" ? "erased" : `added ${className(meta, toolLabel(meta))}`);
  } else if (event.key === "Escape") pointAt(state, null);
  else return;
  event.preventDefault();
}
