// The most unusual rows: rewritten when they are others, shaded by how much each cell adds to its row's error.

export default function ({ data, parentElement }) {
  const { meta, arrays } = unpack(data);
  const [hint, scroll, table] = [".hint", ".scroll", "table"].map((selector) => parentElement.querySelector(selector));
  const rows = meta.rows ?? [];
  setText(hint, rows.length ? "" : meta.empty ?? "");
  hint.hidden = rows.length > 0;
  scroll.hidden = !rows.length;
  if (rows.length) fill(table, meta, arrays.blame.data);
  announceFrame("strange_rows", meta.step);
}

function fill(table, { columns, rows, first }, blame) {
  const size = `${rows.length}×${columns.join("\t")}`;
  if (table.dataset.size !== size) {
    table.dataset.size = size;
    const row = (kind, count) => `<tr>${`<${kind}></${kind}>`.repeat(count)}</tr>`;
    table.innerHTML = `<thead>${row("th", columns.length + 1)}</thead><tbody>${row("td", columns.length + 1).repeat(rows.length)}</tbody>`;
    table.querySelectorAll("th").forEach((cell, i) => setText(cell, i ? columns[i - 1] : first ?? "error"));
  }
  table.querySelectorAll("tbody tr").forEach((line, r) => {
    const { error, mark, cells } = rows[r];
    setText(line.cells[0], `${error}${mark ? ` · ${mark}` : ""}`);
    cells.forEach((text, c) => {
      const share = blame[r * columns.length + c];
      setText(line.cells[c + 1], text);
      line.cells[c + 1].style.background = share > 0.02 ? css(NEGATIVE, Math.min(0.75, share * 1.2)) : "";
      line.cells[c + 1].title = first ? "" : `${(100 * share).toFixed(0)} % of the row's error`;
    });
  });
}
