// A judge's verdict. While there is no judge yet, another look is asked for every second.

const JUDGES = new WeakMap();
const ASK_AGAIN_MS = 1000;

export default function ({ data, parentElement }) {
  const state = JUDGES.get(parentElement) ?? mount(parentElement);
  const { meta, arrays } = unpack(data);
  const there = Boolean(arrays.shares);
  state.hint.hidden = there;
  state.list.hidden = state.bars.hidden = !there;
  setText(state.hint, there ? "" : meta.empty ?? "");
  clearTimeout(state.timer);
  if (meta.waits) state.timer = setTimeout(() => askAgain(), ASK_AGAIN_MS);
  if (there) show(state, meta, arrays.shares.data);
  announceFrame("judge", meta.step);
  return whenGone(parentElement, () => clearTimeout(state.timer));
}

function mount(parentElement) {
  const [hint, list, bars] = [".hint", "dl", ".bars"].map((part) => parentElement.querySelector(part));
  const state = { hint, list, bars, timer: null, looks: null };
  JUDGES.set(parentElement, state);
  return state;
}

const askAgain = () => globalThis.playgroundSay?.(new TextEncoder().encode(JSON.stringify({ say: "again" })));

function show({ list, bars }, { items, names, alt }, shares) {
  if (list.childElementCount !== items.length) list.replaceChildren(...items.map(newFigure));
  items.forEach(({ value, help }, i) => {
    list.children[i].title = help;
    setText(list.children[i].lastChild, value);
  });
  if (bars.childElementCount !== names.length) bars.replaceChildren(...names.map(newBar));
  const even = 1 / names.length;
  const most = Math.max(2.5 * even, ...shares);
  bars.style.setProperty("--even", `${(100 * even) / most}%`);
  names.forEach((name, i) => {
    const [bar, label] = bars.children[i].children;
    bar.firstChild.style.height = `${(100 * shares[i]) / most}%`;
    bars.children[i].title = `${name}: ${Math.round(100 * shares[i])} %`;
    setText(label, name);
  });
  const told = names.map((name, i) => `${name} ${Math.round(100 * shares[i])} %`).join(", ");
  if (bars.ariaLabel !== `${alt}: ${told}`) bars.ariaLabel = `${alt}: ${told}`;
}

function newFigure({ label }) {
  const figure = document.createElement("div");
  figure.append(Object.assign(document.createElement("dt"), { textContent: label }), document.createElement("dd"));
  return figure;
}

function newBar() {
  const column = document.createElement("div");
  const bar = column.appendChild(Object.assign(document.createElement("div"), { className: "bar" }));
  bar.append(document.createElement("i"));
  column.append(document.createElement("span"));
  return column;
}
