// Ranges and ticks of live curves. New points arrive twelve times a second, so a range moves in nice steps and stays
// put while the data fit into it.

/** The smallest of 1, 1.25, 1.6, 2 … × 10^k that is at least `value`: steps of about a quarter. */
function roundUpX(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const factors = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10];
  return power * factors.find((factor) => factor * power >= value * (1 - 1e-6));
}

/** The range of x for all points: it grows in steps, so that the curve grows into a frame that stands still. */
function steadyX(x) {
  if (!x.length) return [0, 1];
  const [first, last] = [x[0], x[x.length - 1]];
  const low = first >= 0 && first <= 0.2 * last ? 0 : first;
  return [low, last > low ? low + roundUpX(last - low) : low + 1];
}

/** All of x: as it is where the header says so, for what does not grow. */
function wholeX({ data: [x], meta }) {
  return meta.exact && x.length > 1 ? [x[0], x[x.length - 1]] : steadyX(x);
}

/** Draw a line across the plot where something begins, and its name beside it. */
function markPlace(plot, { meta: { mark }, colors }) {
  if (!mark) return;
  const { ctx: context, bbox: { left, top, width, height } } = plot;
  const x = plot.valToPos(mark.x, "x", true);
  if (x < left || x > left + width) return;
  const ratio = window.devicePixelRatio || 1;
  context.save();
  Object.assign(context, { strokeStyle: colors.faint, fillStyle: colors.muted, lineWidth: ratio, textAlign: "left" });
  Object.assign(context, { font: `${11 * ratio}px ${colors.font}`, textBaseline: "top" });
  context.setLineDash([4 * ratio, 4 * ratio]);
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, top + height);
  context.stroke();
  context.fillText(mark.label, x + 5 * ratio, top + 3 * ratio);
  context.restore();
}

/**
 * Keep `held` while min..max fits into it without leaving most of it empty, else take a new nice range: from zero
 * when min is less than the share `zeroBelow` of max.
 */
function steadyY(held, min, max, log, zeroBelow) {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return held ?? (log ? [0.1, 1] : [0, 1]);
  return held && fits(held, min, max, log) ? held : (log ? niceLogRange(min, max) : niceRange(min, max, zeroBelow));
}

function fits([low, high], min, max, log) {
  if (min < low || max > high) return false;
  const used = log ? Math.log(max / min) / Math.log(high / low) : (max - Math.min(min, low)) / (high - low);
  return used > (log ? 0.3 : 0.45);
}

function niceRange(min, max, zeroBelow) {
  const slack = Math.max((max - min) * 0.05, Math.abs(max) * 0.01, 1e-9);
  const fromZero = min >= 0 && min < zeroBelow * max;
  const low = fromZero ? 0 : min - slack;
  const step = niceStep((max + slack - low) / 8);
  return [fromZero ? 0 : Math.floor(low / step) * step, Math.ceil((max + slack) / step) * step];
}

/** 1, 2 or 5 × 10^k on either side. */
function niceLogRange(min, max) {
  const factors = [1, 2, 5, 10];
  const [under, over] = [min, max].map((value) => 10 ** Math.floor(Math.log10(value) + 1e-9));
  const low = under * factors.findLast((factor) => factor * under <= min * 1.0001);
  const high = over * factors.find((factor) => factor * over >= max * 0.9999);
  return high > low * 1.01 ? [low, high] : [low / 2, high * 2];
}

/** Shares: the floor rises in steps as a metric gets good, so that 97 % and 99 % can be told apart. */
function percentRange(min, max) {
  const floor = [0.98, 0.95, 0.9, 0.8, 0.6].find((share) => min >= share + 0.004) ?? 0;
  return [floor, Math.max(1, Number.isFinite(max) ? max : 1)];
}

/** Decades; with fewer than two of them also 2 and 5, and all nine within one. */
function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const factors = decades > 2.4 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const every = Math.max(1, Math.ceil(decades / 6));
  const ticks = [];
  for (let k = Math.floor(Math.log10(low) + 1e-9); 10 ** k <= high * 1.0001; k += 1) {
    if (factors.length === 1 && k % every) continue;
    for (const factor of factors) {
      const tick = Number((factor * 10 ** k).toPrecision(6));
      if (tick >= low * 0.9999 && tick <= high * 1.0001) ticks.push(tick);
    }
  }
  return ticks;
}

/** Numbers with null where there is nothing to draw (NaN, infinite, or not positive on a log axis), as uPlot wants. */
function withGaps(values, log) {
  return Array.from(values, (value) => (Number.isFinite(value) && !(log && value <= 0) ? value : null));
}

/** Was this series measured only now and then (a test loss every few epochs)? Then its gaps are bridged. */
function isSparse(values) {
  const known = values.reduce((count, value) => count + (value != null), 0);
  return known > 1 && 2 * loners(values).length > known;
}

/** Indices of points with a gap on both sides: no line passes through them, so they need a dot. */
function loners(values) {
  const alone = [];
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) alone.push(i);
  }
  return alone;
}

/** The points to draw as dots: the lone ones, unless they are so many that they would be a thick line. */
function dots(values) {
  const alone = loners(values);
  return alone.length <= 80 ? alone : [];
}
