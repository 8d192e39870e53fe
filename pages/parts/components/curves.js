// Live curves on uPlot. The plot object lives as long as the component; data, ranges and legend are set on it.

const PLOTS = new WeakMap();

export default function ({ data, parentElement }) {
  const state = PLOTS.get(parentElement) ?? mount(parentElement);
  state.newest = data;
  show(state);
  return whenGone(parentElement, () => dismount(parentElement, state));
}

function show(state) {
  const { meta, arrays } = unpack(state.newest);
  state.colors = chartColors(state.host);
  takeData(state, meta, arrays);
  if (shapeOf(state) !== state.shape) build(state);
  draw(state);
  announceFrame("curves", meta.step);
}

function mount(parentElement) {
  const state = { host: parentElement, zoom: null, hidden: new Set(), held: {}, values: [] };
  state.legend = parentElement.querySelector(".legend");
  state.box = parentElement.querySelector(".plot");
  state.empty = parentElement.querySelector(".empty");
  state.spoken = parentElement.querySelector(".spoken"); // what the keyboard reads; the stream itself stays silent
  state.reset = parentElement.querySelector(".reset");
  state.reset.onclick = () => showAll(state);
  state.box.onkeydown = (event) => onKey(state, event);
  state.box.onblur = () => state.plot?.setCursor({ left: -10, top: -10 });
  // The page can move the plot without a scroll or resize event; uPlot caches where it was.
  state.box.onpointerenter = () => state.plot?.syncRect();
  state.observer = new ResizeObserver(() => resize(state));
  state.observer.observe(state.box);
  PLOTS.set(parentElement, state);
  return state;
}

function dismount(parentElement, state) {
  state.observer.disconnect();
  state.plot?.destroy();
  PLOTS.delete(parentElement);
}

function takeData(state, meta, arrays) {
  const x = Array.from(arrays.x?.data ?? []);
  const last = x.at(-1) ?? -Infinity;
  if (last < (state.lastX ?? -Infinity)) Object.assign(state, { zoom: null, held: {} }); // a new run began
  state.lastX = last;
  state.meta = meta;
  state.columns = meta.series.map((series, i) =>
    withGaps(arrays[`y${i}`]?.data ?? [], meta.log && series.scale !== "percent"));
  state.data = [x, ...state.columns];
  state.sparse = new Set(meta.series.filter((_, i) => isSparse(state.columns[i])).map(({ name }) => name));
}

/** What a plot is built for; when this changes it is built anew (zoom and hidden series stay). */
function shapeOf({ meta, colors, sparse }) {
  return JSON.stringify([meta.series, meta.bands, meta.log, meta.x_label, meta.y_label, colors, [...sparse]]);
}

function build(state) {
  state.plot?.destroy();
  state.shape = shapeOf(state);
  state.held = {};
  const { width, height } = boxSize(state);
  const options = { width, height, ...plotOptions(state) };
  state.plot = new uPlot(options, [[], ...state.columns.map(() => [])], state.box);
  state.size = [width, height];
  buildLegend(state);
}

const boxSize = ({ box }) => ({ width: Math.max(120, box.clientWidth), height: Math.max(80, box.clientHeight) });

function resize(state) {
  if (!state.plot) return;
  const { width, height } = boxSize(state);
  if (state.size[0] === width && state.size[1] === height) return;
  state.size = [width, height];
  state.plot.setSize({ width, height });
}

function plotOptions(state) {
  const { meta, colors } = state;
  const percent = meta.series.some(({ scale }) => scale === "percent");
  state.box.classList.toggle("has-percent", percent);
  return {
    legend: { show: false },
    padding: [8, percent ? 0 : 18, 0, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: { size: 7, width: 2, fill: colors.ground, stroke: (plot, i) => colorOf(colors, meta.series[i - 1]) },
      bind: { dblclick: () => () => showAll(state) },
    },
    scales: {
      x: { time: false, range: () => state.zoom ?? wholeX(state) },
      y: { distr: meta.log ? 3 : 1, range: (_, min, max) => rangeY(state, min, max) },
      percent: { range: (_, min, max) => percentRange(min ?? 0, max ?? 1) },
    },
    axes: axes(state, percent),
    series: [{}, ...meta.series.map((series) => seriesOptions(state, series))],
    bands: (meta.bands ?? []).map(([upper, lower]) => (
      { series: [upper + 1, lower + 1], fill: `${colorOf(colors, meta.series[upper])}2e` })),
    hooks: {
      setSelect: [(plot) => zoomToSelection(state, plot)], setCursor: [() => readOut(state)],
      drawAxes: [(plot) => markPlace(plot, state)],
    },
  };
}

