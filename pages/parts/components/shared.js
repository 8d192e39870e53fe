// What every component shares: the colour code, the frame signal, and small helpers.

/** Tell the page (and the browser tests) that `panel` has drawn the state of `step`. */
function announceFrame(panel, step) {
  window.dispatchEvent(new CustomEvent("playground:frame", { detail: { panel, step } }));
}

// One colour code for data, weights and output. Okabe and Ito's palette is safe for colour-blind people:
// a sign is orange (negative, class 0) or blue (positive, class 1); further classes take the rest.
const CLASS_COLORS = [
  [230, 159, 0], [0, 114, 178], [0, 158, 115], [204, 121, 167], [86, 180, 233], [213, 94, 0],
];
const NEGATIVE = CLASS_COLORS[0];
const POSITIVE = CLASS_COLORS[1];

const css = ([r, g, b], alpha = 1) => `rgba(${r}, ${g}, ${b}, ${alpha})`;
const mix = (from, to, share) => from.map((value, i) => Math.round(value + (to[i] - value) * share));

/** Is the app's theme dark now? Read from the colours Streamlit hands to the component. */
function isDark(element) {
  const host = element.host ?? element;
  const [r, g, b] = parseColor(getComputedStyle(host).getPropertyValue("--st-background-color"));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

function parseColor(text) {
  const hex = text.trim().match(/^#([0-9a-f]{6})/i);
  if (hex) return [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16));
  const numbers = text.match(/[\d.]+/g);
  return numbers && numbers.length >= 3 ? numbers.slice(0, 3).map(Number) : [255, 255, 255];
}

/** 256 RGB triples from NEGATIVE over a near-neutral middle to POSITIVE; index 127 is zero. */
function divergingPalette(dark) {
  const middle = dark ? [38, 43, 51] : [244, 246, 248];
  return Array.from({ length: 256 }, (_, i) => {
    const t = Math.max(-1, Math.min(1, (i - 127) / 127));
    return t < 0 ? mix(middle, NEGATIVE, -t) : mix(middle, POSITIVE, t);
  });
}

/**
 * The cleanup function to return from a default export. Streamlit also calls a cleanup when newer data overtakes a
 * run that was still loading its module, so tear down only what has really left the page.
 */
function whenGone(parentElement, tearDown) {
  return () => { if (!(parentElement.host ?? parentElement).isConnected) tearDown(); };
}

/** Canvas colours of the theme in use: train is blue, test orange, both strong enough for a thin line on its ground. */
function chartColors(element) {
  const style = getComputedStyle(element.host ?? element);
  const dark = isDark(element);
  const text = parseColor(style.getPropertyValue("--st-text-color"));
  return {
    dark,
    text: css(text), muted: css(text, 0.66), faint: css(text, 0.32), grid: css(text, dark ? 0.12 : 0.09),
    ground: css(parseColor(style.getPropertyValue("--st-background-color"))),
    train: dark ? "#5AB2EA" : "#0072B2",
    test: dark ? "#F2B134" : "#D98200",
    accent: dark ? "#2CC79A" : "#009E73",
    apart: style.getPropertyValue("--st-chart-categorical-colors").split(",").map((color) => color.trim()),
    font: style.getPropertyValue("--st-font").trim() || "sans-serif",
  };
}

/** Match a canvas's pixels to its box of CSS pixels; the context returned draws in CSS pixels. */
function sharpContext(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** 0.0213, 12.46, 1.2e−5: at most seven characters, for values that change in place. */
function compactNumber(value) {
  if (value == null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-3 && size < 1e5);
  const decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  return (plain ? value.toFixed(decimals) : value.toExponential(1).replace("e+", "e")).replaceAll("-", "−");
}

/** 1, 2 or 5 times a power of ten, at least `rough`: the distance between two ticks. */
function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
}

/** The ticks within low..high, about `count` of them. */
function niceTicks(low, high, count) {
  const step = niceStep((high - low) / Math.max(1, count));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A tick as short as can be: 0.25, 40, 12k, 1e−4. */
function tickLabel(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  let text = String(Number(value.toPrecision(6)));
  if (size < 1e-3 || size >= 1e9) text = Number(value.toPrecision(3)).toExponential().replace("e+", "e");
  else if (size >= 1e6) text = `${Number((value / 1e6).toPrecision(4))}M`;
  else if (size >= 1e4) text = `${Number((value / 1e3).toPrecision(4))}k`;
  return text.replaceAll("-", "−");
}

/** Set an element's text; untouched when it is the same, so that screen readers and selections are not disturbed. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
