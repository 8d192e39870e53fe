// Drawing of the network diagram: links on one canvas, neuron maps on small ones, and finding the link under a pointer.

const LEVELS = 24; // shades of a link, made once for each theme
const UNKNOWN_LINK = 0.16; // opacity while the weights are not known

/** How strong a weight looks, from 0 to 1: steep around zero, then levelling off. */
const strength = (weight) => 1 - Math.exp(-Math.abs(weight) / 0.9);

function linkInks(colors) {
  const shades = (color) => {
    const rgb = parseColor(color);
    return Array.from({ length: LEVELS }, (_, i) => css(rgb, 0.1 + (0.82 * i) / (LEVELS - 1)));
  };
  return { negative: shades(colors.test), positive: shades(colors.train) };
}

/** All links of the diagram; the one at `state.link` on top, with a halo. */
function drawLinks(state) {
  const { board, columns, canvas, colors } = state;
  const context = sharpContext(canvas, board.width, board.height);
  context.clearRect(0, 0, board.width, board.height);
  context.lineCap = "butt";
  for (let layer = 0; layer < columns.length - 1; layer += 1) {
    if (state.weights[layer]) drawLayer(context, state, layer);
    else drawUnknown(context, state, layer, colors);
  }
  if (state.link && weightAt(state, state.link) !== undefined) drawMarked(context, state, state.link);
}

function drawLayer(context, state, layer) {
  const { data } = state.weights[layer];
  const sources = sourcesOf(state, layer);
  const { x0, x1, ys0, ys1, thickest, calm } = gapOf(state, layer);
  const { negative, positive } = state.inks;
  context.globalAlpha = calm;
  for (let to = 0, i = 0; to < ys1.length; to += 1) {
    for (let from = 0; from < sources.length; from += 1, i += 1) {
      const weight = data[i];
      if (!Number.isFinite(weight)) continue;
      const bold = strength(weight);
      context.strokeStyle = (weight < 0 ? negative : positive)[Math.round(bold * (LEVELS - 1))];
      context.lineWidth = 0.6 + thickest * bold;
      context.beginPath();
      traceLink(context, x0, ys0[sources[from]], x1, ys1[to]);
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

function drawUnknown(context, state, layer, { text }) {
  const { x0, x1, ys0, ys1 } = gapOf(state, layer);
  const sources = sourcesOf(state, layer);
  Object.assign(context, { strokeStyle: text, lineWidth: 0.8, globalAlpha: UNKNOWN_LINK });
  context.beginPath();
  for (const y1 of ys1) for (const from of sources) traceLink(context, x0, ys0[from], x1, y1);
  context.stroke();
  context.globalAlpha = 1;
}

function drawMarked(context, state, link) {
  const { x0, x1, ys0, ys1, thickest } = gapOf(state, link.layer);
  const weight = weightAt(state, link);
  const width = Math.max(2, 0.6 + thickest * strength(weight));
  const color = weight < 0 ? state.colors.test : state.colors.train;
  for (const [strokeStyle, lineWidth] of [[state.ground, width + 5], [color, width + 1]]) {
    Object.assign(context, { strokeStyle, lineWidth });
    context.beginPath();
    traceLink(context, x0, ys0[sourcesOf(state, link.layer)[link.from]], x1, ys1[link.to]);
    context.stroke();
  }
}

function traceLink(context, x0, y0, x1, y1) {
  const middle = (x0 + x1) / 2;
  context.moveTo(x0, y0);
  context.bezierCurveTo(middle, y0, middle, y1, x1, y1);
}

/** The space between two columns: the links' ends, the width of the strongest, and how pale many links have to be. */
function gapOf(state, layer) {
  const [source, target] = [state.columns[layer], state.columns[layer + 1]];
  const calm = Math.min(1, (40 / (source.shown * target.shown)) ** 0.3);
  const thickest = calm * Math.min(7, Math.max(2, 0.22 * Math.min(source.side, target.side)));
  return {
    x0: source.x + source.side / 2, x1: target.x - target.side / 2, ys0: source.ys, ys1: target.ys, thickest, calm,
  };
}

function weightAt(state, { layer, to, from }) {
  const weights = state.weights[layer];
  return weights && from < weights.shape[1] && to < weights.shape[0]
    ? weights.data[to * weights.shape[1] + from] : undefined;
}

/** The link within `reach` pixels of (x, y), or null. */
function linkAt(state, x, y, reach) {
  for (let layer = 0; layer < state.columns.length - 1; layer += 1) {
    const { x0, x1 } = gapOf(state, layer);
    if (state.weights[layer] && x >= x0 && x <= x1) return nearestLink(state, layer, x, y, reach);
  }
  return null;
}

function nearestLink(state, layer, x, y, reach) {
  const { x0, x1, ys0, ys1, thickest } = gapOf(state, layer);
  const t = timeAt((x - x0) / (x1 - x0));
  const share = t * t * (3 - 2 * t); // how far from y0 to y1
  const slope = (6 * t * (1 - t)) / ((x1 - x0) * (1.5 - 3 * t + 3 * t * t));
  let best = null;
  let least = reach;
  sourcesOf(state, layer).forEach((place, from) => {
    ys1.forEach((y1, to) => {
      const rise = y1 - ys0[place];
      const away = Math.abs(y - ys0[place] - rise * share) / Math.hypot(1, rise * slope);
      const half = (thickest * strength(weightAt(state, { layer, to, from }))) / 2;
      if (away - half < least) [least, best] = [away - half, { layer, to, from }];
    });
  });
  return best;
}

/** The curve's parameter where it has gone `share` of its way in x. */
function timeAt(share) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 18; i += 1) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) + t ** 3 < share) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

/** The diverging palette as 32-bit pixels. */
function mapRamp(dark) {
  return Uint32Array.from(divergingPalette(dark), ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
}

/** Map number `place` of the payload, or null. */
function mapAt({ maps }, place) {
  if (!maps || place >= maps.shape[0]) return null;
  const size = maps.shape[1] * maps.shape[2];
  return maps.data.subarray(place * size, (place + 1) * size);
}

/** Paint one map into `canvas`, a pixel for each of its values; null leaves it clear. */
function paintMap(canvas, map, [, rows, columns], ramp) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i += 1) words[i] = ramp[map[i]];
  context.putImageData(image, 0, 0);
}
