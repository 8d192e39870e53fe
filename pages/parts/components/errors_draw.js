// Drawing of reconstruction errors: bars of both kinds over each other, and the ROC curve with the threshold's point.

const BINS = 48;
const PAD = { left: 34, right: 14, top: 8, bottom: 24 };

/** Numbers of errors in even steps from 0 to `most`, of the ordinary ones and of the odd ones. */
function binsOf(errors, odd, most) {
  const counts = [new Float32Array(BINS), new Float32Array(BINS)];
  errors.forEach((error, i) => {
    counts[odd?.[i] ? 1 : 0][Math.min(BINS - 1, Math.floor((error / most) * BINS))] += 1;
  });
  return counts;
}

function drawBars(context, [width, height], { counts, most, threshold, colors, inks }) {
  context.clearRect(0, 0, width, height);
  const [across, up] = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
  const totals = counts.map((kind) => Math.max(1, kind.reduce((sum, count) => sum + count, 0)));
  const shares = counts.map((kind, i) => kind.map((count) => count / totals[i])); // each kind's own: one may be rare
  const highest = Math.max(1e-9, ...shares[0], ...shares[1]);
  const toX = (error) => PAD.left + (error / most) * across;
  shares.forEach((kind, which) => {
    context.fillStyle = css(inks[which], 0.62);
    kind.forEach((share, i) => {
      const bar = (share / highest) * up;
      context.fillRect(PAD.left + (i / BINS) * across, PAD.top + up - bar, across / BINS - 1, bar);
    });
  });
  axis(context, colors, [PAD.left, PAD.top + up], across, niceTicks(0, most, 5), toX);
  const x = toX(Math.min(threshold, most));
  Object.assign(context, { strokeStyle: colors.text, lineWidth: 2 });
  line(context, [[x, PAD.top], [x, PAD.top + up]]);
  context.beginPath();
  context.moveTo(x - 6, PAD.top);
  context.lineTo(x + 6, PAD.top);
  context.lineTo(x, PAD.top + 8);
  context.fillStyle = colors.text;
  context.fill();
}

function axis(context, colors, [left, bottom], across, ticks, toX) {
  Object.assign(context, { strokeStyle: colors.faint, lineWidth: 1, fillStyle: colors.muted });
  line(context, [[left, bottom + 0.5], [left + across, bottom + 0.5]]);
  Object.assign(context, { font: `11px ${colors.font}`, textAlign: "center", textBaseline: "top" });
  for (const tick of ticks) context.fillText(tickLabel(tick), toX(tick), bottom + 5);
}

function line(context, points) {
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

/** False alarms and hits at each threshold, from the highest down: [0, 0] to [1, 1]. */
function rocOf(errors, odd) {
  const order = Array.from(errors.keys()).sort((a, b) => errors[b] - errors[a]);
  const positives = odd.reduce((sum, value) => sum + value, 0);
  const points = [[0, 0]];
  let [hits, alarms] = [0, 0];
  order.forEach((place, i) => {
    if (odd[place]) hits += 1;
    else alarms += 1;
    const isTie = i + 1 < order.length && errors[order[i + 1]] === errors[place];
    if (!isTie) points.push([alarms / (odd.length - positives), hits / positives]);
  });
  return points;
}

function drawRoc(context, [width, height], { roc, at, colors, inks }) {
  context.clearRect(0, 0, width, height);
  const [across, up] = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
  const place = ([x, y]) => [PAD.left + x * across, PAD.top + (1 - y) * up];
  axis(context, colors, [PAD.left, PAD.top + up], across, [0, 0.5, 1], (x) => PAD.left + x * across);
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  for (const y of [0, 0.5, 1]) context.fillText(tickLabel(y), PAD.left - 5, place([0, y])[1]);
  Object.assign(context, { strokeStyle: colors.faint, lineWidth: 1 });
  context.setLineDash([4, 4]);
  line(context, [place([0, 0]), place([1, 1])]);
  context.setLineDash([]);
  Object.assign(context, { strokeStyle: css(inks[1]), lineWidth: 2.2, lineJoin: "round" });
  line(context, roc.map(place));
  const [x, y] = place(at);
  for (const [radius, color] of [[6, colors.text], [4, css(inks[1])]]) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
}
