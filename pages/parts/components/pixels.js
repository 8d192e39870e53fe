// Pixels of pictures and maps: the colours of their bytes, and painting them at whole multiples of their size.

const PAPER_INK = { light: [[250, 251, 252], [33, 41, 54]], dark: [[22, 26, 33], [238, 241, 245]] };

/** A colour as a little-endian RGBA word. */
const word = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** Words of grey levels 0 (paper) to 255 (ink). */
function inkWords(dark) {
  const [paper, ink] = PAPER_INK[dark ? "dark" : "light"];
  return Uint32Array.from({ length: 256 }, (_, i) => word(mix(paper, ink, i / 255)));
}

/** Words of signed bytes: 0 is the strongest negative, 127 zero, 254 the strongest positive. */
const signedWords = (dark) => Uint32Array.from(divergingPalette(dark), word);

/** The words of picture number `place` of an array (N, h, w) or (N, h, w, 3). */
function wordsOf({ data, shape }, place, words) {
  const [, rows, columns, channels = 1] = shape;
  const found = new Uint32Array(rows * columns);
  let at = place * found.length * channels;
  for (let i = 0; i < found.length; i += 1, at += channels) {
    found[i] = channels === 1 ? words[data[at]] : word([data[at], data[at + 1], data[at + 2]]);
  }
  return found;
}

/** Write a picture of `columns` into `target`, `stride` words wide, at (x, y), each word as zoom × zoom pixels. */
function enlarge(source, columns, target, stride, x, y, zoom) {
  for (let place = 0, begin = y * stride + x; place < source.length; begin += zoom * stride) {
    let at = begin;
    for (const end = place + columns; place < end; place += 1) {
      for (let i = 0; i < zoom; i += 1, at += 1) target[at] = source[place];
    }
    for (let row = 1; row < zoom; row += 1) target.copyWithin(begin + row * stride, begin, at);
  }
}

/** Paint words into a canvas, a pixel for each; style sheets make it larger. */
function paintWords(canvas, source, columns) {
  const rows = source.length / columns;
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  new Uint32Array(image.data.buffer).set(source);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function sameBytes(a, b) {
  if (!a || !b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
