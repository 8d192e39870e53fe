// Texts with coloured tokens: rows stay where they are, and only what has changed is written anew.

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta, arrays } = unpack(data);
  const find = (part) => parentElement.querySelector(`.${part}`);
  const [root, hint, scale, rows] = ["texts", "hint", "scale", "rows"].map(find);
  const there = meta.items.length > 0;
  root.classList.toggle("dark", isDark(parentElement));
  hint.hidden = there;
  setText(hint, there ? "" : meta.empty);
  scale.hidden = !there;
  setText(find("less"), meta.less ?? "");
  setText(find("more"), meta.more ?? "");
  while (rows.childElementCount > meta.items.length) rows.lastElementChild.remove();
  while (rows.childElementCount < meta.items.length) rows.append(newRow());
  const width = there ? arrays.values.shape[1] : 0;
  meta.items.forEach((item, i) => {
    const row = rows.children[i];
    const values = arrays.values.data.subarray(i * width, (i + 1) * width);
    fill(row, item, values, meta.spaced);
    dress(row, item, meta.pickable ? () => setTriggerValue("pick", { index: item.index }) : null);
  });
  announceFrame("texts", meta.step);
}

function newRow() {
  const row = document.createElement("div");
  row.setAttribute("role", "listitem");
  const verdict = '<p class="verdict"><b></b><span></span><em></em></p>';
  row.innerHTML = `${verdict}<div class="bars" hidden></div><p class="text"></p>`;
  return row;
}

/** Tokens and their colours; the verdict and the bars of the shares. */
function fill(row, item, values, spaced) {
  const text = row.querySelector(".text");
  const said = JSON.stringify([item.tokens, item.known, spaced]);
  if (row.dataset.said !== said) {
    row.dataset.said = said;
    const parts = item.tokens.flatMap((token, i) => {
      const part = document.createElement("span");
      part.textContent = token === " " ? "\u00a0" : token;
      part.classList.toggle("unknown", !item.known[i]);
      return spaced && i ? [" ", part] : [part];
    });
    text.replaceChildren(...parts);
  }
  text.classList.toggle("letters", !spaced);
  [...text.children].forEach((part, i) => {
    const value = values[i] ?? 0;
    part.style.backgroundColor = css(value < 0 ? NEGATIVE : POSITIVE, Math.min(1, Math.abs(value)) * 0.62);
    const words = item.known[i] ? "" : ", which the network does not know";
    part.title = `${item.tokens[i]}${words}: ${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
  });
  const [label, confidence, truth] = row.querySelector(".verdict").children;
  setText(label, item.said);
  setText(confidence, item.confidence === null ? "" : `${Math.round(100 * item.confidence)} %`);
  setText(truth, item.truth);
  bars(row.querySelector(".bars"), item.bars ?? []);
}

function dress(row, item, pick) {
  row.className = item.tone;
  row.classList.toggle("pickable", Boolean(pick));
  row.tabIndex = pick ? 0 : -1;
  row.onclick = pick;
  row.onkeydown = pick && ((event) => { if (event.key === "Enter") pick(); });
}

function bars(root, shares) {
  root.hidden = !shares.length;
  if (root.childElementCount !== shares.length) {
    root.replaceChildren(...shares.map(() => {
      const line = document.createElement("div");
      line.innerHTML = "<span></span><i><u></u></i><b></b>";
      return line;
    }));
  }
  shares.forEach(({ name, share }, i) => {
    const [label, track, number] = root.children[i].children;
    setText(label, name);
    track.firstChild.style.width = `${100 * share}%`;
    setText(number, `${(100 * share).toFixed(1)} %`);
  });
}
