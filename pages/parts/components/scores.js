// Scores of one class. The threshold is the visitor's: everything that depends on it is counted here.

const SCORES = new WeakMap();
const TENTHS = 10; // of calibration
const BINS = 40;

export default function ({ data, parentElement, setTriggerValue }) {
  const state = SCORES.get(parentElement) ?? mount(parentElement);
  state.settle = (name, threshold) => setTriggerValue("settled", { name, threshold });
  const { meta, arrays } = unpack(data);
  const there = Boolean(arrays.scores?.data.length);
  state.hint.hidden = there;
  state.whole.hidden = !there;
  setText(state.hint, there ? "" : meta.empty ?? "");
  if (there) {
    Object.assign(state, { meta, scores: arrays.scores.data, actual: arrays.actual.data });
    show(state);
  }
  announceFrame("scores", meta.step);
  return whenGone(parentElement, () => { state.observer.disconnect(); SCORES.delete(parentElement); });
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    parentElement, thresholds: {}, hint: find(".hint"), whole: find(".whole"), slider: find("input"),
    output: find("output"), verdict: find(".verdict"),
  };
  for (const name of ["bars", "roc", "pr", "calibration"]) {
    state[name] = { canvas: find(`.${name} canvas`), title: find(`.${name} h4`), note: find(`.${name} p`) };
  }
  state.slider.oninput = () => {
    state.thresholds[state.meta.name] = Number(state.slider.value) / 1000;
    judge(state);
    draw(state);
  };
  state.slider.onchange = () => state.settle(state.meta.name, state.threshold);
  state.observer = new ResizeObserver(() => state.scores && draw(state));
  state.observer.observe(state.whole);
  SCORES.set(parentElement, state);
  return state;
}

function show(state) {
  const { meta, scores, actual } = state;
  state.colors = chartColors(state.parentElement);
  state.positives = actual.reduce((sum, value) => sum + value, 0);
  state.curve = curveOf(scores, actual, state.positives);
  state.tenths = calibrationOf(scores, actual);
  setText(state.bars.title, `How sure it is of “${meta.name}”: rows that are (blue) and rows that are not (orange)`);
  const area = (value) => (value == null ? "–" : value.toFixed(3));
  setText(state.roc.note, `Area under it (AUC): ${area(meta.auc)}`);
  setText(state.pr.note, `Average precision: ${area(meta.precision)}`);
  setText(state.calibration.note, "On the line, 70 % sure is right in 7 of 10");
  state.bars.canvas.ariaLabel = state.bars.title.textContent;
  state.roc.canvas.ariaLabel = "ROC curve: hits over false alarms, for every threshold";
  state.pr.canvas.ariaLabel = "Precision over recall, for every threshold";
  state.calibration.canvas.ariaLabel = "How often it is so, over how sure the network is";
  judge(state);
  draw(state);
}

/** Hits, false alarms and precision at every threshold, from the highest down. */
function curveOf(scores, actual, positives) {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const found = { alarms: [0], hits: [0], precision: [1] };
  let [hits, alarms] = [0, 0];
  order.forEach((place, i) => {
    if (actual[place]) hits += 1;
    else alarms += 1;
    if (i + 1 < order.length && scores[order[i + 1]] === scores[place]) return;
    found.alarms.push(alarms / Math.max(1, actual.length - positives));
    found.hits.push(hits / Math.max(1, positives));
    found.precision.push(hits / (hits + alarms));
  });
  return found;
}

function calibrationOf(scores, actual) {
  const sums = Array.from({ length: TENTHS }, () => [0, 0, 0]);
  scores.forEach((score, i) => {
    const sum = sums[Math.min(TENTHS - 1, Math.floor(score * TENTHS))];
    [sum[0], sum[1], sum[2]] = [sum[0] + score, sum[1] + actual[i], sum[2] + 1];
  });
  const filled = sums.filter(([, , count]) => count);
  return { sure: filled.map(([sure, , count]) => sure / count), so: filled.map(([, so, count]) => so / count) };
}

function judge(state) {
  const { scores, actual, positives, slider, output, verdict, meta } = state;
  const threshold = state.thresholds[meta.name] ?? meta.threshold;
  let [hits, alarms] = [0, 0];
  scores.forEach((score, i) => {
    if (score < threshold) return;
    if (actual[i]) hits += 1;
    else alarms += 1;
  });
  const negatives = actual.length - positives;
  const [precision, recall] = [hits / (hits + alarms), hits / positives];
  const f1 = (2 * hits) / (2 * hits + alarms + positives - hits);
  const accuracy = (hits + negatives - alarms) / actual.length;
  Object.assign(state, { threshold, at: { alarms: alarms / negatives, hits: recall, precision } });
  if (document.activeElement !== slider) slider.value = Math.round(threshold * 1000);
  setText(output, threshold.toFixed(2));
  const percent = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "–");
  const facts = [
    ["found", `${hits} of ${positives}`], ["false alarms", `${alarms} of ${negatives}`], ["precision", percent(precision)],
    ["recall", percent(recall)], ["F1", percent(f1)], ["accuracy", percent(accuracy)],
  ];
  if (verdict.childElementCount !== facts.length) {
    verdict.innerHTML = facts.map(([name]) => `<span>${name} <b></b></span>`).join("");
  }
  verdict.querySelectorAll("b").forEach((place, i) => setText(place, facts[i][1]));
}

function draw(state) {
  const { scores, actual, curve, tenths, threshold, at } = state;
  const counts = [new Float32Array(BINS), new Float32Array(BINS)];
  scores.forEach((score, i) => { counts[actual[i]][Math.min(BINS - 1, Math.floor(score * BINS))] += 1; });
  const most = Math.max(1, ...counts[0], ...counts[1]);
  const middle = counts[0].map((_, i) => (i + 0.5) / BINS);
  const unit = [-0.02, 1.02];
  const lines = (x, y, mark) => [
    { kind: "line", color: "train", x, y }, ...(mark ? [{ kind: "points", color: "test", x: [mark[0]], y: [mark[1]] }] : []),
  ];
  const plots = {
    bars: { x_range: [0, 1], y_range: [0, most * 1.06], series: [
      { kind: "bars", color: 0, x: middle, y: counts[0] }, { kind: "bars", color: 1, x: middle, y: counts[1], faint: false },
      { kind: "line", color: "text", x: [threshold, threshold], y: [0, most * 1.06] },
    ] },
    roc: { x_range: unit, y_range: unit, diagonal: true, x_label: "false alarms", y_label: "hits",
      series: lines(curve.alarms, curve.hits, [at.alarms, at.hits]) },
    pr: { x_range: unit, y_range: unit, x_label: "recall", y_label: "precision",
      series: lines(curve.hits, curve.precision, [at.hits, at.precision]) },
    calibration: { x_range: unit, y_range: unit, diagonal: true, x_label: "how sure", y_label: "how often so",
      series: [...lines(tenths.sure, tenths.so), { kind: "points", color: "train", x: tenths.sure, y: tenths.so }] },
  };
  for (const [name, plot] of Object.entries(plots)) {
    const { canvas } = state[name];
    const size = [canvas.clientWidth, canvas.clientHeight];
    if (size[0]) drawPlot(sharpContext(canvas, ...size), size, plot, (values) => values ?? [], state.colors);
  }
}
