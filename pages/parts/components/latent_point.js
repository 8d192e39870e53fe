// The point that is dragged: by the pointer, by arrow keys, by sliders. Its code is said once a frame.

const MOST_SLIDERS = 12;

function listen(state) {
  const { over, chance, centre, chooser } = state;
  const at = ({ offsetX, offsetY }) => toPlace(state.side, state.meta.extent, [offsetX, offsetY]);
  over.onpointerdown = (event) => {
    if (event.button !== 0 || !state.side) return;
    over.setPointerCapture(event.pointerId);
    state.dragging = true;
    moveTo(state, at(event));
  };
  over.onpointermove = (event) => { if (state.dragging) moveTo(state, at(event)); };
  over.onpointerup = over.onpointercancel = () => { state.dragging = false; };
  over.onkeydown = (event) => onKey(state, event);
  centre.onclick = () => setCode(state, Float32Array.from(state.arrays.center.data));
  chance.onclick = () => setCode(state, Float32Array.from(state.arrays.center.data, (middle, i) => (
    middle + (state.meta.chance ?? 1) * (state.arrays.used?.data[i] || 1) * normal())));
  chooser.onchange = () => { state.label = Number(chooser.value); say(state); };
}

/** A number drawn from the normal distribution (Box and Muller 1958). */
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

/** The code of a place on the plane. */
function moveTo(state, place) {
  const { arrays: { center, basis }, meta: { extent } } = state;
  const [x, y] = place.map((value) => Math.max(-extent, Math.min(extent, value)));
  const size = center.data.length;
  setCode(state, Float32Array.from(center.data, (middle, i) => middle + x * basis.data[i] + y * basis.data[size + i]));
}

/** The place on the plane that is nearest to the code. */
function placeOf({ z, arrays: { center, basis } }) {
  const size = center.data.length;
  return [0, 1].map((row) => z.reduce((sum, value, i) => sum + (value - center.data[i]) * basis.data[row * size + i], 0));
}

function setCode(state, z) {
  state.z = z;
  followCode(state);
  drawTop(state);
  say(state);
}

function say(state) {
  if (state.waits) return;
  state.waits = true;
  requestAnimationFrame(() => {
    state.waits = false;
    const z = Array.from(state.z, (value) => Number(value.toPrecision(5)));
    globalThis.playgroundSay?.(new TextEncoder().encode(JSON.stringify({ say: "code", z, label: state.label })));
  });
}

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function onKey(state, event) {
  const move = MOVES[event.key];
  if (!move || !state.z) return;
  event.preventDefault();
  const stride = state.meta.extent / (event.shiftKey ? 6 : 30);
  const [x, y] = placeOf(state);
  moveTo(state, [x + move[0] * stride, y + move[1] * stride]);
  setText(state.spoken, state.code.textContent);
}

/** A slider for each number of the code; of many, for those that vary most. */
function fitSliders(state) {
  const { sliders, arrays, meta } = state;
  const size = arrays.center.data.length;
  const used = arrays.used?.data;
  const key = `${size} ${meta.run}`;
  if (state.slidersFor !== key) {
    state.slidersFor = key;
    const all = Array.from({ length: size }, (_, i) => i);
    if (used) all.sort((a, b) => used[b] - used[a]);
    state.shown = all.slice(0, MOST_SLIDERS).sort((a, b) => a - b);
    sliders.replaceChildren(...state.shown.map((i) => newSlider(state, i)));
    if (size > MOST_SLIDERS) {
      const more = sliders.appendChild(document.createElement("p"));
      more.textContent = used ? `The ${MOST_SLIDERS} of ${size} numbers that vary most` : `${MOST_SLIDERS} of ${size} numbers`;
    }
  }
  for (const input of sliders.querySelectorAll("input")) {
    Object.assign(input, { min: -meta.reach, max: meta.reach, step: meta.reach / 100 });
  }
}

function newSlider(state, i) {
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "range" });
  input.dataset.place = i;
  input.setAttribute("aria-label", `Number ${i + 1} of the code`);
  const value = document.createElement("output");
  label.append(`z${i + 1}`, input, value);
  input.oninput = () => {
    const z = Float32Array.from(state.z);
    z[i] = Number(input.value);
    setCode(state, z);
  };
  return label;
}

/** Sliders and words follow the code. */
function followCode(state) {
  const { z, sliders, code } = state;
  const fixed = (value) => value.toFixed(2).replace("-", "−");
  for (const label of sliders.querySelectorAll("label")) {
    const [input, output] = [label.querySelector("input"), label.querySelector("output")];
    const value = z[Number(input.dataset.place)];
    if (document.activeElement !== input || Number(input.value) !== value) input.value = value;
    setText(output, fixed(value));
  }
  setText(code, z.length <= 3 ? `z = (${Array.from(z, fixed).join(", ")})` : `z: ${z.length} numbers`);
}