function rangeY(state, min, max) {
  state.held.y = steadyY(state.held.y, min ?? NaN, max ?? NaN, state.meta.log, state.zoom ? 0.15 : 0.6);
  return state.held.y;
}

function axes({ meta, colors }, percent) {
  const look = {
    stroke: colors.muted, font: `11px ${colors.font}`, labelFont: `11px ${colors.font}`, gap: 4, labelGap: 0,
    ticks: { show: false }, grid: { stroke: colors.grid, width: 1 },
  };
  const labels = (_, ticks) => ticks.map((tick) => (tick == null ? "" : tickLabel(tick)));
  // Called before the plot area has its size, so reckon with the whole plot less its axes.
  const across = (plot) => Math.max(2, Math.floor((plot.width - (percent ? 86 : 54)) / 48));
  const upwards = (plot) => Math.max(2, Math.floor((plot.height - 43) / 28));
  return [
    { ...look, size: 20, labelSize: 15, label: meta.x_label || null, values: labels, grid: { show: false },
      splits: (plot, _, low, high) => niceTicks(low, high, across(plot)) },
    { ...look, scale: "y", size: 44, values: labels, filter: (_, ticks) => ticks,
      splits: (plot, _, low, high) => (meta.log ? logTicks(low, high) : niceTicks(low, high, upwards(plot))) },
    ...(percent ? [{ ...look, scale: "percent", side: 1, size: 42, grid: { show: false },
      splits: (plot, _, low, high) => niceTicks(low, high, upwards(plot)),
      values: (_, ticks) => ticks.map((tick) => `${tickLabel(tick * 100)} %`) }] : []),
  ];
}

/** A series has a colour with a meaning, by its name, or the n-th of those that only tell things apart. */
function colorOf(colors, { color }) {
  const apart = colors.apart;
  return (typeof color === "number" ? apart[color % apart.length] : colors[color]) ?? colors.accent;
}

/** Colours begin anew after the last; the lines are thinner then. */
function lineWidth({ apart }, { color }) {
  return typeof color === "number" && color >= apart.length ? 1 : 2;
}

function seriesOptions(state, series) {
  const color = colorOf(state.colors, series);
  return {
    scale: series.scale === "percent" ? "percent" : "y",
    show: !state.hidden.has(series.name),
    stroke: color, width: series.quiet ? 0 : lineWidth(state.colors, series), dash: series.dash ? [6, 4] : undefined, cap: series.dash ? "butt" : "round",
    spanGaps: state.sparse.has(series.name),
    points: { show: () => false, size: 6, fill: color, stroke: color, filter: (plot, i) => dots(plot.data[i]) },
  };
}

/** Give the plot the newest data. Ranges follow through the `range` functions above. */
function draw(state) {
  const { plot } = state;
  const [low, high] = state.zoom ?? wholeX(state);
  plot.batch(() => {
    plot.setData(state.data, false);
    plot.setScale("x", { min: low, max: high });
  });
  const nothing = state.data[0].length === 0;
  state.box.classList.toggle("is-empty", nothing);
  state.empty.hidden = !nothing;
  setText(state.empty, state.meta.empty ?? "");
  if (state.box.ariaLabel !== state.meta.alt) state.box.ariaLabel = state.meta.alt ?? "";
  state.reset.hidden = !state.zoom;
  readOut(state);
}

function zoomToSelection(state, plot) {
  const { left, width } = plot.select;
  if (width < 4) return;
  const range = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  zoomTo(state, range);
}

function zoomTo(state, [low, high]) {
  if (!(high - low > 1e-6 * Math.max(1, Math.abs(high)))) return;
  state.zoom = [low, high];
  state.held = {};
  draw(state);
}

function showAll(state) {
  Object.assign(state, { zoom: null, held: {} });
  draw(state);
}

function onKey(state, event) {
  const { plot } = state;
  const [low, high] = [plot.scales.x.min, plot.scales.x.max];
  const moves = { ArrowLeft: -1, ArrowRight: 1 };
  const zooms = { "+": 0.5, "=": 0.5, "-": 2 };
  if (event.key in moves) stepCursor(state, moves[event.key] * (event.shiftKey ? 10 : 1));
  else if (event.key in zooms) zoomAround(state, low, high, zooms[event.key]);
  else if (event.key === "Escape" && state.zoom) showAll(state);
  else return;
  event.preventDefault();
}

