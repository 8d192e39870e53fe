// Drawing of the curve-fitting chart: a frame (ranges and pixels), then grid, lines, points and the reading cursor.

const MARGIN = { left: 46, right: 10, top: 8, bottom: 38 };

/** Ranges of x and y over points [[x, y, x, y, …], …] and the true curve, a little wider than they are. */
function dataRange(clouds, lineX, truth) {
  const x = [Infinity, -Infinity];
  const y = [Infinity, -Infinity];
  const widen = (range, value) => {
    if (!Number.isFinite(value)) return;
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  };
  for (const cloud of clouds) cloud.forEach((value, i) => widen(i % 2 ? y : x, value));
  for (const value of truth) widen(y, value);
  for (const value of lineX) widen(x, value);
  return { x: padded(x, lineX.length ? 0 : 0.04), y: padded(y, 0.12) };
}

function padded([low, high], share) {
  if (!(low <= high)) return [-1, 1];
  const slack = (high - low) * share || (high > low ? 0 : Math.abs(high) * 0.1 || 1);
  return [low - slack, high + slack];
}

/** Maps between values and CSS pixels for a chart of `width` × `height`. */
function frameOf(range, width, height) {
  const [w, h] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const [[x0, x1], [y0, y1]] = [range.x, range.y];
  return {
    width, height, w, h, range, left: MARGIN.left, top: MARGIN.top,
    toX: (x) => MARGIN.left + ((x - x0) / (x1 - x0)) * w,
    toY: (y) => MARGIN.top + h - ((y - y0) / (y1 - y0)) * h,
    fromX: (pixel) => x0 + ((pixel - MARGIN.left) / w) * (x1 - x0),
  };
}

function drawGrid(context, frame, colors, meta) {
  context.font = `11px ${colors.font}`;
  context.lineWidth = 1;
  context.strokeStyle = colors.grid;
  context.fillStyle = colors.muted;
  const bottom = frame.top + frame.h;
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  for (const tick of niceTicks(...frame.range.x, Math.max(2, Math.floor(frame.w / 56)))) {
    segment(context, frame.toX(tick), frame.top, frame.toX(tick), bottom);
    context.fillText(tickLabel(tick), frame.toX(tick), bottom + 6);
  }
  context.fillText(meta.x_label ?? "", frame.left + frame.w / 2, bottom + 21);
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  for (const tick of niceTicks(...frame.range.y, Math.max(2, Math.floor(frame.h / 34)))) {
    segment(context, frame.left, frame.toY(tick), frame.left + frame.w, frame.toY(tick));
    context.fillText(tickLabel(tick), frame.left - 7, frame.toY(tick));
  }
  drawSideLabel(context, frame, meta.y_label ?? "");
}

function drawSideLabel(context, frame, label) {
  context.save();
  context.translate(8, frame.top + frame.h / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(label, 0, 0);
  context.restore();
}

function segment(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Run `paint` with everything outside the chart's frame cut off. */
function clipped(context, frame, paint) {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.w, frame.h);
  context.clip();
  paint();
  context.restore();
}

function drawLine(context, frame, xs, ys, { color, width, dash = [] }) {
  const lineCap = dash.length ? "butt" : "round";
  Object.assign(context, { strokeStyle: color, lineWidth: width, lineJoin: "round", lineCap });
  context.setLineDash(dash);
  context.beginPath();
  let down = false;
  const far = 4 * frame.height; // a canvas loses precision on coordinates in the millions
  for (let i = 0; i < Math.min(xs.length, ys.length); i += 1) {
    const y = Math.max(-far, Math.min(far, frame.toY(ys[i])));
    if (Number.isFinite(y)) context[down ? "lineTo" : "moveTo"](frame.toX(xs[i]), y);
    down = Number.isFinite(y);
  }
  context.stroke();
  context.setLineDash([]);
}

function drawPoints(context, frame, cloud, { color, ground, ring }) {
  const radius = cloud.length > 600 ? 2.4 : 3.4; // two numbers a point
  const [fillStyle, strokeStyle] = ring ? [ground, color] : [color, ground];
  Object.assign(context, { lineWidth: ring ? 1.6 : 1.2, fillStyle, strokeStyle });
  for (let i = 0; i < cloud.length; i += 2) {
    context.beginPath();
    context.arc(frame.toX(cloud[i]), frame.toY(cloud[i + 1]), radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
