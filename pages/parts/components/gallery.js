// Recipes as cards: the filters hide cards here, without asking the page.

const GALLERIES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const { meta } = unpack(data);
  const state = GALLERIES.get(parentElement) ?? mount(parentElement);
  state.open = (name, beside) => setTriggerValue("open", { name, beside });
  const print = JSON.stringify(meta);
  if (print !== state.print) Object.assign(state, { print, meta, cards: build(state, meta) });
  filter(state);
  announceFrame("gallery", 0);
}

function mount(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = { find, family: "", level: 0, words: "" };
  const search = find("input");
  search.oninput = () => set(state, { words: search.value.toLowerCase() });
  find(".none button").onclick = () => {
    search.value = "";
    set(state, { words: "", family: "", level: 0 });
    search.focus();
  };
  GALLERIES.set(parentElement, state);
  return state;
}

function set(state, changes) {
  Object.assign(state, changes);
  filter(state);
}

function build(state, meta) {
  const { find } = state;
  choices(find(".families"), ["", ...meta.families], (family) => family || "All", (family) => set(state, { family }));
  const levels = meta.levels.map((_, i) => i + 1);
  choices(find(".levels"), levels, (level) => meta.levels[level - 1], (level) => {
    set(state, { level: state.level === level ? 0 : level });
  });
  const cards = meta.items.map((item) => card(state, meta, item));
  find(".cards").replaceChildren(...cards.map(({ element }) => element));
  return cards;
}

function choices(place, values, words, pick) {
  place.replaceChildren(...values.map((value) => {
    const button = element("button", "", words(value));
    Object.assign(button, { type: "button", onclick: () => pick(value) });
    button.dataset.value = value;
    return button;
  }));
}

function card(state, { pictures, levels }, item) {
  const place = element("article", "card");
  const open = element("button", "open");
  Object.assign(open, { type: "button", onclick: () => go(state, open, item.name, "") });
  const picture = element("img");
  Object.assign(picture, { src: `${pictures}/${item.name}.svg`, alt: "", loading: "lazy", width: 192, height: 96 });
  open.append(picture, element("strong", "", item.name), element("span", "teaches", item.teaches));
  const facts = element("p", "facts");
  const dots = "●".repeat(item.level) + "○".repeat(levels.length - item.level);
  const level = element("span", "level", dots);
  Object.assign(level, { title: levels[item.level - 1], ariaLabel: levels[item.level - 1], role: "img" });
  facts.append(element("span", "family", item.family), level, element("span", "takes", item.takes));
  place.append(open, facts);
  for (const other of item.compare) {
    const button = element("button", "compare", `Compare with ${other.name}`);
    Object.assign(button, { type: "button", title: other.teaches, onclick: () => go(state, button, item.name, other.name) });
    place.append(button);
  }
  const words = [item.name, item.teaches, item.family, levels[item.level - 1], ...item.compare.map(({ name }) => name)];
  return { element: place, item, words: words.join(" ").toLowerCase() };
}

/** Say which recipe is wanted, and show that it has been heard. */
function go(state, button, name, beside) {
  button.closest(".card").classList.add("opening");
  state.open(name, beside);
}

function element(tag, name = "", text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

function filter(state) {
  const { find, meta, cards, family, level, words } = state;
  const wanted = words.split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { element: place, item, words: own } of cards) {
    const fits = (!family || item.family === family) && (!level || item.level === level);
    place.hidden = !fits || !wanted.every((word) => own.includes(word));
    count += !place.hidden;
  }
  for (const button of find(".families").children) button.ariaPressed = String(button.dataset.value === family);
  for (const button of find(".levels").children) button.ariaPressed = String(Number(button.dataset.value) === level);
  find(".none").hidden = count > 0;
  setText(find(".count"), count === meta.items.length ? `${count} recipes` : `${count} of ${meta.items.length}`);
}
