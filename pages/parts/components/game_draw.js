// Drawing of the game: the discriminator's surface, points, the generator's mesh, arrows, modes. Nothing keeps state.

const INK = { real: CLASS_COLORS[1], fake: CLASS_COLORS[0] };
const MESH = { light: [140, 80, 0], dark: [255, 196, 84] };
const MOST_OPAQUE = 0.5;

/** The surface as an image of one pixel a cell. */
function paintSurface(tile, { data, shape: [height, width] }, table) {
  if (tile.width !== width || tile.height !== height) Object.assign(tile, { width, height });
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer).set(Uint32Array.from(data, (value) => table[Math.min(254, value)]));
  tile.getContext("2d").putImageData(image, 0, 0);
}

function drawLayers(context, frame, arrays, shown, { dark }) {
  context.save();
  context.beginPath();
  context.roundRect(frame.left, frame.top, frame.size, frame.size, 6);
  context.clip();
  const has = (name) => shown.includes(name) && arrays[name];
  if (has("mesh")) drawMesh(context, frame, arrays.mesh, dark);
  if (has("modes")) drawModes(context, frame, arrays.modes, dark);
  const verdicts = ["scores", "scores_after"].find((name) => shown.includes(name));
  for (const name of ["real", "fake"]) {
    if (has(name)) drawCloud(context, frame, arrays[name].data, INK[name], arrays[`${name}_${verdicts}`]?.data, dark);
  }
  if (has("fake_after")) {
    drawMoves(context, frame, arrays.fake.data, arrays.fake_after.data, dark);
    drawCloud(context, frame, arrays.fake_after.data, INK.fake, null, dark);
  }
  if (has("arrows") && arrays.fake) drawArrows(context, frame, arrays.fake.data, arrays.arrows.data, dark);
  context.restore();
}

/** Points with a light ring; with scores each is as real as it was taken for, and its ring says what it is. */
function drawCloud(context, { toX, toY, size }, points, color, scores, dark) {
  const radius = (size > 320 ? 3 : 2.4) * (points.length > 800 ? 0.8 : 1) * (scores ? 1.35 : 1);
  const scale = scores ? divergingPalette(dark) : null;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [toX(points[i]), toY(points[i + 1])];
    circle(context, x, y, radius + 1, scores ? css(color) : "rgba(255, 255, 255, 0.9)");
    circle(context, x, y, radius, scores ? css(scale[Math.round(254 * scores[i / 2])]) : css(color, 0.95));
  }
}

function circle(context, x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Cells of the grid of noise where the generator puts them: the smaller one gets, the denser its samples. */
function drawMesh(context, { toX, toY, size }, { data, shape: [rows, columns] }, dark) {
  const color = MESH[dark ? "dark" : "light"];
  const at = (row, column) => {
    const i = 2 * (row * columns + column);
    return [toX(data[i]), toY(data[i + 1])];
  };
  Object.assign(context, { lineWidth: 0.8, strokeStyle: css(color, 0.75), lineJoin: "round" });
  if (rows === 1) return drawThread(context, columns, at, color);
  const even = (size * size) / ((rows - 1) * (columns - 1)); // were they spread over the whole plane
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
      const density = Math.min(1, (0.12 * even) / Math.max(1e-3, areaOf(corners)));
      context.fillStyle = css(color, 0.04 + MOST_OPAQUE * Math.sqrt(density));
      context.beginPath();
      corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.closePath();
      context.fill();
      context.stroke();
    }
  }
}

function drawThread(context, columns, at, color) {
  Object.assign(context, { lineWidth: 2.2, strokeStyle: css(color, 0.85) });
  context.beginPath();
  for (let column = 0; column < columns; column += 1) context.lineTo(...at(0, column));
  context.stroke();
  for (let column = 0; column < columns; column += 1) circle(context, ...at(0, column), 1.6, css(color));
}

/** The area of a polygon of four corners, in pixels. */
function areaOf(corners) {
  const twice = corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % 4];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

function drawArrows(context, { toX, toY, left, top }, points, arrows, dark) {
  Object.assign(context, { strokeStyle: dark ? "rgba(255,255,255,0.85)" : "rgba(18,24,33,0.8)", lineWidth: 1.2 });
  context.beginPath();
  for (let i = 0; i < Math.min(arrows.length, points.length); i += 2) {
    const from = [toX(points[i]), toY(points[i + 1])];
    const to = [toX(points[i] + arrows[i]), toY(points[i + 1] + arrows[i + 1])];
    drawArrow(context, from, to);
  }
  context.stroke();
}

function drawArrow(context, [x0, y0], [x1, y1]) {
  const long = Math.hypot(x1 - x0, y1 - y0);
  if (!(long > 1)) return;
  const [across, down] = [(x1 - x0) / long, (y1 - y0) / long];
  const head = Math.min(5, long / 2.2);
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  for (const turn of [0.55, -0.55]) {
    context.moveTo(x1, y1);
    context.lineTo(
      x1 - head * (across * Math.cos(turn) - down * Math.sin(turn)),
      y1 - head * (across * Math.sin(turn) + down * Math.cos(turn)),
    );
  }
}

/** Lines from where points were to where they are. */
function drawMoves(context, { toX, toY }, before, after, dark) {
  Object.assign(context, { strokeStyle: dark ? "rgba(255,255,255,0.5)" : "rgba(18,24,33,0.45)", lineWidth: 1 });
  context.beginPath();
  for (let i = 0; i < Math.min(before.length, after.length); i += 2) {
    context.moveTo(toX(before[i]), toY(before[i + 1]));
    context.lineTo(toX(after[i]), toY(after[i + 1]));
  }
  context.stroke();
}

/** Places to be covered: a ring with a tick's weight where samples are, a dashed one where none are. */
function drawModes(context, { toX, toY }, { data }, dark) {
  for (let i = 0; i < data.length; i += 3) {
    const covered = data[i + 2] > 0.5;
    context.setLineDash(covered ? [] : [3, 3]);
    Object.assign(context, {
      lineWidth: covered ? 2 : 1.5,
      strokeStyle: css(dark ? [235, 240, 245] : [30, 38, 48], covered ? 0.85 : 0.5),
    });
    context.beginPath();
    context.arc(toX(data[i]), toY(data[i + 1]), 11, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
}
