// Words at their places in a plane: written where there is room, a dot where there is none.

const WORDMAPS = new WeakMap();
const EDGE = 26;
const TALL = 15;

export default function ({ data, parentElement }) {
  const { meta, arrays } = unpack(data);
  const state = WORDMAPS.get(parentElement) ?? mount(parentElement);
  const there = Boolean(arrays.xy);
  state.hint.hidden = there;
  state.whole.hidden = !there;
  setText(state.hint, there ? "" : meta.empty);
  if (there) {
    Object.assign(state, { meta, xy: arrays.xy.data, tones: arrays.tones.data });
    setText(state.facts, meta.facts);
    if (state.canvas.ariaLabel !== meta.alt) state.canvas.ariaLabel = meta.alt;
    showNear(state.near, meta.near);
    draw(state);
  }
  announceFrame("wordmap", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); WORDMAPS.delete(parentElement); });
}

function mount(parentElement) {
  const find = (part) => parentElement.querySelector(part);
  const state = {
    parentElement, hint: find(".hint"), whole: find(".whole"), facts: find(".facts"), plot: find(".plot"),
    canvas: find("canvas"), near: find(".near"), size: [0, 0], at: null,
  };
  state.observer = new ResizeObserver(() => {
    if (state.plot.clientWidth !== state.size[0] && state.xy) draw(state);
  });
  state.observer.observe(state.plot);
  state.canvas.onpointermove = (event) => {
    const box = state.canvas.getBoundingClientRect();
    const at = nearestTo(state, event.clientX - box.left, event.clientY - box.top);
    if (at !== state.at) { state.at = at; draw(state); }
  };
  state.canvas.onpointerleave = () => { state.at = null; draw(state); };
  WORDMAPS.set(parentElement, state);
  return state;
}

function draw(state) {
  const { plot, canvas, xy, tones, meta, at } = state;
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  if (!width) return;
  state.size = [width, height];
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const colors = chartColors(state.parentElement);
  const context = sharpContext(canvas, width, height);
  context.clearRect(0, 0, width, height);
  state.places = placesIn(xy, width, height);
  const near = new Set(meta.near.map(({ token }) => token));
  const order = meta.tokens.map((_, i) => i).sort((a, b) => rank(b) - rank(a) || a - b);
  function rank(i) {
    return (i === at) * 4 + (meta.tokens[i] === meta.word) * 2 + near.has(meta.tokens[i]);
  }
  const taken = [];
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  for (const i of order) {
    const [x, y] = [state.places[2 * i], state.places[2 * i + 1]];
    const special = rank(i) > 0;
    context.font = `${special ? 650 : 400} ${special ? 14 : 12.5}px ${colors.font}`;
    const word = { " ": "␣", "\n": "⏎" }[meta.tokens[i]] ?? meta.tokens[i];
    const half = context.measureText(word).width / 2;
    const box = [x - half - 2, y - TALL / 2, x + half + 2, y + TALL / 2];
    const ink = inkOf(tones[i], colors);
    if (!special && taken.some((other) => overlap(other, box))) {
      context.fillStyle = ink;
      context.globalAlpha = 0.45;
      context.beginPath();
      context.arc(x, y, 2, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
      continue;
    }
    taken.push(box);
    context.globalAlpha = meta.word && !special ? 0.4 : 1;
    Object.assign(context, { strokeStyle: colors.ground, lineWidth: 3, fillStyle: ink });
    context.strokeText(word, x, y);
    context.fillText(word, x, y);
    if (meta.tokens[i] === meta.word) context.fillRect(x - half, y + 9, 2 * half, 2);
    context.globalAlpha = 1;
  }
}

function placesIn(xy, width, height) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 1) {
    low[i % 2] = Math.min(low[i % 2], xy[i]);
    high[i % 2] = Math.max(high[i % 2], xy[i]);
  }
  const spread = [0, 1].map((axis) => Math.max(1e-9, high[axis] - low[axis]));
  return Float32Array.from(xy, (value, i) => {
    const share = (value - low[i % 2]) / spread[i % 2];
    return i % 2 ? height - EDGE / 2 - share * (height - EDGE) : EDGE + share * (width - 2 * EDGE);
  });
}

/** The text's own colour for what tells nothing, blue or orange the more it tells. */
function inkOf(tone, { dark, text }) {
  if (Math.abs(tone) < 0.02) return text;
  const [r, g, b] = parseColor(text);
  const strong = tone < 0 ? (dark ? [242, 177, 52] : [190, 110, 0]) : (dark ? [90, 178, 234] : [0, 114, 178]);
  return css(mix([r, g, b], strong, Math.min(1, 0.35 + Math.abs(tone))));
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

function nearestTo({ places }, x, y) {
  let [best, least] = [null, 20 ** 2];
  for (let i = 0; i < (places?.length ?? 0); i += 2) {
    const away = (places[i] - x) ** 2 + (places[i + 1] - y) ** 2;
    if (away < least) [least, best] = [away, i / 2];
  }
  return best;
}

function showNear(list, near) {
  list.hidden = !near.length;
  const said = JSON.stringify(near);
  if (list.dataset.said === said) return;
  list.dataset.said = said;
  list.replaceChildren(...near.map(({ token, similarity }) => {
    const item = document.createElement("li");
    const name = item.appendChild(document.createElement("b"));
    name.textContent = token;
    item.append(` ${similarity.toFixed(2)}`);
    return item;
  }));
}
