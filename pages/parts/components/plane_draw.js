// Drawing of the decision map: its ground, axes, points and marks. Nothing here keeps state.

const INSET = { left: 24, right: 4, top: 6, bottom: 22 };
const OUTLINE = "rgba(18, 24, 33, 0.95)";

/** Maps between the plane and CSS pixels for a square canvas of `side`. */
function planeFrame(side, [low, high], inset = INSET) {
  const size = side - inset.left - inset.right;
  const unit = size / (high - low);
  const clamp = (value) => Math.min(high, Math.max(low, value));
  return {
    side, size, unit, low, high, left: inset.left, top: inset.top, clamp,
    toX: (x1) => inset.left + (x1 - low) * unit,
    toY: (x2) => inset.top + (high - x2) * unit,
    fromX: (pixel) => low + (pixel - inset.left) / unit,
    fromY: (pixel) => high - (pixel - inset.top) / unit,
  };
}

function drawGround(context, frame, { tile, meta, colors, hasMap }) {
  const { left, top, size, side } = frame;
  context.clearRect(0, 0, side, side);
  context.save();
  context.beginPath();
  context.roundRect(left, top, size, size, 6);
  context.clip();
  context.fillStyle = css(divergingPalette(colors.dark)[127]);
  context.fillRect(left, top, size, size);
  if (hasMap) {
    Object.assign(context, { imageSmoothingEnabled: Boolean(meta.smooth), imageSmoothingQuality: "high" });
    context.drawImage(tile, left, top, size, size);
  }
  drawAxes(context, frame);
  context.restore();
  drawTicks(context, frame, colors);
}

/** The two lines through zero, faint on every ground. */
function drawAxes(context, { left, top, size, low, high, toX, toY }) {
  if (low >= 0 || high <= 0) return;
  context.fillStyle = "rgba(128, 138, 150, 0.38)";
  context.fillRect(Math.round(toX(0)) - 0.5, top, 1, size);
  context.fillRect(left, Math.round(toY(0)) - 0.5, size, 1);
}

function drawTicks(context, frame, colors) {
  const { left, top, size, low, high, toX, toY } = frame;
  const quarter = (high - low) / 4;
  const label = (value) => tickLabel(Number(value.toPrecision(3)));
  Object.assign(context, { font: `10.5px ${colors.font}`, fillStyle: colors.muted });
  const bottom = top + size;
  for (let i = 0; i <= 4; i += 1) {
    const value = low + i * quarter;
    Object.assign(context, { textAlign: i === 4 ? "right" : "center", textBaseline: "top" });
    context.fillText(label(value), i === 4 ? left + size : toX(value), bottom + 5);
    Object.assign(context, { textAlign: "right", textBaseline: i === 0 ? "bottom" : i === 4 ? "top" : "middle" });
    context.fillText(label(value), left - 5, toY(value));
  }
  context.font = `italic 11px ${colors.font}`;
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  context.fillText("x₁", toX(high - quarter / 2), bottom + 4);
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  context.fillText("x₂", left - 5, toY(high - quarter / 2));
}

/** A point's colour, at full strength: its class, or its value on the scale. */
function pointColor(palette, label, scale) {
  if (palette === "classes") return css(classColor(label));
  return css(scale[Math.round(127 + 127 * Math.min(1, Math.max(-1, label)))]);
}

/** A training point has a light ring, a test point a dark one; a hairline sets the light ring off pale ground. */
function drawDot(context, x, y, radius, color, isTest) {
  const layers = isTest
    ? [[radius + 2, "rgba(255, 255, 255, 0.6)"], [radius + 1.5, OUTLINE], [radius - 0.4, color]]
    : [[radius + 1.7, "rgba(18, 24, 33, 0.4)"], [radius + 1.2, "#fff"], [radius, color]];
  for (const [reach, fillStyle] of layers) {
    context.fillStyle = fillStyle;
    context.beginPath();
    context.arc(x, y, reach, 0, 2 * Math.PI);
    context.fill();
  }
}

function dotRadius(frame, count) {
  const roomy = Math.min(1.25, Math.max(0.85, frame.size / 300));
  return roomy * (count > 900 ? 2 : count > 400 ? 2.5 : 3);
}

function drawCross(context, frame, x, y, color) {
  const { left, top, size } = frame;
  for (const [width, strokeStyle] of [[3, "rgba(255, 255, 255, 0.7)"], [1, color]]) {
    Object.assign(context, { lineWidth: width, strokeStyle });
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + size, y);
    context.moveTo(x, top);
    context.lineTo(x, top + size);
    context.stroke();
  }
}

function drawReach(context, x, y, radius) {
  for (const [width, strokeStyle] of [[3.5, "rgba(255, 255, 255, 0.85)"], [1.5, OUTLINE]]) {
    Object.assign(context, { lineWidth: width, strokeStyle });
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}
