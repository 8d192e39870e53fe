// Warnings: rewritten only when they are others, so that nobody hears the same twice.

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const root = parentElement.querySelector(".advice");
  const said = JSON.stringify(meta.items);
  if (root.dataset.said !== said) {
    root.dataset.said = said;
    root.replaceChildren(...meta.items.map(({ sees, advice }) => {
      const line = document.createElement("p");
      const seen = line.appendChild(document.createElement("b"));
      seen.textContent = sees;
      line.append(` ${advice}`);
      return line;
    }));
  }
  announceFrame("advice", meta.step);
}
