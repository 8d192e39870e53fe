// What is typed is said with the next frame; a payload never overwrites what somebody is typing.

const BOXES = new WeakMap();
const SAY_AGAIN_MS = 1000;

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const state = BOXES.get(parentElement) ?? mount(parentElement);
  setText(state.label, meta.label);
  state.box.placeholder = meta.placeholder;
  state.box.rows = meta.rows;
  state.box.maxLength = meta.most;
  if (state.of !== meta.of) {
    state.of = meta.of;
    state.box.value = meta.text;
  }
  const isBehind = meta.answered !== null && meta.answered !== state.box.value;
  if (!isBehind) stopWaiting(state);
  else state.again ??= setTimeout(() => sayAgain(state), SAY_AGAIN_MS); // said while nobody listened
  announceFrame("typing", meta.step);
  return whenGone(parentElement, () => {
    stopWaiting(state);
    BOXES.delete(parentElement);
  });
}

function mount(parentElement) {
  const box = parentElement.querySelector("textarea");
  const state = { box, label: parentElement.querySelector("label span"), of: null, waiting: false, again: null };
  box.oninput = () => {
    if (state.waiting) return;
    state.waiting = true;
    requestAnimationFrame(() => {
      state.waiting = false;
      say(state);
    });
  };
  box.onkeydown = (event) => event.stopPropagation(); // a T typed here trains nothing
  BOXES.set(parentElement, state);
  return state;
}

function sayAgain(state) {
  state.again = null;
  say(state);
}

function stopWaiting(state) {
  clearTimeout(state.again);
  state.again = null;
}

function say({ box }) {
  globalThis.playgroundSay?.(new TextEncoder().encode(JSON.stringify({ say: "text", text: box.value })));
}
