// The diagram's elements: a node with its map, label and bias dot, the − n + counters, and what lies around them.
// Elements are kept and reused as columns and nodes come and go, so that focus and hover outlive new data.

/** Make the board's elements match `state.board`. */
function arrange(state) {
  const { columns, width, pitch } = state.board;
  state.boardElement.style.width = `${width}px`;
  state.boardElement.dataset.heads = pitch >= 112 ? "wide" : pitch >= 70 ? "short" : "stacked";
  resizePool(state.groups, columns.length, () => newColumn(state));
  columns.forEach((column, place) => arrangeColumn(state, state.groups[place], column, place));
  setCounter(state.depth, {
    count: columns.length - 2, noun: "hidden layer", what: "hidden layer", most: state.meta.max_layers, least: 0,
    editable: state.meta.editable,
    change: (sign) => state.fire({ op: sign > 0 ? "add_layer" : "remove_layer" }),
  });
}

/** Grow or cut `pool` to `length` items {element}. */
function resizePool(pool, length, create) {
  while (pool.length > length) pool.pop().element.remove();
  while (pool.length < length) pool.push(create());
}

function newColumn(state) {
  const element = document.createElement("div");
  element.className = "column";
  element.setAttribute("role", "group");
  element.innerHTML = '<div class="head"></div><div class="nodes"></div><span class="more"></span>';
  const [head, nodes, more] = element.children;
  state.boardElement.append(element);
  return { element, head, nodes, more, cells: [], counter: null, title: null };
}

function arrangeColumn(state, group, column, place) {
  const { kind, shown, size, x, side } = column;
  group.element.dataset.kind = kind;
  group.element.style.setProperty("--x", `${x}px`);
  group.element.style.setProperty("--side", `${side}px`);
  group.element.setAttribute("aria-label", columnName(column));
  arrangeHead(state, group, column);
  const rest = size - shown;
  setText(group.more, rest > 0 ? `+ ${rest.toLocaleString("en")} more` : "");
  resizePool(group.cells, shown, () => newNode(state, group));
  group.cells.forEach((cell, index) => arrangeNode(state, cell, column, place, index));
}

function arrangeHead(state, group, column) {
  if (column.kind !== "hidden") {
    if (!group.title) {
      group.title = document.createElement("span");
      group.title.className = "title";
      group.head.replaceChildren(group.title);
      group.counter = null;
    }
    setText(group.title, column.kind === "input" ? "Inputs" : "Output");
    return;
  }
  if (!group.counter) {
    group.counter = document.createElement("div");
    group.counter.className = "count";
    group.head.replaceChildren(group.counter);
    group.title = null;
  }
  setCounter(group.counter, {
    count: column.size, noun: "neuron", what: `neuron in ${columnName(column)}`, least: 1,
    most: Math.max(state.meta.max_neurons, 1), editable: state.meta.editable,
    change: (sign) => state.fire({ op: sign > 0 ? "add_neuron" : "remove_neuron", layer: column.layer }),
  });
}

/** − 4 neurons +. A button at its end stays focusable (aria-disabled), so the keyboard does not lose its place. */
function setCounter(root, { count, noun, what, most, least, editable, change }) {
  if (!root.firstChild) {
    root.innerHTML = '<button type="button" data-sign="-1">−</button><span><b></b> <i></i></span>'
      + '<button type="button" data-sign="1">+</button>';
  }
  const [minus, label, plus] = root.children;
  setText(label.firstChild, count.toLocaleString("en"));
  setText(label.lastChild, `${noun}${count === 1 ? "" : "s"}`);
  for (const [button, allowed, verb] of [[minus, count > least, "Remove a"], [plus, count < most, "Add a"]]) {
    button.hidden = !editable;
    button.setAttribute("aria-disabled", String(!allowed));
    button.setAttribute("aria-label", `${verb} ${what}`);
    button.title = button.ariaLabel;
    button.onclick = () => { if (allowed) change(Number(button.dataset.sign)); };
  }
}

function newNode(state, group) {
  const element = document.createElement("div");
  element.className = "node";
  element.innerHTML = '<button type="button" class="face" tabindex="-1"><canvas></canvas></button>'
    + '<button type="button" class="bias" tabindex="-1" aria-hidden="true"></button><span class="label"></span>';
  const [face, bias, label] = element.children;
  group.nodes.append(element);
  return { element, face, bias, label, canvas: face.firstChild, map: null, name: "" };
}

function arrangeNode(state, cell, column, place, index) {
  const { kind, ys, labels } = column;
  const off = kind === "input" && !state.meta.inputs[index].on;
  cell.element.style.setProperty("--y", `${ys[index]}px`);
  cell.element.classList.toggle("off", off);
  setText(cell.label, labels[index] ?? "");
  cell.label.title = labels[index] ?? "";
  cell.bias.hidden = kind === "input";
  cell.name = kind === "hidden" ? `${nodeName(column, index)}, ${columnName(column)}` : nodeName(column, index);
  const isSwitch = kind === "input" && state.meta.editable;
  cell.face.setAttribute("aria-label", kind === "input" ? `input ${cell.name}` : cell.name);
  if (isSwitch) cell.face.setAttribute("aria-pressed", String(!off));
  else cell.face.removeAttribute("aria-pressed");
  Object.assign(cell.face.dataset, { column: place, index });
  Object.assign(cell.bias.dataset, { column: place, index });
}

/** Paint the maps that changed and colour the bias dots. */
function paintNodes(state) {
  const { arrays, ramp, groups, columns } = state;
  let number = 0;
  groups.forEach((group, place) => {
    const biases = state.biases[columns[place].layer];
    group.cells.forEach((cell, index) => {
      const map = mapAt(arrays, number + index);
      if (map || !state.last) paintCell(cell, map, arrays.maps?.shape, ramp); // else the last map stays for a moment
      if (!cell.bias.hidden) paintBias(cell.bias, biases?.data[index], state.colors);
    });
    number += group.cells.length;
  });
}

function paintCell(cell, map, shape, ramp) {
  cell.element.classList.toggle("blank", !map);
  if (!map) {
    cell.map = null;
    return;
  }
  if (cell.ramp === ramp && cell.map?.length === map.length && cell.map.every((value, i) => value === map[i])) return;
  Object.assign(cell, { map, ramp });
  paintMap(cell.canvas, map, shape, ramp);
}

function paintBias(dot, bias, colors) {
  const known = Number.isFinite(bias);
  const shade = known ? css(parseColor(bias < 0 ? colors.test : colors.train), 0.25 + 0.75 * strength(bias)) : "";
  if (dot.shade !== shade) dot.style.setProperty("--shade", (dot.shade = shade) || "transparent");
  dot.classList.toggle("unknown", !known);
}
