// Drawing of attention maps: small ones of all heads, and one with its tokens beside and above it.

const SMALL = 56; // pixels of a small map
const LARGEST = 470; // pixels of the large map, labels apart
const LETTER = 7; // pixels that a letter of a token's label takes, about
const LONGEST = 12; // letters of a label

/** Shades of a map from the ground to blue, for canvas pixels. */
function shades(dark) {
  const ground = dark ? [38, 43, 51] : [244, 246, 248];
  return Array.from({ length: 256 }, (_, i) => mix(ground, dark ? [110, 190, 240] : POSITIVE, Math.sqrt(i / 255)));
}

function paintMap(context, map, size, left, top, side, ramp) {
  const cell = side / size;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      context.fillStyle = css(ramp[map[row * size + column]]);
      const [x, y] = [left + column * cell, top + row * cell];
      context.fillRect(x, y, Math.ceil(cell + 0.5), Math.ceil(cell + 0.5));
    }
  }
}

const short = (token) => {
  const seen = { " ": "␣", "\n": "⏎" }[token] ?? token;
  return seen.length > LONGEST ? `${seen.slice(0, LONGEST - 1)}…` : seen;
};

/** Where the large map lies in its box: room for labels on the left and above. */
function frameOf(tokens, width) {
  const longest = Math.max(1, ...tokens.map((token) => short(token).length));
  const labels = Math.min(LONGEST, longest) * LETTER + 10;
  const side = Math.max(80, Math.min(width - labels - 2, tokens.length * 30, LARGEST));
  return { left: labels, top: labels, side, height: labels + side + 2 };
}

function paintLarge(state) {
  const { canvas, width, tokens, map, colors, at } = state;
  const size = tokens.length;
  const frame = frameOf(tokens, width);
  state.frame = frame;
  Object.assign(canvas.style, { width: `${width}px`, height: `${frame.height}px` });
  const context = sharpContext(canvas, width, frame.height);
  context.clearRect(0, 0, width, frame.height);
  paintMap(context, map, size, frame.left, frame.top, frame.side, state.ramp);
  const cell = frame.side / size;
  context.font = `12px ${colors.font}`;
  context.textBaseline = "middle";
  const every = Math.max(1, Math.ceil(13 / cell));
  tokens.forEach((token, i) => {
    const isAt = at && (i === at[0] || i === at[1]);
    if (i % every && !isAt) return;
    context.fillStyle = at && i === at[0] ? colors.text : colors.muted;
    context.textAlign = "right";
    context.fillText(short(token), frame.left - 6, frame.top + (i + 0.5) * cell);
    context.save();
    context.translate(frame.left + (i + 0.5) * cell, frame.top - 6);
    context.rotate(-Math.PI / 2);
    context.textAlign = "left";
    context.fillStyle = at && i === at[1] ? colors.text : colors.muted;
    context.fillText(short(token), 0, 0);
    context.restore();
  });
  if (!at) return;
  Object.assign(context, { strokeStyle: colors.text, lineWidth: 1.5 });
  context.strokeRect(frame.left + at[1] * cell, frame.top + at[0] * cell, cell, cell);
}
