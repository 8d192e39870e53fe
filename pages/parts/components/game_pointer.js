// Under the pointer or the arrow keys: what the discriminator says; with a tool, points are drawn by strokes.

const STRIDE = 0.03; // of the plane's width, between two points of a stroke
const MOST_OF_A_STROKE = 60;

function listen(state) {
  const { over } = state;
  over.onpointerdown = (event) => begin(state, event);
  over.onpointermove = (event) => move(state, event);
  over.onpointerup = over.onpointercancel = () => endStroke(state);
  over.onpointerleave = () => { if (!state.byKey) pointAt(state, null); };
  over.onblur = () => pointAt(state, null);
  over.onkeydown = (event) => onKey(state, event);
}

function placeOf({ frame }, { offsetX, offsetY }) {
  if (!frame) return null;
  const { left, top, size, clamp } = frame;
  const inside = (pixel, start) => pixel >= start - 5 && pixel <= start + size + 5;
  if (!inside(offsetX, left) || !inside(offsetY, top)) return null;
  return [clamp(frame.fromX(offsetX)), clamp(frame.fromY(offsetY))];
}

function begin(state, event) {
  const at = placeOf(state, event);
  if (!state.meta?.tool || event.button !== 0 || !at) return;
  state.over.setPointerCapture(event.pointerId);
  state.stroke = [];
  extend(state, at);
}

function move(state, event) {
  const at = placeOf(state, event);
  pointAt(state, at);
  if (state.stroke && at) extend(state, at);
}

/** One more point of a stroke, where it is far enough from the last. */
function extend(state, [x, y]) {
  const { stroke, frame } = state;
  const last = stroke.at(-1);
  const near = last && Math.hypot(last[0] - x, last[1] - y) < STRIDE * (frame.high - frame.low);
  if (near || stroke.length >= MOST_OF_A_STROKE) return;
  stroke.push([Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000]);
  drawOver(state);
}

function endStroke(state) {
  const { stroke, meta } = state;
  state.stroke = null;
  if (stroke?.length) {
    state.pending = [...(state.pending ?? []), ...stroke];
    state.send({ action: meta.tool.action, points: stroke });
  }
}

/** Read at `at` ([x1, x2]), or nowhere. */
function pointAt(state, at, byKey = false) {
  Object.assign(state, { at, byKey });
  if (state.frame) drawOver(state);
}

function verdict({ meta, arrays }, [x1, x2]) {
  const { surface } = arrays;
  if (!surface) return null;
  const [height, width] = surface.shape;
  const [low, high] = meta.extent;
  const cell = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  const place = cell((high - x2) / (high - low), height) * width + cell((x1 - low) / (high - low), width);
  return surface.data[place] / 254;
}

function reading(state) {
  const fixed = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
  const rows = [["x₁", fixed(state.at[0])], ["x₂", fixed(state.at[1])]];
  const said = verdict(state, state.at);
  if (said !== null) rows.push([state.meta.scale[1] === "real" ? "real" : "score", `${Math.round(100 * said)} %`]);
  return rows;
}

/** What follows the pointer: crosshair, the tool's reach, the stroke so far, the reading. */
function drawOver(state) {
  const { frame, at, meta, over, tip, byKey, stroke, pending } = state;
  drawTop(state);
  tip.hidden = !at || Boolean(stroke);
  const context = over.getContext("2d");
  for (const [x, y] of [...(stroke ?? []), ...(pending ?? [])]) {
    circle(context, frame.toX(x), frame.toY(y), 3.5, meta.tool?.action === "erase" ? "#888" : css(INK.real));
  }
  if (!at) return;
  const [x, y] = [frame.toX(at[0]), frame.toY(at[1])];
  if (byKey) drawCross(context, frame, x, y, OUTLINE);
  if (meta.tool?.action === "erase") drawReach(context, x, y, (meta.tool.radius ?? 0.1) * frame.unit);
  setText(tip, reading(state).map(([name, value]) => `${name.padEnd(5)}${value.padStart(6)}`).join("\n"));
  const left = x > frame.left + frame.size / 2 ? x - tip.offsetWidth - 14 : x + 14;
  const top = Math.min(frame.top + frame.size - tip.offsetHeight, Math.max(frame.top, y - tip.offsetHeight / 2));
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

function onKey(state, event) {
  const { frame, meta, spoken } = state;
  if (!frame) return;
  const stride = ((event.shiftKey ? 0.1 : 0.025) * (frame.high - frame.low));
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const going = moves[event.key];
  if (going) {
    const [x, y] = state.at ?? [0, 0];
    const [across, up] = state.at ? going : [0, 0];
    pointAt(state, [frame.clamp(x + across * stride), frame.clamp(y + up * stride)], true);
    setText(spoken, reading(state).map((row) => row.join(" ")).join(", "));
  } else if ((event.key === "Enter" || event.key === " ") && meta.tool && state.at) {
    state.stroke = [];
    extend(state, state.at);
    endStroke(state);
    setText(spoken, meta.tool.action === "erase" ? "erased" : "added a point");
  } else if (event.key === "Escape") pointAt(state, null);
  else return;
  event.preventDefault();
}
