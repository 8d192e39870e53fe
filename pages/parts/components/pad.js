// The drawing pad. It says what is on it as it changes, at most once a frame; the panels beside it follow.

const PADS = new WeakMap();
const PEN = 17; // pixels of the canvas, which is 224 wide: strokes as thick as those of the training pictures
const INKS = ["#d55e00", "#e69f00", "#f0e442", "#009e73", "#56b4e9", "#0072b2", "#cc79a7", "#f5f5f5", "#141414"];
const GROUND = { grey: "#000000", colour: "#777777" };

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const state = PADS.get(parentElement) ?? mount(parentElement);
  if (state.hasColors !== meta.colors || state.sheet !== meta.sheet) {
    Object.assign(state, { hasColors: meta.colors, sheet: meta.sheet });
    offerInks(state);
    clear(state, { say: false });
  }
  announceFrame("pad", meta.step);
  return whenGone(parentElement, () => stopCamera(state));
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const canvas = find("canvas");
  const state = {
    canvas, context: canvas.getContext("2d"), hint: find(".hint"), problem: find(".problem"), video: find("video"),
    cameraButton: find(".camera"), inks: find(".colors"), ink: "#ffffff", at: null, isDown: false,
    cursor: { x: 112, y: 112 },
  };
  canvas.onpointerdown = (event) => { canvas.setPointerCapture(event.pointerId); begin(state, place(canvas, event)); };
  canvas.onpointermove = (event) => {
    for (const each of event.getCoalescedEvents?.() ?? [event]) if (state.at) stroke(state, place(canvas, each));
  };
  canvas.onpointerup = canvas.onpointercancel = () => { state.at = null; };
  canvas.onkeydown = (event) => onKey(state, event);
  find(".clear").onclick = () => clear(state, { say: true });
  find("input").onchange = ({ target }) => { takeFile(state, target.files[0]); target.value = ""; };
  state.cameraButton.onclick = () => toggleCamera(state);
  PADS.set(parentElement, state);
  return state;
}

function offerInks(state) {
  state.inks.hidden = !state.hasColors;
  state.ink = state.hasColors ? INKS[0] : "#ffffff";
  state.inks.replaceChildren(...(state.hasColors ? INKS : []).map((ink) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "ink" });
    button.style.background = ink;
    button.setAttribute("role", "radio");
    button.setAttribute("aria-label", ink);
    button.setAttribute("aria-checked", String(ink === state.ink));
    button.onclick = () => {
      state.ink = ink;
      for (const other of state.inks.children) other.setAttribute("aria-checked", String(other === button));
    };
    return button;
  }));
}

function place(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return { x: ((clientX - left) / width) * canvas.width, y: ((clientY - top) / height) * canvas.height };
}

function begin(state, at) {
  stopCamera(state);
  if (state.kind === "photo") clear(state, { say: false });
  complain(state, "");
  state.at = at;
  stroke(state, { x: at.x + 0.01, y: at.y });
}

function stroke(state, to) {
  const { context, at } = state;
  Object.assign(context, { lineWidth: PEN, lineCap: "round", lineJoin: "round", strokeStyle: state.ink });
  context.beginPath();
  context.moveTo(at.x, at.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  state.at = to;
  settle(state, state.hasColors ? "photo-drawn" : "ink");
}

function clear(state, { say }) {
  stopCamera(state);
  complain(state, "");
  state.context.fillStyle = state.hasColors ? GROUND.colour : GROUND.grey;
  state.context.fillRect(0, 0, state.canvas.width, state.canvas.height);
  state.hint.hidden = false;
  state.kind = null;
  if (say) globalThis.playgroundSay?.(new Uint8Array([0, 0]));
}

/** Something new is on the pad: say it with the next frame. */
function settle(state, kind) {
  state.kind = kind;
  state.hint.hidden = true;
  state.canvas.dataset.kind = kind;
  if (state.waits) return;
  state.waits = true;
  requestAnimationFrame(() => {
    state.waits = false;
    if (state.kind) globalThis.playgroundSay?.(bytesOf(state.canvas, state.kind !== "ink"));
  });
}

const MOVES = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] };

function onKey(state, event) {
  if (event.key === " ") {
    state.isDown = !state.isDown;
    if (state.isDown) begin(state, { ...state.cursor });
    else state.at = null;
  } else if (event.key === "Delete" || event.key === "Backspace") clear(state, { say: true });
  else if (MOVES[event.key]) {
    const [x, y] = MOVES[event.key];
    const limit = (value) => Math.min(Math.max(value, 0), state.canvas.width);
    state.cursor = { x: limit(state.cursor.x + x), y: limit(state.cursor.y + y) };
    if (state.isDown) stroke(state, { ...state.cursor });
  } else return;
  event.preventDefault();
}
