// Pointing at the map: the point under the pointer or the cursor, its picture and what it is taken for.

const REACH = 16; // pixels
const PICTURE = 72;

function listen(state) {
  const { plot } = state;
  plot.onpointermove = (event) => pointAt(state, nearest(state, ...placeOf(state, event)));
  plot.onpointerleave = plot.onblur = () => pointAt(state, null);
  plot.onclick = (event) => pick(state, nearest(state, ...placeOf(state, event)));
  plot.onkeydown = (event) => onKey(state, event);
}

function placeOf({ plot }, event) {
  const box = plot.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** The point nearest to (x, y) within reach, or null. */
function nearest({ places }, x, y) {
  let [best, least] = [null, REACH ** 2];
  for (let i = 0; i < (places?.length ?? 0); i += 2) {
    const away = (places[i] - x) ** 2 + (places[i + 1] - y) ** 2;
    if (away < least) [least, best] = [away, i / 2];
  }
  return best;
}

function pick(state, place) {
  if (place === null) return;
  state.chosenPlace = place;
  draw(state);
  state.send({ index: state.indices[place] });
}

function pointAt(state, place) {
  if (place === state.at) return;
  state.at = place;
  draw(state);
  showTip(state);
}

/** What a point is, in words. */
function sentence({ names, labels, predicted, indices }, place) {
  const [actual, found] = [names[labels[place]], names[predicted[place]]];
  const verdict = labels[place] === predicted[place] ? `${actual}, right` : `true ${actual}, taken for ${found}`;
  return `${verdict}\npicture ${indices[place] + 1}`;
}

function showTip(state) {
  const { at, tip, tipText } = state;
  tip.hidden = at === null || at >= state.labels.length;
  if (tip.hidden) return;
  setText(tipText, sentence(state, at));
  drawPicture(state, at);
  placeTip(state);
}

function placeTip({ at, tip, places, size: [width, height] }) {
  if (tip.hidden) return;
  const [x, y] = [places[2 * at], places[2 * at + 1]];
  const left = x + 16 + tip.offsetWidth > width ? x - 16 - tip.offsetWidth : x + 16;
  const top = Math.max(0, Math.min(height - tip.offsetHeight, y - tip.offsetHeight / 2));
  tip.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(top)}px)`;
}

/** The small picture of a point, from the sheet. */
function drawPicture({ sheet, tipPicture, indices, ink }, place) {
  const index = indices[place];
  tipPicture.hidden = !sheet?.pixels || index >= sheet.count;
  if (tipPicture.hidden) return;
  const { pixels, width, height, columns, is_grey: isGrey } = sheet;
  const [left, top] = [(index % columns) * width, Math.floor(index / columns) * height];
  const words = new Uint32Array(width * height);
  for (let i = 0; i < words.length; i += 1) {
    const from = 4 * ((top + Math.floor(i / width)) * pixels.width + left + (i % width));
    words[i] = isGrey ? ink[pixels.data[from]] : word(pixels.data.subarray(from, from + 3));
  }
  paintWords(tipPicture, words, width);
  const zoom = PICTURE / Math.max(width, height);
  Object.assign(tipPicture.style, { width: `${width * zoom}px`, height: `${height * zoom}px` });
}

/** Unpack the sheet of pictures; it comes once for a run. */
async function keepSheet(state, { data }, { columns, width, height, is_grey }, run) {
  if (state.sheet?.run === run && sameBytes(state.sheet.data, data)) return;
  const sheet = { run, data, columns, width, height, is_grey, pixels: null, count: 0 };
  state.sheet = sheet;
  const bitmap = await createImageBitmap(new Blob([data], { type: "image/webp" }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  sheet.pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
  sheet.count = columns * Math.floor(bitmap.height / height);
}

const HEADINGS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(state, event) {
  const heading = HEADINGS[event.key];
  const at = state.at ?? (state.chosenPlace >= 0 ? state.chosenPlace : null);
  if (event.key === "Enter" || event.key === " ") pick(state, at);
  else if (event.key === "Escape") pointAt(state, null);
  else if (heading) pointAt(state, at === null ? 0 : nextTowards(state, at, heading));
  else return;
  event.preventDefault();
  if (heading) setText(state.spoken, sentence(state, state.at).replace("\n", ", "));
}

/** The nearest point on that side; one that lies straight ahead before one aside. */
function nextTowards({ places }, at, [across, down]) {
  let [best, least] = [at, Infinity];
  for (let i = 0; i < places.length / 2; i += 1) {
    const [x, y] = [places[2 * i] - places[2 * at], places[2 * i + 1] - places[2 * at + 1]];
    const ahead = x * across + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * across);
    if (ahead > 0.5 && aside <= ahead && ahead + 2 * aside < least) [least, best] = [ahead + 2 * aside, i];
  }
  return best;
}
