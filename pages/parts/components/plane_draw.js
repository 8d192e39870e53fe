// Drawing of the decision map: colour tables, the map's image, axes, points and marks. Nothing here keeps state.

const INSET = { left: 24, right: 4, top: 6, bottom: 22 };
const STRENGTH = 0.8; // the ground stays paler than the points on it
const FINEST = 4; // a class boundary is traced this many times finer than the map
const OUTLINE = "rgba(18, 24, 33, 0.95)";

/** Maps between the plane and CSS pixels for a square canvas of `side`. */
function planeFrame(side, [low, high]) {
  const size = side - INSET.left - INSET.right;
  const unit = size / (high - low);
  const clamp = (value) => Math.min(high, Math.max(low, value));
  return {
    side, size, unit, low, high, left: INSET.left, top: INSET.top, clamp,
    toX: (x1) => INSET.left + (x1 - low) * unit,
    toY: (x2) => INSET.top + (high - x2) * unit,
    fromX: (pixel) => low + (pixel - INSET.left) / unit,
    fromY: (pixel) => high - (pixel - INSET.top) / unit,
  };
}

const word = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
const classColor = (label) => CLASS_COLORS[Math.max(0, Math.round(label)) % CLASS_COLORS.length];

/** A map's colours as little-endian RGBA words: 256 of the scale, or 256 confidences for each class. */
function colorTable(palette, classCount, dark) {
  const scale = divergingPalette(dark);
  const faded = (i) => scale[Math.round(127 + (i - 127) * STRENGTH)];
  if (palette === "diverging") return Uint32Array.from(scale, (_, i) => word(faded(Math.min(254, i))));
  const guess = 1 / classCount; // no classifier's best class is less sure than that
  return Uint32Array.from({ length: 256 * classCount }, (_, i) => {
    const sure = Math.max(0, ((i % 256) / 255 - guess) / (1 - guess || 1));
    return word(mix(scale[127], classColor(i >> 8), STRENGTH * (0.15 + 0.85 * sure)));
  });
}

/** Paint the map onto `tile`, one pixel a cell, or finer where only the class counts. */
function paintTile(tile, { map, confidence, table, meta }, pixels) {
  const [height, width] = map.shape;
  const finer = meta.discretize && meta.smooth ? Math.min(FINEST, Math.max(1, Math.round(pixels / width))) : 1;
  const [w, h] = [width * finer, height * finer];
  if (tile.width !== w || tile.height !== h) Object.assign(tile, { width: w, height: h });
  const image = new ImageData(w, h);
  const words = new Uint32Array(image.data.buffer);
  const classes = meta.palette === "classes";
  if (meta.discretize) {
    const winner = classes ? winnerOf(map.data, confidence?.data) : signOf(map.data);
    const colors = classes ? (label) => table[Math.min(table.length - 1, label * 256 + 255)] : (sign) => table[sign];
    fillFiner(words, width, height, finer, winner, colors);
  } else if (classes) {
    const sure = confidence?.data;
    const last = table.length - 1;
    for (let i = 0; i < words.length; i += 1) words[i] = table[Math.min(last, map.data[i] * 256 + (sure?.[i] ?? 255))];
  } else for (let i = 0; i < words.length; i += 1) words[i] = table[map.data[i]];
  tile.getContext("2d").putImageData(image, 0, 0);
}

/** Between four cells with their shares: the sign of the mean, as a place in the colour table. */
function signOf(map) {
  return (cells, shares) => {
    let sum = 0;
    for (let i = 0; i < 4; i += 1) sum += (map[cells[i]] - 127) * shares[i];
    return sum >= 0 ? 254 : 0;
  };
}

/** Between four cells with their shares: the class that has most confidence. */
function winnerOf(map, confidence) {
  const weight = (cell) => (confidence ? confidence[cell] : 1);
  return (cells, shares) => {
    const first = map[cells[0]];
    if (first === map[cells[1]] && first === map[cells[2]] && first === map[cells[3]]) return first;
    const sums = new Map();
    for (let i = 0; i < 4; i += 1) {
      const label = map[cells[i]];
      sums.set(label, (sums.get(label) ?? 0) + weight(cells[i]) * shares[i]);
    }
    return [...sums].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  };
}

