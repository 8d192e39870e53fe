// Drawing of one small plot: its frame, then each series in order.

const EDGE = { left: 40, right: 10, top: 6, bottom: 20 };
const LABEL = 15; // pixels that the name of an axis takes
const ROW = 96; // pixels for the words beside rows

/** The range that all series of a plot need, or the one that it asks for; bars and rows begin at zero. */
function rangesOf(plot, values) {
  const [x, y] = [[Infinity, -Infinity], [Infinity, -Infinity]];
  const widen = (range, value) => {
    if (!Number.isFinite(value)) return;
    [range[0], range[1]] = [Math.min(range[0], value), Math.max(range[1], value)];
  };
  for (const series of plot.series) {
    const [xs, ys] = [values(series.x), values(series.y)];
    const half = series.kind === "bars" && xs.length > 1 ? (xs[1] - xs[0]) / 2 : 0.5 * (series.kind === "bars");
    xs.forEach((value) => { widen(x, value - half); widen(x, value + half); });
    ys.forEach((value) => widen(y, value));
    if (series.kind === "bars") widen(y, 0);
    if (series.kind === "rows") widen(x, 0);
  }
  if (plot.diagonal) for (const value of [...x]) widen(y, value);
  if (plot.diagonal) for (const value of [...y]) widen(x, value);
  const isBars = plot.series.some(({ kind }) => kind === "bars");
  return [plot.x_range ?? slack(x, isBars ? 0 : 0.03), plot.y_range ?? slack(y, 0.06, isBars)];
}

function slack([low, high], share, fromZero = false) {
  if (!(low <= high)) return [0, 1];
  const more = (high - low) * share || (high > low ? 0 : Math.abs(high) * 0.1 || 1);
  return [fromZero && low >= 0 ? low : low - more, high + more];
}

function drawPlot(context, [width, height], plot, values, colors) {
  context.clearRect(0, 0, width, height);
  const rows = plot.series.find(({ kind }) => kind === "rows");
  const left = rows ? Math.min(ROW, width / 3) : EDGE.left + (plot.y_label ? LABEL : 0);
  const [w, h] = [width - left - EDGE.right, height - EDGE.top - EDGE.bottom - (plot.x_label ? LABEL : 0)];
  const [xs, ys] = rangesOf(plot, values);
  const count = plot.words?.length ?? 0;
  const frame = {
    left, w, h, bottom: EDGE.top + h,
    toX: (x) => left + ((x - xs[0]) / (xs[1] - xs[0])) * w,
    toY: rows ? (y) => EDGE.top + ((y + 0.5) / count) * h : (y) => EDGE.top + h - ((y - ys[0]) / (ys[1] - ys[0])) * h,
  };
  drawAxes(context, plot, frame, { xs, ys, rows, width, height }, colors);
  context.save();
  context.beginPath();
  context.rect(left, EDGE.top - 3, w, h + 6);
  context.clip();
  const stroke = (points, style, dash = []) => {
    context.strokeStyle = style;
    context.setLineDash(dash);
    context.beginPath();
    points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](frame.toX(x), frame.toY(y)));
    context.stroke();
    context.setLineDash([]);
  };
  context.lineWidth = 1.2;
  if (plot.diagonal) stroke([[xs[0], xs[0]], [xs[1], xs[1]]], colors.muted, [4, 4]);
  if (plot.zero) stroke(rows ? [[0, -1], [0, count]] : [[xs[0], 0], [xs[1], 0]], colors.muted, rows ? [] : [4, 4]);
  for (const series of plot.series) drawSeries(context, frame, series, values, { colors, stroke, count });
  context.restore();
}

function drawSeries(context, frame, series, values, { colors, stroke, count }) {
  const [xs, ys, spread] = [values(series.x), values(series.y), values(series.spread)];
  const color = inkOf(series.color, colors);
  context.globalAlpha = series.faint ? 0.28 : series.kind === "points" ? 0.72 : 1;
  context.fillStyle = color;
  if (series.kind === "line") {
    Object.assign(context, { lineWidth: series.faint ? 1 : 2.2, lineJoin: "round" });
    stroke(Array.from(xs, (x, i) => [x, ys[i]]).filter(([, y]) => Number.isFinite(y)), color);
  } else if (series.kind === "points") {
    const radius = xs.length > 400 ? 2.2 : 3;
    xs.forEach((x, i) => {
      context.beginPath();
      context.arc(frame.toX(x), frame.toY(ys[i]), radius, 0, 2 * Math.PI);
      context.fill();
    });
  } else if (series.kind === "bars") {
    const step = xs.length > 1 ? frame.toX(xs[1]) - frame.toX(xs[0]) : frame.w / 2;
    const wide = Math.max(1, step * 0.86);
    xs.forEach((x, i) => {
      context.fillRect(frame.toX(x) - wide / 2, frame.toY(ys[i]), wide, frame.toY(0) - frame.toY(ys[i]));
    });
  } else {
    const tall = Math.min(16, (frame.h / count) * 0.66);
    ys.forEach((y, i) => {
      context.fillRect(Math.min(frame.toX(0), frame.toX(xs[i])), frame.toY(y) - tall / 2, Math.abs(frame.toX(xs[i]) - frame.toX(0)), tall);
      if (!spread[i]) return;
      context.lineWidth = 1.4;
      stroke([[xs[i] - spread[i], y], [xs[i] + spread[i], y]], colors.text);
    });
  }
  context.globalAlpha = 1;
}

function inkOf(color, colors) {
  return typeof color === "number" ? css(CLASS_COLORS[color % CLASS_COLORS.length]) : colors[color] ?? colors.accent;
}

function drawAxes(context, plot, { left, w, h, bottom, toX, toY }, { xs, ys, rows, width, height }, colors) {
  Object.assign(context, { font: `11px ${colors.font}`, lineWidth: 1, strokeStyle: colors.grid, fillStyle: colors.muted });
  const tick = (x0, y0, x1, y1) => {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  const words = rows ? [] : plot.words ?? [];
  const places = words.length ? words.map((_, i) => i) : niceTicks(...xs, Math.max(2, Math.floor(w / 60)));
  for (const x of places) {
    if (!words.length) tick(toX(x), EDGE.top, toX(x), bottom);
    const text = words.length ? fitted(context, words[x], w / words.length - 2) : tickLabel(x);
    context.fillText(text, toX(x), bottom + 5);
  }
  if (plot.x_label) context.fillText(fitted(context, plot.x_label, width - left), left + w / 2, height - LABEL + 2);
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  if (rows) {
    context.fillStyle = colors.text;
    plot.words.forEach((word, i) => context.fillText(fitted(context, word, left - 8), left - 6, toY(i)));
    return;
  }
  for (const y of niceTicks(...ys, Math.max(2, Math.floor(h / 34)))) {
    tick(left, toY(y), left + w, toY(y));
    context.fillText(tickLabel(y), left - 6, toY(y));
  }
  if (!plot.y_label) return;
  context.save();
  context.translate(7, EDGE.top + h / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(fitted(context, plot.y_label, h), 0, 0);
  context.restore();
}

/** A text cut to a width. */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let shown = text;
  while (shown && context.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return shown ? `${shown}…` : "";
}
