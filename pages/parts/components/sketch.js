// A still drawing. What is parsed as a document of its own runs no scripts when it is taken over.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".sketch");
  if (root.dataset.drawn === data) return;
  root.replaceChildren(document.importNode(new DOMParser().parseFromString(data, "image/svg+xml").documentElement, true));
  root.dataset.drawn = data;
}
