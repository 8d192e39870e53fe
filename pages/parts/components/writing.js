// Samples of a language model: the prompt, what it goes on with, and the likeliest next tokens.

export default function ({ data, parentElement }) {
  const { meta } = unpack(data);
  const find = (part) => parentElement.querySelector(part);
  const [hint, next, pieces] = [".hint", ".next", ".pieces"].map(find);
  const there = meta.pieces.length > 0;
  hint.hidden = there;
  setText(hint, there ? "" : meta.empty);
  next.hidden = !there;
  setText(find(".next p"), meta.note ?? "");
  showNext(find("ol"), meta.next ?? []);
  if (pieces.childElementCount !== meta.pieces.length) {
    pieces.replaceChildren(...meta.pieces.map(() => {
      const piece = document.createElement("pre");
      piece.append(document.createElement("b"), document.createElement("span"));
      return piece;
    }));
  }
  meta.pieces.forEach((text, i) => {
    setText(pieces.children[i].firstChild, meta.prompt);
    setText(pieces.children[i].lastChild, text);
  });
  announceFrame("writing", meta.step);
}

function showNext(list, tokens) {
  if (list.childElementCount !== tokens.length) {
    list.replaceChildren(...tokens.map(() => {
      const item = document.createElement("li");
      item.append(document.createElement("code"), document.createElement("i"), document.createElement("span"));
      return item;
    }));
  }
  tokens.forEach(({ token, share }, i) => {
    const [code, bar, number] = list.children[i].children;
    setText(code, { " ": "␣", "\n": "⏎" }[token] ?? token);
    bar.style.setProperty("--share", `${100 * share}%`);
    setText(number, `${Math.round(100 * share)} %`);
  });
}