/** Move the cursor about a hundredth of the width, at least to the next point. */
function stepCursor(state, steps) {
  const { plot, data } = state;
  const x = data[0];
  if (!x.length) return;
  const stride = Math.max(1, Math.round(x.length / 100));
  const from = plot.cursor.left >= 0 ? plot.cursor.idx ?? x.length - 1 : x.length - 1;
  const to = Math.min(x.length - 1, Math.max(0, from + steps * stride));
  plot.setCursor({ left: plot.valToPos(x[to], "x"), top: plot.over.clientHeight / 2 });
  const readings = state.values.map(({ label, place: { textContent } }) => `${label} ${textContent}`);
  setText(state.spoken, [state.axis.textContent, ...readings].join(", "));
}

function zoomAround(state, low, high, factor) {
  const { plot } = state;
  const center = plot.cursor.left >= 0 ? plot.posToVal(plot.cursor.left, "x") : (low + high) / 2;
  const all = wholeX(state);
  const range = [center - (center - low) * factor, center + (high - center) * factor];
  if (range[0] <= all[0] && range[1] >= all[1]) showAll(state);
  else zoomTo(state, [Math.max(range[0], all[0]), Math.min(range[1], all[1])]);
}

function buildLegend(state) {
  const { legend, meta } = state;
  legend.replaceChildren();
  state.axis = legend.appendChild(document.createElement("span"));
  state.axis.className = "axis";
  const groups = new Map(); // series of one group have one entry: a run's train and test loss, and its band
  meta.series.forEach(({ name, group }, i) => {
    const members = groups.get(group ?? name) ?? [];
    groups.set(group ?? name, [...members, i]);
  });
  state.values = [...groups.values()].map((members) => legendEntry(state, members));
}

function legendEntry(state, members) {
  const series = state.meta.series[members[0]];
  const button = state.legend.appendChild(document.createElement("button"));
  button.type = "button";
  button.title = `Show or hide ${series.label}`;
  button.setAttribute("aria-pressed", String(!state.hidden.has(series.name)));
  const dash = series.dash ? ' stroke-dasharray="5 3"' : "";
  const line = `<path d="M0 2H18" stroke-width="2.5"${dash}/>`;
  button.innerHTML = `<svg width="18" height="4" aria-hidden="true">${line}</svg>`;
  button.querySelector("path").setAttribute("stroke", colorOf(state.colors, series));
  const label = button.appendChild(document.createElement("span"));
  label.className = "label";
  label.textContent = series.label;
  const place = button.appendChild(document.createElement("span"));
  place.className = "value";
  button.onclick = () => {
    const shown = state.hidden.has(series.name);
    button.setAttribute("aria-pressed", String(shown));
    for (const i of members) {
      state.hidden[shown ? "delete" : "add"](state.meta.series[i].name);
      state.plot.setSeries(i + 1, { show: shown });
    }
  };
  return { place, label: series.label, members: members.filter((i) => !state.meta.series[i].quiet) };
}

/** The legend's values: under the cursor while there is one, else the latest. */
function readOut(state) {
  const { plot, data, meta, values, axis } = state;
  if (!plot || !axis) return;
  const hovering = plot.cursor.left >= 0 && plot.cursor.idx != null && data[0].length > 0;
  const at = hovering ? Math.min(plot.cursor.idx, data[0].length - 1) : data[0].length - 1;
  for (const { place, members } of values) {
    const texts = members.map((i) => {
      const value = hovering ? nearest(data[i + 1], at) : data[i + 1].findLast((entry) => entry != null);
      const percent = meta.series[i].scale === "percent";
      return percent && value != null ? `${(value * 100).toFixed(1)} %` : compactNumber(value);
    });
    setText(place, texts.join(" / "));
  }
  setText(axis, hovering ? `${meta.x_label} ${tickLabel(Number(data[0][at].toPrecision(4)))}` : meta.y_label ?? "");
}

/** The value at `at`, or the last one before it: a test loss is not measured at every point of the train loss. */
function nearest(values, at) {
  for (let i = at; i >= 0; i -= 1) if (values[i] != null) return values[i];
  return null;
}
