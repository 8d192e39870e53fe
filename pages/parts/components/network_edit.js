// The small editor of one weight or bias: a number, a slider, Enter to apply and Escape to close.

const SLIDER_STEPS = 400;

/**
 * Fill `card` with an editor of `target`: {op, layer, to, from?}.
 * onApply(value) sets it; onClose() is called on Escape, on ✕ and after Enter.
 */
function openEditor(card, { title, place, value, onApply, onClose }) {
  const reach = Math.max(2, Math.ceil(Math.abs(value) * 1.5));
  card.innerHTML = `<form class="editor">
    <header><p><b></b><i></i></p><button type="button" class="close" aria-label="Close">✕</button></header>
    <div class="row"><input class="number" type="number" step="any" aria-label="Value" inputmode="decimal">
    <button type="submit" class="set">Set</button></div>
    <input class="slider" type="range" aria-label="Value" min="${-reach}" max="${reach}" step="${reach / SLIDER_STEPS}">
    <p class="range"><span>−${reach}</span><span class="now"></span><span>${reach}</span></p></form>`;
  const find = (selector) => card.querySelector(selector);
  const [form, number, slider] = [find("form"), find(".number"), find(".slider")];
  setText(find("b"), title);
  setText(find("header i"), place);
  number.value = Number(value.toFixed(4));
  slider.value = value;
  number.oninput = () => { if (number.value !== "") slider.value = number.value; };
  slider.oninput = () => { number.value = Number(Number(slider.value).toFixed(3)); };
  slider.onchange = () => onApply(Number(slider.value));
  find(".close").onclick = onClose;
  form.onsubmit = (event) => {
    event.preventDefault();
    if (Number.isFinite(number.valueAsNumber)) {
      onApply(number.valueAsNumber);
      onClose();
    } else number.focus();
  };
  form.onkeydown = (event) => {
    event.stopPropagation(); // the page has keys of its own
    if (event.key === "Escape") onClose();
    if (event.key === "Enter" && event.target === slider) form.requestSubmit();
  };
  number.focus({ preventScroll: true });
  number.select();
}

/** Say what the value is now, while training moves it. */
function showCurrent(card, value) {
  const now = card.querySelector(".now");
  if (now) setText(now, value === undefined ? "" : `now ${compactNumber(value)}`);
}
