// From the numbers of the map to the pixels of an image.

const STRENGTH = 0.8; // the ground stays paler than the points on it
const FINEST = 4; // a boundary is traced this many times finer than the map

const word = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
const classColor = (label) => CLASS_COLORS[Math.max(0, Math.round(label)) % CLASS_COLORS.length];

/** A map's colours as little-endian RGBA words: 256 of the scale, or 256 confidences for each class. */
function colorTable(palette, classCount, dark, strength = STRENGTH) {
  const scale = divergingPalette(dark);
  const faded = (i) => scale[Math.round(127 + (i - 127) * strength)];
  if (palette === "diverging") return Uint32Array.from(scale, (_, i) => word(faded(Math.min(254, i))));
  const guess = 1 / classCount; // no classifier's best class is less sure than that
  return Uint32Array.from({ length: 256 * classCount }, (_, i) => {
    const sure = Math.max(0, ((i % 256) / 255 - guess) / (1 - guess || 1));
    return word(mix(scale[127], classColor(i >> 8), strength * (0.15 + 0.85 * sure)));
  });
}

/** Paint the map onto `tile`, a canvas, one pixel a cell; finer where only the sign or the class counts. */
function paintTile(tile, { map, confidence, table, meta }, pixels) {
  const [height, width] = map.shape;
  const finer = meta.discretize && meta.smooth ? Math.min(FINEST, Math.max(1, Math.round(pixels / width))) : 1;
  const [w, h] = [width * finer, height * finer];
  if (tile.width !== w || tile.height !== h) Object.assign(tile, { width: w, height: h });
  const image = new ImageData(w, h);
  const words = new Uint32Array(image.data.buffer);
  const isClass = meta.palette === "classes";
  if (!meta.discretize) paintCells(words, map.data, isClass ? confidence?.data : null, table, isClass);
  else if (isClass) paintAreas(words, map, finer, classArea(map.data, confidence?.data, table));
  else paintAreas(words, map, finer, signArea(map.data, table));
  tile.getContext("2d").putImageData(image, 0, 0);
}

function paintCells(words, map, confidence, table, isClass) {
  const last = table.length - 1;
  for (let i = 0; i < words.length; i += 1) {
    words[i] = table[isClass ? Math.min(last, map[i] * 256 + (confidence?.[i] ?? 255)) : map[i]];
  }
}

/** The sign between the middles of four cells a b over c d: of the output interpolated there. */
function signArea(map, table) {
  const [negative, positive] = [table[0], table[254]];
  return (a, b, c, d, across, down) => {
    const [left, right] = [map[a] + (map[c] - map[a]) * down, map[b] + (map[d] - map[b]) * down];
    return left + (right - left) * across < 127 ? negative : positive;
  };
}

/** The class between the middles of four cells a b over c d: the one that leads by most, were there two classes. */
function classArea(map, confidence, table) {
  const color = (label) => table[Math.min(table.length - 1, label * 256 + 255)];
  const lead = Float32Array.from(map, (_, cell) => Math.max(0.02, 2 * ((confidence?.[cell] ?? 255) / 255) - 1));
  return (a, b, c, d, across, down) => {
    if (map[a] === map[b] && map[a] === map[c] && map[a] === map[d]) return color(map[a]);
    const cells = [a, b, c, d];
    const shares = [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down];
    const vote = (label, i) => (map[cells[i]] === label ? lead[cells[i]] * shares[i] : 0);
    const votes = (label) => vote(label, 0) + vote(label, 1) + vote(label, 2) + vote(label, 3);
    return color(cells.map((cell) => map[cell]).reduce((best, label) => (votes(label) > votes(best) ? label : best)));
  };
}

/** Fill an image `finer` times the size of the map; the four cells around a pixel decide its colour. */
function paintAreas(words, { shape: [height, width] }, finer, colorAt) {
  const columns = neighbours(width, finer);
  const rows = neighbours(height, finer);
  let pixel = 0;
  for (let y = 0; y < height * finer; y += 1) {
    const [upper, lower] = [rows.before[y] * width, rows.after[y] * width];
    for (let x = 0; x < width * finer; x += 1) {
      const [left, right] = [columns.before[x], columns.after[x]];
      words[pixel] = colorAt(upper + left, upper + right, lower + left, lower + right, columns.share[x], rows.share[y]);
      pixel += 1;
    }
  }
}

/** For each fine pixel along a side: the cells with middles before and after it, and the share of the one after. */
function neighbours(count, finer) {
  const place = Float32Array.from({ length: count * finer }, (_, i) => (
    Math.min(count - 1, Math.max(0, (i + 0.5) / finer - 0.5))
  ));
  const before = Int32Array.from(place, Math.floor);
  const after = before.map((cell) => Math.min(count - 1, cell + 1));
  return { before, after, share: place.map((at, i) => at - before[i]) };
}
