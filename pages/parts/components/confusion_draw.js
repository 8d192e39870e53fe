// Drawing of the confusion matrix: its measures, its axes, and cells by themselves.

const LARGEST_CELL = 44;
const SMALLEST_CELL = 11;
const LONGEST_NAME = 84; // pixels
const TITLE = 16; // the line with an axis's own name

const nameFont = (state, size) => `${size}px ${state.colors.font}`;

/** Where everything is, for a matrix of `count` classes in `width` pixels. */
function measure(state, width) {
  const { context, names } = state;
  const count = names.length;
  context.font = nameFont(state, 12);
  const longest = Math.min(LONGEST_NAME, Math.max(...names.map((name) => context.measureText(name).width)));
  const left = TITLE + Math.ceil(longest) + 8;
  const cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, Math.floor((width - left - 1) / count)));
  const upright = longest > cell - 4; // names that are wider than a column stand on end
  const top = TITLE + (upright ? Math.ceil(longest) + 8 : 20);
  const font = Math.max(8, Math.min(12, cell - 2));
  return { count, left, top, cell, upright, font, width: left + count * cell + 1, height: top + count * cell + 1 };
}

/** A name that fits into `room` pixels: its middle goes, for many names begin alike. */
function shortened(context, name, room) {
  let [text, kept] = [name, name.length];
  while (kept > 2 && context.measureText(text).width > room) {
    kept -= 1;
    const [begin, end] = [name.slice(0, Math.ceil(kept / 2)), name.slice(name.length - Math.floor(kept / 2))];
    text = `${begin.trimEnd()}…${end.trimStart()}`;
  }
  return text;
}

function drawAxes(state) {
  const { context, colors, names, frame: { left, top, cell, count, upright, font, height, width } } = state;
  context.clearRect(0, 0, width, height);
  context.textBaseline = "middle";
  context.fillStyle = colors.muted;
  context.font = nameFont(state, 11.5);
  context.textAlign = "left";
  context.fillText("predicted →", left, TITLE / 2);
  context.textAlign = "right";
  turned(context, TITLE / 2 - 1, top, () => context.fillText("← true", 0, 0));
  context.fillStyle = colors.text;
  context.font = nameFont(state, font);
  names.forEach((name, i) => {
    const middle = (i + 0.5) * cell;
    const text = shortened(context, name, LONGEST_NAME);
    context.textAlign = "right";
    context.fillText(text, left - 7, top + middle);
    context.textAlign = upright ? "left" : "center";
    if (upright) turned(context, left + middle, top - 7, () => context.fillText(text, 0, 0));
    else context.fillText(text, left + middle, top - 11);
  });
}

function turned(context, x, y, write) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  write();
  context.restore();
}

/** How strong a cell looks: the square root lets a share of few percent be seen. */
const tone = (share) => Math.sqrt(share);

const TONES = {
  light: { none: [240, 243, 247], right: [[219, 234, 246], POSITIVE], wrong: [[253, 243, 220], NEGATIVE] },
  dark: { none: [33, 41, 52], right: [[25, 50, 74], [46, 136, 204]], wrong: [[62, 48, 22], [236, 160, 40]] },
};

/** 101 colours of the right and of the wrong cells, by percent of their row, with the ink that reads on each. */
function cellRamps(dark) {
  const { none, right, wrong } = TONES[dark ? "dark" : "light"];
  const ramp = ([faint, strong]) => Array.from({ length: 101 }, (_, percent) => {
    const color = percent ? mix(faint, strong, tone(percent / 100)) : none;
    const [r, g, b] = color;
    return { fill: css(color), ink: 0.299 * r + 0.587 * g + 0.114 * b > 125 ? "#17202b" : "#fff" };
  });
  return { right: ramp(right), wrong: ramp(wrong) };
}

function drawCell(state, row, column) {
  const { context, ramps, frame: { left, top, cell, count }, counts, totals } = state;
  const number = counts[row * count + column];
  const share = totals[row] ? number / totals[row] : 0;
  const percent = number ? Math.max(1, Math.round(100 * share)) : 0;
  const { fill, ink } = (row === column ? ramps.right : ramps.wrong)[percent];
  const gap = cell > 16 ? 1 : 0.5;
  const [x, y, side] = [left + column * cell + gap, top + row * cell + gap, cell - 2 * gap];
  context.clearRect(x - gap, y - gap, cell, cell);
  context.fillStyle = fill;
  context.beginPath();
  context.roundRect(x, y, side, side, Math.min(4, cell / 8));
  context.fill();
  if (number && cell >= 17) writeCount(state, number, ink, x + side / 2, y + side / 2, side);
}

function writeCount({ context, colors }, number, ink, x, y, side) {
  const text = number < 10_000 ? String(number) : tickLabel(number);
  const size = Math.min(13, (side - 3) / (0.58 * text.length), side * 0.62);
  if (size < 7.5) return;
  context.fillStyle = ink;
  context.font = `${size}px ${colors.font}`;
  context.textAlign = "center";
  context.fillText(text, x, y + 0.5);
}

/** Paint the cells whose count or whose row's sum is another than `before`; all of them where nothing is known. */
function drawCells(state, before) {
  const { counts, totals, frame: { count } } = state;
  for (let row = 0; row < count; row += 1) {
    const all = !before || before.totals[row] !== totals[row];
    for (let column = 0; column < count; column += 1) {
      const place = row * count + column;
      if (all || before.counts[place] !== counts[place]) drawCell(state, row, column);
    }
  }
}
