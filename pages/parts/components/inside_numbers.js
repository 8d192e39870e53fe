// Tables of numbers as coloured cells, and numbers as short as can be.

const NUMBERS_FROM = 24; // pixels of a cell that can hold a number

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);

/** Numbers as coloured cells, written out where there is room. */
function drawNumbers(state, canvas, values, { rows, columns, cell, scale, mark, padded }) {
  const { colors, palette, sumArrays } = state;
  const context = sharpContext(canvas, columns * cell, rows * cell);
  Object.assign(canvas.style, { width: `${columns * cell}px`, height: `${rows * cell}px` });
  context.clearRect(0, 0, columns * cell, rows * cell);
  const gap = cell >= 12 ? 1 : cell >= 6 ? 0.5 : 0;
  const font = `${cell >= 28 ? 10.5 : 9.5}px ${colors.font}`;
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle" });
  values.forEach((value, i) => {
    const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * cell];
    const color = palette[127 + Math.round((127 * value) / scale)];
    const outside = padded && sumArrays.padded.data[i];
    context.globalAlpha = outside ? 0.45 : 1;
    context.fillStyle = css(color);
    context.fillRect(x, y, cell - gap, cell - gap);
    if (cell >= NUMBERS_FROM) {
      context.fillStyle = inkOn(color);
      context.fillText(shortNumber(value), x + cell / 2, y + cell / 2 + 0.5);
    }
    context.globalAlpha = 1;
  });
  if (mark === null || mark >= values.length) return;
  Object.assign(context, { strokeStyle: colors.text, lineWidth: 1.5 });
  const [x, y, side] = [(mark % columns) * cell, Math.floor(mark / columns) * cell, cell - gap - 1];
  context.strokeRect(x + 0.5, y + 0.5, side, side);
}

const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 118 ? "#17202b" : "#fff");

/** 0.53, −.21 without the zero, 12.4, 153: at most four characters. */
function shortNumber(value) {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return (Number(text) === 0 ? "0" : text.replace(/^(-?)0\./, "$1.")).replace("-", "−");
}
