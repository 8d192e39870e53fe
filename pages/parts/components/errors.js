// Reconstruction errors. The threshold is the visitor's: everything that depends on it is counted here.

const ERRORS = new WeakMap();
const USUAL_SHARE = 0.95; // of the ordinary pictures lie below the threshold, until somebody moves it
const STEPS = 1000; // of the slider

export default function ({ data, parentElement }) {
  const state = ERRORS.get(parentElement) ?? mount(parentElement);
  const { meta, arrays } = unpack(data);
  const there = Boolean(arrays.errors?.data.length);
  state.hint.hidden = there;
  state.whole.hidden = !there;
  setText(state.hint, there ? "" : meta.empty ?? "");
  if (there) {
    Object.assign(state, { meta, errors: arrays.errors.data, odd: arrays.odd?.data ?? null });
    show(state);
  }
  announceFrame("errors", meta.step);
  return whenGone(parentElement, () => {
    state.observer.disconnect();
    ERRORS.delete(parentElement);
  });
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    parentElement, share: USUAL_SHARE, hint: find(".hint"), whole: find(".whole"), roc: find(".roc"),
    bars: find(".bars canvas"), curve: find(".roc canvas"), slider: find("input"), output: find("output"),
    title: find(".bars h4"), verdict: find(".verdict"), area: find(".area"),
  };
  state.slider.oninput = () => moveTo(state, (Number(state.slider.value) / STEPS) * state.most);
  const drag = (event) => {
    const across = state.bars.clientWidth - PAD.left - PAD.right;
    moveTo(state, Math.max(0, ((event.offsetX - PAD.left) / across) * state.most));
  };
  state.bars.onpointerdown = (event) => { state.bars.setPointerCapture(event.pointerId); drag(event); };
  state.bars.onpointermove = (event) => { if (event.buttons) drag(event); };
  state.observer = new ResizeObserver(() => state.errors && draw(state));
  state.observer.observe(state.bars);
  ERRORS.set(parentElement, state);
  return state;
}

function show(state) {
  const { errors, odd, meta } = state;
  state.ordinary = errors.filter((_, i) => !odd?.[i]).sort();
  const all = Float32Array.from(errors).sort();
  state.most = roundUp(1.05 * all[Math.floor(0.995 * (all.length - 1))] || 1);
  state.roc.hidden = !odd;
  state.points = odd ? rocOf(errors, odd) : [];
  state.colors = chartColors(state.parentElement);
  state.inks = [CLASS_COLORS[1], CLASS_COLORS[0]];
  state.counts = binsOf(errors, odd, state.most);
  state.threshold = quantile(state.ordinary, state.share);
  setText(state.title, meta.title);
  if (state.bars.ariaLabel !== meta.alt) state.bars.ariaLabel = meta.alt;
  state.curve.ariaLabel = "ROC curve: hits over false alarms, for every threshold";
  setText(state.area, meta.auc == null ? "" : `Area under it (AUC): ${meta.auc.toFixed(3)}`);
  judge(state);
  draw(state);
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

/** The smallest of 1, 1.25, 1.6 … × 10^k that is at least `value`: the axis stands still while errors move a little. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10].find((factor) => factor * power >= value * (1 - 1e-6));
}

/** Put the threshold at an error; from then on it stays at that share of the ordinary ones. */
function moveTo(state, threshold) {
  state.threshold = Math.min(threshold, state.most);
  state.share = state.ordinary.filter((error) => error < threshold).length / Math.max(1, state.ordinary.length);
  judge(state);
  draw(state);
}

function judge(state) {
  const { errors, odd, threshold, meta, slider, most, output, verdict } = state;
  const above = (wanted) => errors.reduce((sum, error, i) => (
    sum + (error >= threshold && (odd?.[i] ?? 0) === wanted)), 0);
  const [alarms, hits] = [above(0), above(1)];
  const [ordinary, strange] = [state.ordinary.length, errors.length - state.ordinary.length];
  if (document.activeElement !== slider) slider.value = Math.round((threshold / most) * STEPS);
  setText(output, compactNumber(threshold));
  state.at = odd ? [alarms / ordinary, hits / strange] : [0, 0];
  const share = (count, of) => `${count.toLocaleString("en")} of ${of.toLocaleString("en")} (${Math.round((100 * count) / of)} %)`;
  const kinds = odd
    ? [[`${share(hits, strange)} ${meta.odd}`, "odd"], [`${share(alarms, ordinary)} ${meta.ordinary}`, "ordinary"]]
    : [[`${share(alarms, ordinary)} ${meta.ordinary}`, "ordinary"]];
  if (verdict.childElementCount !== kinds.length + 1) {
    verdict.innerHTML = `<span>Above it:</span>${kinds.map(([, kind]) => `<span><i class="${kind}"></i><b></b></span>`).join("")}`;
  }
  verdict.querySelectorAll("b").forEach((place, i) => setText(place, kinds[i][0]));
}

function draw(state) {
  for (const [canvas, paint] of [[state.bars, drawBars], [state.curve, drawRoc]]) {
    const size = [canvas.clientWidth, canvas.clientHeight];
    if (size[0]) paint(sharpContext(canvas, ...size), size, { ...state, roc: state.points });
  }
}
