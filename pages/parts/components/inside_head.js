// The picture that is looked at, what it is taken for, and which of its pixels speak for that.

function showHead(state, arrays) {
  const { meta, dark } = state;
  const { picture } = arrays;
  const changed = state.headLooks !== dark || !sameBytes(state.picture?.data, picture.data);
  Object.assign(state, { headLooks: dark, picture });
  if (changed) paintPicture(state);
  const truth = meta.actual === null ? "your picture" : `true ${meta.names[meta.actual]}`;
  setText(state.truth, truth);
  const said = `The picture, ${truth}`;
  if (state.canvas.ariaLabel !== said) state.canvas.ariaLabel = said;
  showTop(state);
  showHeats(state, arrays, changed);
}

const asBatch = ({ data, shape }) => ({ data, shape: [1, ...shape] });

function paintPicture({ canvas, picture, ink, head }) {
  const [rows, columns] = picture.shape;
  paintWords(canvas, wordsOf(asBatch(picture), 0, ink), columns);
  head.style.setProperty("--aspect", `${columns} / ${rows}`);
}

/** The likeliest classes: the true one is blue, any other orange. */
function showTop({ meta, top, topRows }) {
  while (topRows.length < meta.top.length) {
    const row = top.appendChild(document.createElement("li"));
    const [name, bar, share] = ["span", "i", "b"].map((tag) => row.appendChild(document.createElement(tag)));
    topRows.push({ row, name, bar, share });
  }
  const width = `${Math.min(13, Math.max(...meta.names.map(({ length }) => length)) + 1)}ch`;
  if (top.style.getPropertyValue("--name") !== width) top.style.setProperty("--name", width);
  topRows.forEach(({ row, name, bar, share }, i) => {
    const found = meta.top[i];
    row.hidden = !found;
    if (!found) return;
    const label = meta.names[found.class];
    setText(name, label);
    if (name.title !== label) name.title = label;
    setText(share, `${(100 * found.share).toFixed(1)} %`);
    bar.style.setProperty("--share", found.share.toFixed(4));
    row.className = meta.actual === null || meta.actual === found.class ? "right" : "wrong";
  });
}

const HEAT_TONES = {
  signed: { below: NEGATIVE, above: POSITIVE },
  strength: { above: [0, 158, 115] },
  for: { above: POSITIVE },
};

function showHeats(state, arrays, pictureChanged) {
  const { meta, heats, heatCells } = state;
  while (heatCells.length < meta.heats.length) heatCells.push(newHeat(heats));
  heatCells.forEach((cell, i) => {
    const heat = meta.heats[i];
    cell.figure.hidden = !heat;
    if (!heat) return;
    setText(cell.label, heat.label);
    const said = `${heat.label}: ${heat.why_not || heat.help}`;
    if (cell.figure.title !== said) {
      cell.figure.title = cell.canvas.ariaLabel = said;
      setText(cell.why, heat.why_not ? "not here" : "");
    }
    const map = arrays[`heat_${i}`];
    cell.canvas.classList.toggle("none", !map);
    if (!map || (!pictureChanged && sameBytes(cell.map?.data, map.data))) return;
    cell.map = map;
    paintHeat(state, cell.canvas, map, heat.tone);
  });
}

function newHeat(heats) {
  const figure = heats.appendChild(document.createElement("figure"));
  const box = figure.appendChild(document.createElement("div"));
  const canvas = box.appendChild(document.createElement("canvas"));
  canvas.setAttribute("role", "img");
  const why = box.appendChild(document.createElement("span"));
  const label = figure.appendChild(document.createElement("figcaption"));
  return { figure, canvas, why, label, map: null };
}

/** Heat over a pale picture: the stronger, the less of the picture. */
function paintHeat({ picture, dark }, canvas, { data, shape: [rows, columns] }, tone) {
  const { below, above } = HEAT_TONES[tone];
  const [paper, ink] = PAPER_INK[dark ? "dark" : "light"];
  const words = new Uint32Array(data.length);
  for (let i = 0; i < words.length; i += 1) {
    const grey = 0.5 * greyAt(picture, Math.floor(i / columns) / rows, (i % columns) / columns);
    const signed = below ? (data[i] - 127) / 127 : data[i] / 255;
    const heat = signed < 0 ? below : above;
    const strength = Math.min(1, Math.abs(signed)) ** 0.7;
    const channel = (c) => (paper[c] + (ink[c] - paper[c]) * grey) * (1 - strength) + heat[c] * strength;
    words[i] = ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
  }
  paintWords(canvas, words, columns);
}

/** How dark a picture is at a place, given in shares of its height and width. */
function greyAt({ data, shape: [rows, columns, channels = 1] }, y, x) {
  const place = (Math.floor(y * rows) * columns + Math.floor(x * columns)) * channels;
  if (channels === 1) return data[place] / 255;
  return 1 - (0.299 * data[place] + 0.587 * data[place + 1] + 0.114 * data[place + 2]) / 255;
}
