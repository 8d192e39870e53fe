// Under the pointer or the arrow keys: readings of the map, the nearest point, and the tool.

function listen(state) {
  const { over, plane } = state;
  over.onpointerdown = (event) => onDown(state, event);
  over.onpointermove = (event) => onMove(state, event);
  over.onpointerup = over.onpointercancel = (event) => { state.dragging = false; onMove(state, event); };
  over.onpointerleave = () => { if (!state.byKey) pointAt(state, null); };
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

/** What follows the pointer or the arrow keys: crosshair, the tool's reach, the point read, the tooltip. */
function drawOver(state, colors) {
  const { frame, at, meta, over, tip, scale } = state;
  const context = sharpContext(over, frame.side, frame.side);
  context.clearRect(0, 0, frame.side, frame.side);
  tip.hidden = !at || state.dragging; // it would cover what is being drawn
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
  const fixed = (value) => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
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
