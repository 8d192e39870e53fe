// Drawing of the plane of codes: decoded pictures behind, codes in their classes' colours, the point that is dragged.

const FADED = 0.62; // decoded pictures stay behind the codes

/** Decoded pictures of cells × cells as one image, top left first. */
function paintGrid(tile, grid, cells, ink) {
  const [, high, wide] = grid.shape;
  const [width, height] = [cells * wide, cells * high];
  if (tile.width !== width || tile.height !== height) Object.assign(tile, { width, height });
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < cells * cells; i += 1) {
    enlarge(wordsOf(grid, i, ink), wide, words, width, (i % cells) * wide, Math.floor(i / cells) * high, 1);
  }
  tile.getContext("2d").putImageData(image, 0, 0);
}

const toPixel = (side, extent, [x, y]) => [((x / extent + 1) / 2) * side, ((1 - y / extent) / 2) * side];
const toPlace = (side, extent, [x, y]) => [(2 * (x / side) - 1) * extent, (1 - 2 * (y / side)) * extent];

function drawBehind(context, { tile, side, hasGrid, arrays, colors, dark }) {
  context.clearRect(0, 0, side, side);
  context.save();
  context.beginPath();
  context.roundRect(0, 0, side, side, 6);
  context.clip();
  context.fillStyle = css(PAPER_INK[dark ? "dark" : "light"][0]);
  context.fillRect(0, 0, side, side);
  if (hasGrid) {
    context.imageSmoothingEnabled = false;
    context.globalAlpha = arrays.xy?.data.length ? FADED : 1;
    context.drawImage(tile, 0, 0, side, side);
    context.globalAlpha = 1;
  }
  Object.assign(context, { strokeStyle: colors.faint, lineWidth: 1 });
  context.strokeRect(0.5, 0.5, side - 1, side - 1);
  context.restore();
}

function drawCodes(context, { arrays, meta, side, inks, marked }) {
  const [xy, labels] = [arrays.xy?.data ?? [], arrays.labels?.data ?? []];
  const radius = side > 380 ? 3.6 : 2.8;
  for (const isMarked of marked === null ? [true] : [false, true]) {
    context.globalAlpha = isMarked ? 0.95 : 0.12;
    for (let i = 0; i < labels.length; i += 1) {
      if (marked !== null && (labels[i] === marked) !== isMarked) continue;
      const [x, y] = toPixel(side, meta.extent, [xy[2 * i], xy[2 * i + 1]]);
      dot(context, x, y, radius + 0.9, "rgba(255, 255, 255, 0.85)");
      dot(context, x, y, radius, inks[labels[i]]);
    }
  }
  context.globalAlpha = 1;
}

function dot(context, x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** The point that is dragged: a ring with a cross, dark on light on dark, so that it is seen on any picture. */
function drawHandle(context, [x, y]) {
  const lines = () => {
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 5 * dx, y + 5 * dy);
      context.lineTo(x + 15 * dx, y + 15 * dy);
    }
    context.stroke();
  };
  for (const [lineWidth, strokeStyle] of [[5, "rgba(18, 24, 33, 0.9)"], [2.2, "#fff"]]) {
    Object.assign(context, { lineWidth, strokeStyle });
    lines();
  }
}
