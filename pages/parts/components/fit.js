// One-dimensional curve fitting: keeps the newest arrays, redraws on data, size and hover, and reads values.

const FITS = new WeakMap();

export default function ({ data, parentElement }) {
  const { meta, arrays } = unpack(data);
  const state = FITS.get(parentElement) ?? mount(parentElement);
  const values = (name) => arrays[name]?.data ?? new Float32Array(0);
  Object.assign(state, {
    meta, colors: chartColors(parentElement), train: values("train"), test: values("test"),
    lineX: values("line_x"), lineY: values("line_y"), truth: values("truth_y"),
  });
  state.range = dataRange([state.train, state.test], state.lineX, state.truth);
  setLegend(state);
  if (state.canvas.ariaLabel !== meta.alt) state.canvas.ariaLabel = meta.alt ?? "";
  draw(state);
  announceFrame("fit", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); FITS.delete(parentElement); });
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = { at: null, legendKey: null };
  for (const part of ["canvas", "tip", "legend", "spoken"]) {
    state[part] = find(part === "canvas" ? part : `.${part}`);
  }
  state.canvas.onpointermove = (event) => readAt(state, event.offsetX);
  state.canvas.onpointerleave = () => readAt(state, null);
  state.canvas.onblur = () => readAt(state, null);
  state.canvas.onkeydown = (event) => onKey(state, event);
  state.observer = new ResizeObserver(() => draw(state));
  state.observer.observe(state.canvas);
  FITS.set(parentElement, state);
  return state;
}

function setLegend(state) {
  const { meta, colors, legend } = state;
  const entries = [
    ["dot", colors.train, "train"],
    meta.show_test && state.test.length && ["ring", colors.test, "test"],
    state.lineY.length && ["line", colors.accent, "network"],
    state.truth.length && ["dashed", colors.muted, "true curve"],
  ].filter(Boolean);
  const key = JSON.stringify(entries);
  if (key === state.legendKey) return;
  state.legendKey = key;
  legend.replaceChildren(...entries.map(([shape, color, label]) => {
    const entry = document.createElement("span");
    entry.innerHTML = `<i class="${shape}" style="--mark: ${color}" aria-hidden="true"></i>`;
    entry.append(label);
    return entry;
  }));
}

function draw(state) {
  const { canvas, colors } = state;
  if (!colors || !canvas.clientWidth) return;
  const frame = frameOf(state.range, canvas.clientWidth, canvas.clientHeight);
  const context = sharpContext(canvas, frame.width, frame.height);
  state.frame = frame;
  context.clearRect(0, 0, frame.width, frame.height);
  drawGrid(context, frame, colors, state.meta);
  clipped(context, frame, () => drawData(context, frame, state));
  if (state.at !== null) drawReading(context, state);
}

function drawData(context, frame, { meta, colors, train, test, lineX, lineY, truth }) {
  const { ground } = colors;
  drawLine(context, frame, lineX, truth, { color: colors.muted, width: 1.5, dash: [5, 4] });
  if (meta.show_test) drawPoints(context, frame, test, { color: colors.test, ground, ring: true });
  drawPoints(context, frame, train, { color: colors.train, ground });
  drawLine(context, frame, lineX, lineY, { color: ground, width: 5.5 }); // a halo lifts the curve off the points
  drawLine(context, frame, lineX, lineY, { color: colors.accent, width: 3 });
}

/** Read at `pixel` from the canvas's left edge, or nowhere. The reading stays at its x while data stream in. */
function readAt(state, pixel) {
  const { frame } = state;
  if (!frame) return;
  const inside = pixel !== null && pixel >= frame.left - 4 && pixel <= frame.left + frame.w + 4;
  const [low, high] = frame.range.x;
  state.at = inside ? Math.min(high, Math.max(low, frame.fromX(pixel))) : null;
  state.tip.hidden = !inside;
  draw(state);
}

function onKey(state, event) {
  if (!state.frame) return;
  const { left, w, toX } = state.frame;
  const stride = (event.shiftKey ? 10 : 1) * (w / 100);
  const now = state.at === null ? left + w / 2 : toX(state.at);
  const targets = { ArrowLeft: now - stride, ArrowRight: now + stride, Home: left, End: left + w, Escape: null };
  const pixel = targets[event.key];
  if (pixel === undefined) return;
  event.preventDefault();
  readAt(state, pixel === null ? null : Math.min(left + w, Math.max(left, pixel)));
  setText(state.spoken, pixel === null ? "" : state.tip.textContent.replace(/ +/g, " "));
}

function drawReading(context, state) {
  const { frame, at, colors, lineX, lineY, truth } = state;
  const x = frame.toX(at);
  context.strokeStyle = colors.faint;
  context.lineWidth = 1;
  segment(context, x, frame.top, x, frame.top + frame.h);
  const fitted = interpolate(lineX, lineY, at);
  const point = nearestPoint(state, at);
  clipped(context, frame, () => {
    if (point) ringAt(context, frame.toX(point.x), frame.toY(point.y), colors.text);
    if (Number.isFinite(fitted)) ringAt(context, x, frame.toY(fitted), colors.accent);
  });
  const rows = [["x", at], point && [point.label, point.y], ["fit", fitted], ["true", interpolate(lineX, truth, at)]];
  placeTip(state, rows.filter((row) => row && Number.isFinite(row[1])), x);
}

function ringAt(context, x, y, color) {
  Object.assign(context, { strokeStyle: color, lineWidth: 2 });
  context.beginPath();
  context.arc(x, y, 5.5, 0, 2 * Math.PI);
  context.stroke();
}

function placeTip({ tip, frame }, rows, x) {
  setText(tip, rows.map(([name, value]) => `${name.padEnd(6)}${compactNumber(value).padStart(8)}`).join("\n"));
  const onLeft = x > frame.left + frame.w / 2;
  tip.style.transform = `translate(${onLeft ? x - tip.offsetWidth - 12 : x + 12}px, ${frame.top + 6}px)`;
}

/** The drawn point nearest in x, within 12 pixels. */
function nearestPoint({ frame, train, test, meta }, at) {
  let best = null;
  for (const [label, cloud] of [["train", train], ["test", meta.show_test ? test : []]]) {
    for (let i = 0; i < cloud.length; i += 2) {
      const distance = Math.abs(frame.toX(cloud[i]) - frame.toX(at));
      if (distance <= 12 && !(best?.distance <= distance)) best = { label, x: cloud[i], y: cloud[i + 1], distance };
    }
  }
  return best;
}

/** The curve's value at `at`, a straight line between its samples; NaN outside or without a curve. */
function interpolate(xs, ys, at) {
  if (!ys.length || at < xs[0] - 1e-6 || at > xs[xs.length - 1] + 1e-6) return NaN;
  let i = 1;
  while (i < xs.length - 1 && xs[i] < at) i += 1;
  const share = (at - xs[i - 1]) / (xs[i] - xs[i - 1] || 1);
  return ys[i - 1] + (ys[i] - ys[i - 1]) * Math.min(1, Math.max(0, share));
}
