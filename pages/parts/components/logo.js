// Sequence logos, drawn as text that is stretched to its height.

const LOGOS = new WeakMap();
const HEIGHT = 84;
const WIDEST = 30; // pixels of a place
const BASES = { A: "#009E73", C: "#0072B2", G: "#E69F00", T: "#D55E00" };

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const state = LOGOS.get(parentElement) ?? mount(parentElement);
  const there = meta.items.length > 0;
  state.hint.hidden = there;
  setText(state.hint, there ? "" : meta.empty);
  if (state.list.childElementCount !== meta.items.length) {
    state.list.replaceChildren(...meta.items.map(newLogo));
  }
  state.meta = meta;
  draw(state);
  announceFrame("logo", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); LOGOS.delete(parentElement); });
}

function mount(parentElement) {
  const state = { parentElement, hint: parentElement.querySelector(".hint"), list: parentElement.querySelector(".logos") };
  state.observer = new ResizeObserver(() => {
    if (state.meta && state.list.clientWidth !== state.width) draw(state);
  });
  state.observer.observe(state.list);
  LOGOS.set(parentElement, state);
  return state;
}

function newLogo() {
  const figure = document.createElement("figure");
  figure.setAttribute("role", "listitem");
  const canvas = figure.appendChild(document.createElement("canvas"));
  canvas.setAttribute("role", "img");
  figure.append(document.createElement("figcaption"));
  return figure;
}

function draw(state) {
  const colors = chartColors(state.parentElement);
  state.width = state.list.clientWidth;
  state.meta.items.forEach((item, i) => {
    const [canvas, caption] = state.list.children[i].children;
    setText(caption, `${item.name}: ${item.words}`);
    const best = item.places.map((place) => place.at(-1)?.token ?? "·").join("");
    canvas.ariaLabel = `${item.name} looks for ${best}`;
    const width = Math.min(state.list.children[i].clientWidth, item.places.length * WIDEST);
    if (width > 0) paint(canvas, item.places, width, state.meta.most_bits, colors);
  });
}

function paint(canvas, places, width, mostBits, colors) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${HEIGHT}px` });
  const context = sharpContext(canvas, width, HEIGHT);
  context.clearRect(0, 0, width, HEIGHT);
  context.fillStyle = colors.grid;
  context.fillRect(0, HEIGHT - 1, width, 1);
  const wide = width / places.length;
  places.forEach((letters, place) => {
    let bottom = HEIGHT - 1;
    for (const { token, bits } of letters) {
      const tall = (bits / mostBits) * (HEIGHT - 3);
      if (tall >= 1.5) letter(context, token, place * wide, bottom - tall, wide - 1.5, tall, colors);
      bottom -= tall;
    }
  });
}

/** One token, stretched to fill its box. */
function letter(context, token, left, top, width, height, colors) {
  context.save();
  context.font = `800 40px ${colors.font}`;
  const size = context.measureText(token);
  const tall = size.actualBoundingBoxAscent + size.actualBoundingBoxDescent || 30;
  context.translate(left, top);
  context.scale(width / Math.max(1, size.width), height / tall);
  context.fillStyle = BASES[token] ?? colors.train;
  context.textBaseline = "alphabetic";
  context.fillText(token, 0, size.actualBoundingBoxAscent);
  context.restore();
}