/** Fill an image `finer` times the size of the map; each pixel is decided by the four cells around it. */
function fillFiner(words, width, height, finer, winner, colors) {
  const columns = neighbours(width, finer);
  const rows = neighbours(height, finer);
  const [cells, shares] = [[0, 0, 0, 0], [0, 0, 0, 0]];
  let pixel = 0;
  for (const [upper, lower, down] of rows) {
    for (const [first, second, across] of columns) {
      [cells[0], cells[1]] = [upper * width + first, upper * width + second];
      [cells[2], cells[3]] = [lower * width + first, lower * width + second];
      [shares[0], shares[1]] = [(1 - down) * (1 - across), (1 - down) * across];
      [shares[2], shares[3]] = [down * (1 - across), down * across];
      words[pixel] = colors(winner(cells, shares));
      pixel += 1;
    }
  }
}

/** For each fine pixel along one side: the cells before and after it, and the share of the one after. */
function neighbours(count, finer) {
  return Array.from({ length: count * finer }, (_, i) => {
    const place = Math.min(count - 1, Math.max(0, (i + 0.5) / finer - 0.5));
    const before = Math.floor(place);
    return [before, Math.min(count - 1, before + 1), place - before];
  });
}

function drawGround(context, frame, { tile, meta, colors, hasMap }) {
  const { left, top, size, side } = frame;
  context.clearRect(0, 0, side, side);
  context.save();
  context.beginPath();
  context.roundRect(left, top, size, size, 6);
  context.clip();
  context.fillStyle = css(divergingPalette(colors.dark)[127]);
  context.fillRect(left, top, size, size);
  if (hasMap) {
    Object.assign(context, { imageSmoothingEnabled: Boolean(meta.smooth), imageSmoothingQuality: "high" });
    context.drawImage(tile, left, top, size, size);
  }
  drawAxes(context, frame);
  context.restore();
  drawTicks(context, frame, colors);
}

/** The two lines through zero, faint on every ground. */
function drawAxes(context, { left, top, size, low, high, toX, toY }) {
  if (low >= 0 || high <= 0) return;
  context.fillStyle = "rgba(128, 138, 150, 0.38)";
  context.fillRect(Math.round(toX(0)) - 0.5, top, 1, size);
  context.fillRect(left, Math.round(toY(0)) - 0.5, size, 1);
}

function drawTicks(context, frame, colors) {
  const { left, top, size, low, high, toX, toY } = frame;
  const quarter = (high - low) / 4;
  const label = (value) => tickLabel(Number(value.toPrecision(3)));
  Object.assign(context, { font: `10.5px ${colors.font}`, fillStyle: colors.muted });
  const bottom = top + size;
  for (let i = 0; i <= 4; i += 1) {
    const value = low + i * quarter;
    Object.assign(context, { textAlign: i === 4 ? "right" : "center", textBaseline: "top" });
    context.fillText(label(value), i === 4 ? left + size : toX(value), bottom + 5);
    Object.assign(context, { textAlign: "right", textBaseline: i === 0 ? "bottom" : i === 4 ? "top" : "middle" });
    context.fillText(label(value), left - 5, toY(value));
  }
  context.font = `italic 11px ${colors.font}`;
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  context.fillText("x₁", toX(high - quarter / 2), bottom + 4);
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  context.fillText("x₂", left - 5, toY(high - quarter / 2));
}

/** A point's colour, at full strength: its class, or its value on the scale. */
function pointColor(palette, label, scale) {
  if (palette === "classes") return css(classColor(label));
  return css(scale[Math.round(127 + 127 * Math.min(1, Math.max(-1, label)))]);
}

/** A training point has a light ring, a test point a dark one; a hairline sets the light ring off pale ground. */
function drawDot(context, x, y, radius, color, isTest) {
  const layers = isTest
    ? [[radius + 2.1, "rgba(255, 255, 255, 0.75)"], [radius + 1.5, OUTLINE], [radius - 0.4, color]]
    : [[radius + 1.7, "rgba(18, 24, 33, 0.4)"], [radius + 1.2, "#fff"], [radius, color]];
  for (const [reach, fillStyle] of layers) {
    context.fillStyle = fillStyle;
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.fill();
  }
}

function dotRadius(frame, count) {
  const roomy = Math.min(1.25, Math.max(0.85, frame.size / 300));
  return roomy * (count > 900 ? 2 : count > 400 ? 2.5 : 3);
}

function drawCross(context, frame, x, y, color) {
  const { left, top, size } = frame;
  for (const [width, strokeStyle] of [[3, "rgba(255, 255, 255, 0.7)"], [1, color]]) {
    Object.assign(context, { lineWidth: width, strokeStyle });
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + size, y);
    context.moveTo(x, top);
    context.lineTo(x, top + size);
    context.stroke();
  }
}

function drawReach(context, x, y, radius) {
  for (const [width, strokeStyle] of [[3.5, "rgba(255, 255, 255, 0.85)"], [1.5, OUTLINE]]) {
    Object.assign(context, { lineWidth: width, strokeStyle });
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}
