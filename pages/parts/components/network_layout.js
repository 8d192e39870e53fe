// Where everything in the network diagram goes: columns and nodes in CSS pixels. No DOM here.

const HEAD = 42; // above the nodes: what a column is, its − and +
const FOOT = 20; // below them: "+ 4,080 more"
const LEAST_PITCH = 47; // from column to column
const SCROLL_PITCH = 72; // where even that does not fit, the board scrolls and takes its ease
const MOST_PITCH = 230;
const LARGEST_NODE = 36;

/** Columns from left to right: the inputs, each hidden layer, the output. `layer` counts as the triggers do. */
function columnsOf({ inputs, layers, output }) {
  const labels = output.labels ?? [];
  const outputs = Math.min(output.size, Math.max(labels.length, 16));
  const several = output.size > 1;
  return [
    { kind: "input", layer: -1, size: inputs.length, shown: inputs.length, labels: inputs.map(({ label }) => label) },
    ...layers.map(({ size, shown }, layer) => ({ kind: "hidden", layer, size, shown, labels: [] })),
    {
      kind: "output", layer: layers.length, size: output.size, shown: outputs,
      labels: several ? Array.from({ length: outputs }, (_, i) => labels[i] ?? String(i)) : [],
    },
  ];
}

/**
 * Place the columns on a board of at least `width` × `height`.
 * Adds to each column x (its middle), side (of a node) and ys (middles); returns {columns, width, height, pitch}.
 */
function placeColumns(columns, width, height) {
  const left = labelRoom(columns[0].labels) + LARGEST_NODE / 2;
  const right = Math.max(labelRoom(columns.at(-1).labels), 14) + LARGEST_NODE / 2;
  const gaps = columns.length - 1;
  const fits = width >= left + right + gaps * LEAST_PITCH;
  const boardWidth = fits ? width : left + right + gaps * SCROLL_PITCH;
  const pitch = Math.min(MOST_PITCH, (boardWidth - left - right) / gaps);
  const start = left + (boardWidth - left - right - gaps * pitch) / 2;
  const room = height - HEAD - FOOT;
  const placed = columns.map((column, i) => {
    const rise = Math.min(column.kind === "input" ? 50 : 56, room / Math.max(1, column.shown));
    const side = Math.round(Math.max(8, Math.min(LARGEST_NODE, rise * 0.78, pitch * 0.5)));
    const first = HEAD + room / 2 - ((column.shown - 1) * rise) / 2;
    const ys = Array.from({ length: column.shown }, (_, place) => Math.round(first + place * rise));
    return { ...column, x: Math.round(start + i * pitch), side, ys };
  });
  return { columns: placed, width: boardWidth, height, pitch };
}

function labelRoom(labels) {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return longest ? Math.min(84, 12 + 6.6 * longest) : 8;
}

/** The places in the column before `layer` that feed it: all, or of the inputs those that are on. */
function sourcesOf(state, layer) {
  const { meta, columns } = state;
  if (layer > 0) return columns[layer].ys?.map((_, i) => i) ?? [];
  return meta.inputs.flatMap(({ on }, i) => (on ? [i] : []));
}

/** "x₁", "neuron 3", "output" or a class name. */
function nodeName({ kind, labels }, place) {
  if (kind === "output" && !labels.length) return "output";
  return labels[place] ?? `neuron ${place + 1}`;
}

/** "x₁ → neuron 3" for the weight of `layer` from its column `from` to its row `to`. */
function linkName(state, { layer, from, to }) {
  const [source, target] = [state.columns[layer], state.columns[layer + 1]];
  return `${nodeName(source, sourcesOf(state, layer)[from])} → ${nodeName(target, to)}`;
}

/** "hidden layer 2", "input", "output". */
function columnName({ kind, layer }) {
  return kind === "hidden" ? `hidden layer ${layer + 1}` : kind;
}
