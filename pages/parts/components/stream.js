// Brings frames to the panels that are on the page. The next frame is asked for when the last one has been drawn:
// a slow page gets fewer, and a hidden one, which draws nothing, gets none.

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;
// The server forgets a click, or a way back, when another order comes before it has begun to carry it out. So the page
// asks to be drawn anew only when nobody has touched it for a moment and nothing is being carried out.
const TOUCHES = ["pointerdown", "pointerup", "click", "keydown", "input", "change", "popstate"];
const UNTOUCHED_MS = 400;
const LOOK_AGAIN_MS = 50;

export default function ({ data, parentElement, setTriggerValue }) {
  const stream = (globalThis.playgroundStream ??= begin());
  Object.assign(stream, { drawn: data.drawn, redraw: () => setTriggerValue("redraw", data.drawn), element: parentElement });
  if (stream.path !== data.path) {
    stream.path = data.path;
    stream.socket?.close();
    connect(stream);
  } else if (!stream.socket) connect(stream);
  return whenGone(parentElement, () => leave(stream, parentElement));
}

function begin() {
  const stream = { socket: null, path: null, wait: FIRST_WAIT_MS, touched: -Infinity };
  const touch = () => (stream.touched = performance.now());
  for (const name of TOUCHES) window.addEventListener(name, touch, { capture: true, passive: true });
  return stream;
}

function connect(stream) {
  clearTimeout(stream.timer);
  const address = new URL(stream.path, window.location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  stream.socket = socket;
  socket.binaryType = "arraybuffer";
  socket.onopen = () => ask(stream, socket);
  socket.onmessage = ({ data }) => {
    stream.wait = FIRST_WAIT_MS;
    show(stream, unpack(data));
    requestAnimationFrame(() => ask(stream, socket));
  };
  socket.onclose = () => stream.socket === socket && tryAgain(stream);
}

function ask(stream, socket) {
  if (stream.socket === socket && socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(1));
}

/** Pass a panel's bytes to the server, past the page; two bytes at least, for one asks for a frame. */
globalThis.playgroundSay = (bytes) => {
  const socket = globalThis.playgroundStream?.socket;
  if (socket?.readyState === WebSocket.OPEN) socket.send(bytes);
};

function show(stream, { meta, arrays }) {
  if (meta.drawn && meta.drawn < stream.drawn) return; // of what the page showed before
  for (const [name, { data: payload }] of Object.entries(arrays)) {
    (globalThis.playgroundFrames ??= new Map()).set(name, payload); // its panel may not have been drawn yet
    globalThis.playgroundPanels?.get(name)?.show(payload);
  }
  if (meta.redraw) redrawWhenQuiet(stream, stream.drawn);
}

/** Ask for the page to be drawn anew, unless that has come about meanwhile. */
function redrawWhenQuiet(stream, drawn) {
  clearTimeout(stream.redrawing);
  if (stream.drawn !== drawn || !stream.path) return;
  const wait = stream.touched + UNTOUCHED_MS - performance.now();
  if (wait <= 0 && !isRunning()) stream.redraw();
  else stream.redrawing = setTimeout(() => redrawWhenQuiet(stream, drawn), Math.max(wait, LOOK_AGAIN_MS));
}

/** Is the server drawing this page now? Streamlit says so for its own tests. */
function isRunning() {
  return document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "running";
}

function tryAgain(stream) {
  stream.socket = null;
  stream.timer = setTimeout(() => connect(stream), stream.wait);
  stream.wait = Math.min(2 * stream.wait, LONGEST_WAIT_MS);
}

/** The page is gone; another screen may have taken the stream over. */
function leave(stream, element) {
  if (stream.element !== element) return;
  clearTimeout(stream.timer);
  stream.socket?.close();
  Object.assign(stream, { socket: null, path: null });
}
