// Drawing of the map: points in their classes' colours, rings around the wrong ones, names in the classes' middles.

const RADIUS = 4;
const EDGE = 18; // pixels kept free around the points
const NAME_HEIGHT = 20;
const MOST_NAMES = 12; // classes whose names stand on the map all the time

/** The points' places in pixels: both directions on one scale, as large as fits, in the middle. */
function placesOf(xy, width, height) {
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (let i = 0; i < xy.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], xy[i]);
    high[i % 2] = Math.max(high[i % 2], xy[i]);
  }
  const [across, up] = [0, 1].map((axis) => Math.max(1e-9, high[axis] - low[axis]));
  const scale = Math.min((width - 2 * EDGE) / across, (height - 2 * EDGE) / up);
  const middle = (axis) => (low[axis] + high[axis]) / 2;
  return Float32Array.from(xy, (value, i) => (
    i % 2 ? height / 2 - scale * (value - middle(1)) : width / 2 + scale * (value - middle(0))));
}

function draw(state) {
  const { canvas, size: [width, height], places, colors } = state;
  if (!places || !width) return;
  const context = sharpContext(canvas, width, height);
  context.clearRect(0, 0, width, height);
  const marked = state.marked ?? state.pinned;
  for (const isMarked of marked === null ? [true] : [false, true]) {
    context.globalAlpha = isMarked ? 0.9 : 0.12;
    drawPoints(context, state, (label) => marked === null || (label === marked) === isMarked);
  }
  context.globalAlpha = 1;
  drawNames(context, state, marked);
  const outlined = [state.at, state.chosenPlace].filter((place) => place !== null && place >= 0);
  for (const place of new Set(outlined)) drawOutline(context, state, place, colors);
}

function drawPoints(context, { places, labels, predicted, inks }, wanted) {
  for (const wrongOnes of [false, true]) {
    for (let i = 0; i < labels.length; i += 1) {
      const label = labels[i];
      const isWrong = label !== predicted[i];
      if (isWrong !== wrongOnes || !wanted(label)) continue;
      context.fillStyle = inks[label];
      context.beginPath();
      context.arc(places[2 * i], places[2 * i + 1], RADIUS, 0, 2 * Math.PI);
      context.fill();
      if (isWrong) ring(context, places, i, inks[predicted[i]]);
    }
  }
}

function ring(context, places, i, color) {
  Object.assign(context, { strokeStyle: color, lineWidth: 2 });
  context.beginPath();
  context.arc(places[2 * i], places[2 * i + 1], RADIUS + 3, 0, 2 * Math.PI);
  context.stroke();
}

function drawOutline(context, { places, labels, inks }, place, { text, ground }) {
  const [x, y] = [places[2 * place], places[2 * place + 1]];
  const circle = (radius) => { context.beginPath(); context.arc(x, y, radius, 0, 2 * Math.PI); };
  circle(RADIUS + 4.5);
  Object.assign(context, { fillStyle: ground, strokeStyle: text, lineWidth: 2 });
  context.fill();
  context.stroke();
  circle(RADIUS + 1);
  context.fillStyle = inks[labels[place]];
  context.fill();
}

/** Each class's name where the middle of its points is: the median, which strays do not pull away. */
function drawNames(context, state, marked) {
  const { names, members, places, colors, inks } = state;
  const font = `650 13px ${colors.font}`;
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  const labels = [];
  members.forEach((points, label) => {
    if (!points.length || (marked === null ? names.length > MOST_NAMES : label !== marked)) return;
    const [x, y] = [0, 1].map((axis) => median(points, places, axis));
    labels.push({ label, x, y, half: context.measureText(names[label]).width / 2 });
  });
  keepApart(labels);
  for (const { label, x, y, half } of labels) {
    Object.assign(context, { strokeStyle: colors.ground, lineWidth: 4, fillStyle: colors.text });
    context.strokeText(names[label], x, y);
    context.fillText(names[label], x, y);
    context.fillStyle = inks[label];
    context.fillRect(x - half, y + 8, 2 * half, 2.5);
  }
}

/** Push names that lie over each other up and down. */
function keepApart(labels) {
  for (let round = 0; round < 12; round += 1) {
    for (const [i, one] of labels.entries()) {
      for (const other of labels.slice(i + 1)) {
        const over = NAME_HEIGHT - Math.abs(one.y - other.y);
        if (over <= 0 || Math.abs(one.x - other.x) >= one.half + other.half + 4) continue;
        const push = (one.y <= other.y ? -over : over) / 2;
        one.y += push;
        other.y -= push;
      }
    }
  }
}

function median(points, places, axis) {
  const sorted = Float32Array.from(points, (i) => places[2 * i + axis]).sort();
  return sorted[sorted.length >> 1];
}
