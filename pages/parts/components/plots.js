// A grid of small plots: figures are kept while there are as many, so that nothing jumps.

const PLOTS = new WeakMap();

export default function ({ data, parentElement }) {
  const state = PLOTS.get(parentElement) ?? mount(parentElement);
  const { meta, arrays } = unpack(data);
  const shown = meta.plots ?? [];
  setText(state.hint, shown.length ? "" : meta.empty ?? "");
  state.hint.hidden = shown.length > 0;
  state.grid.style.setProperty("--least", `${meta.width ?? 240}px`);
  state.grid.style.setProperty("--tall", `${meta.height ?? 200}px`);
  while (state.figures.length > shown.length) state.figures.pop().figure.remove();
  while (state.figures.length < shown.length) state.figures.push(addFigure(state));
  Object.assign(state, { shown, values: (name) => arrays[name]?.data ?? [], colors: chartColors(parentElement) });
  shown.forEach((plot, i) => label(state.figures[i], plot, state.colors));
  draw(state);
  announceFrame("plots", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); PLOTS.delete(parentElement); });
}

function mount(parentElement) {
  const state = { hint: parentElement.querySelector(".hint"), grid: parentElement.querySelector(".grid"), figures: [] };
  state.observer = new ResizeObserver(() => state.shown && draw(state));
  state.observer.observe(state.grid);
  PLOTS.set(parentElement, state);
  return state;
}

function addFigure(state) {
  const figure = document.createElement("figure");
  figure.innerHTML = '<h4></h4><div class="legend" hidden></div><canvas role="img"></canvas><figcaption></figcaption>';
  state.grid.append(figure);
  const find = (selector) => figure.querySelector(selector);
  return { figure, title: find("h4"), legend: find(".legend"), canvas: find("canvas"), note: find("figcaption") };
}

function label({ title, legend, canvas, note }, plot, colors) {
  setText(title, plot.title ?? "");
  title.hidden = !plot.title;
  title.title = plot.title ?? "";
  setText(note, plot.note ?? "");
  note.title = plot.note ?? "";
  note.hidden = plot.note == null;
  if (canvas.ariaLabel !== plot.alt) canvas.ariaLabel = plot.alt ?? plot.title ?? "";
  const entries = plot.series.filter((series) => series.label).map((series) => [series.label, inkOf(series.color, colors)]);
  const key = JSON.stringify(entries);
  legend.hidden = !entries.length;
  if (legend.dataset.key === key) return;
  legend.dataset.key = key;
  legend.replaceChildren(...entries.map(([text, color]) => {
    const entry = document.createElement("span");
    entry.innerHTML = `<i style="background: ${color}" aria-hidden="true"></i>`;
    entry.append(text);
    return entry;
  }));
}

function draw({ figures, shown, values, colors }) {
  figures.forEach(({ canvas }, i) => {
    const size = [canvas.clientWidth, canvas.clientHeight];
    if (size[0]) drawPlot(sharpContext(canvas, ...size), size, shown[i], values, colors);
  });
}
