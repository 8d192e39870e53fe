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
  const size = rows * columns;
  const start = place * size * channels;
  if (channels === 1) return Uint32Array.from(data.subarray(start, start + size), (byte) => words[byte]);
  return Uint32Array.from({ length: size }, (_, i) => word(data.subarray(start + 3 * i, start + 3 * i + 3)));
}

/** Write a picture of `columns` into `target`, `stride` words wide, at (x, y), each word as zoom × zoom pixels. */
function enlarge(source, columns, target, stride, x, y, zoom) {
  for (let i = 0; i < source.length; i += 1) {
    const left = x + (i % columns) * zoom;
    let from = (y + Math.floor(i / columns) * zoom) * stride + left;
    for (let row = 0; row < zoom; row += 1, from += stride) target.fill(source[i], from, from + zoom);
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
