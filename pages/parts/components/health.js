// Words on the network's health: one line at the foot of the page; a click opens what to try and shows the layer.

const MARKED_MS = 2600; // how long a layer that was asked for stays marked
const CLOSED = new Map(); // the kinds that were closed, by run

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const root = parentElement.querySelector(".health");
  tell(root, meta);
  root.onkeydown = ({ key }) => {
    if (key === "Escape" && !root.querySelector(".more").hidden) root.querySelector(".line").click();
  };
  announceFrame("health", meta.step);
}

function tell(root, meta) {
  const items = meta.items.filter(({ kind }) => !CLOSED.get(meta.run)?.has(kind));
  const [line, more, spoken] = ["line", "more", "spoken"].map((name) => root.querySelector(`.${name}`));
  root.hidden = !items.length;
  if (root.hidden) open(root, false);
  const summary = items.map(({ sees }) => sees).join("  ");
  setText(line, more.hidden ? summary : "Close");
  line.onclick = () => {
    open(root, more.hidden);
    setText(line, more.hidden ? summary : "Close");
    if (!more.hidden) items.filter(({ layer }) => layer !== null).slice(0, 1).forEach(mark);
  };
  const kinds = JSON.stringify(items.map(({ kind, layer, units, advice }) => [kind, layer, units, advice]));
  if (root.dataset.kinds === kinds) {
    items.forEach(({ sees }, i) => setText(more.children[i].querySelector("b"), sees));
    return;
  }
  const named = items.map(({ kind }) => kind).join();
  if (root.dataset.named !== named) setText(spoken, summary); // else figures alone are others: not said aloud again
  Object.assign(root.dataset, { kinds, named });
  more.replaceChildren(...items.map((item) => finding(root, meta, item)));
}

function open(root, wanted) {
  root.querySelector(".more").hidden = !wanted;
  root.querySelector(".line").setAttribute("aria-expanded", String(wanted));
}

/** What is seen of one fault and what to try, with the ways to its layer, to its concept, and out. */
function finding(root, meta, item) {
  const block = document.createElement("div");
  block.dataset.kind = item.kind;
  const add = (tag, text, more) => {
    block.append(Object.assign(document.createElement(tag), { textContent: text, ...more }), " ");
  };
  add("b", item.sees);
  add("span", item.advice);
  const button = (text, onclick) => add("button", text, { type: "button", onclick });
  if (item.layer !== null) button("Show the layer", () => mark(item));
  if (item.concept) {
    add("a", item.about, { href: `concepts?concept=${item.concept}`, target: "_blank", rel: "noopener" });
  }
  const close = () => {
    CLOSED.set(meta.run, new Set([...(CLOSED.get(meta.run) ?? []), item.kind]));
    tell(root, meta);
  };
  button("Don't say this again", close);
  return block;
}

/** Bring a layer of the network diagram into sight and mark its units for a moment. */
function mark({ layer, units }) {
  const board = findDiagram();
  if (!board) return;
  const faces = [...board.querySelectorAll(`.face[data-column="${layer + 1}"]`)];
  const named = faces.filter((face) => units.includes(Number(face.dataset.index)));
  const wanted = named.length ? named : faces;
  wanted[0]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const ring = (alpha) => ({ boxShadow: `0 0 0 4px rgba(213, 94, 0, ${alpha})` });
  for (const face of wanted) face.animate([ring(1), ring(1), ring(0)], MARKED_MS);
}

function findDiagram() {
  const hosts = [...document.querySelectorAll(".st-key-network, .st-key-network *")];
  return hosts.map((host) => (host.shadowRoot ?? host).querySelector(".board")).find(Boolean);
}
