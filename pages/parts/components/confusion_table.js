// The table of classes beside the confusion matrix: precision, recall, F1 as thin bars with numbers.

const SCORES = [
  ["precision", "Of what is taken for this class, how much is of it"],
  ["recall", "Of what is of this class, how much is found"],
  ["F1", "Precision and recall in one number: their harmonic mean"],
];

function buildTable(state) {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  state.sorters = ["class", ...SCORES.map(([name]) => name), "support"].map((name, place) => {
    const cell = head.appendChild(document.createElement("th"));
    const button = cell.appendChild(document.createElement("button"));
    cell.scope = "col";
    button.type = "button";
    button.append(name);
    const meaning = SCORES[place - 1]?.[1] ?? (place ? `Test ${state.meta.things ?? "pictures"} of this class` : "In order of the classes");
    button.title = `${meaning}. Click to sort`;
    button.onclick = () => { state.sort = place; fillTable(state); };
    return cell;
  });
  const body = table.createTBody();
  state.rows = state.names.map((_, i) => {
    const row = newRow(body);
    row.row.onpointerenter = () => markRow(state, state.order[i]);
    row.row.onpointerleave = () => markRow(state, null);
    return row;
  });
  state.mean = newRow(table.createTFoot());
  state.scoresPlace.replaceChildren(table);
}

function newRow(part) {
  const row = part.insertRow();
  const name = row.appendChild(document.createElement("th"));
  name.scope = "row";
  const scores = SCORES.map(() => {
    const cell = row.insertCell();
    const text = cell.appendChild(document.createElement("b"));
    const bar = cell.appendChild(document.createElement("i"));
    return { text, bar, share: null };
  });
  return { row, name, scores, support: row.insertCell() };
}

/** The classes in the order chosen: worst first, where it is a score. */
function orderOf({ sort, names, scores, totals }) {
  const order = names.map((_, i) => i);
  if (sort === 4) return order.sort((a, b) => totals[a] - totals[b] || a - b);
  return sort ? order.sort((a, b) => scores[3 * a + sort - 1] - scores[3 * b + sort - 1] || a - b) : order;
}

function fillTable(state) {
  const { rows, names, scores, totals, meta } = state;
  state.order = orderOf(state);
  state.order.forEach((place, i) => {
    fillRow(rows[i], names[place], scores.subarray(3 * place, 3 * place + 3), totals[place]);
    rows[i].row.classList.toggle("worst", place === meta.worst);
    const title = place === meta.worst ? `${names[place]}: known least of all` : names[place];
    if (rows[i].name.title !== title) rows[i].name.title = title;
  });
  fillRow(state.mean, "mean", meta.mean, meta.looked_at);
  state.mean.name.title = "Macro average: every class counts the same";
  state.sorters.forEach((cell, place) => {
    const sorted = place === state.sort ? "ascending" : "none";
    if (cell.ariaSort !== sorted) cell.ariaSort = sorted;
  });
}

function fillRow(row, name, scores, support) {
  setText(row.name, name);
  setText(row.support, support.toLocaleString("en"));
  row.scores.forEach((cell, i) => {
    const share = Math.round(scores[i] * 1000) / 1000;
    if (cell.share === share) return;
    cell.share = share;
    setText(cell.text, `${(share * 100).toFixed(share === 1 ? 0 : 1)}`);
    cell.bar.style.setProperty("--share", share);
  });
}
