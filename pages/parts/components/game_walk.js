// Slow motion: one update of the two networks, stage by stage, each with its name, a sentence, numbers and a drawing.

const STAGE_MS = 2600;

function listenToWalk(state) {
  const { back, go, on } = state;
  back.onclick = () => { stop(state); step(state, -1); };
  on.onclick = () => { stop(state); step(state, 1); };
  go.onclick = () => (state.timer ? stop(state) : play(state));
}

/** Take a walk up: another number begins it anew, and goes on playing if the last one was played to its end. */
function takeWalk(state) {
  const { meta, walk } = state;
  walk.hidden = !meta.walk;
  if (!meta.walk) { stop(state); state.walking = null; return; }
  if (state.walking?.number !== meta.walk.number) {
    state.walking = { number: meta.walk.number, at: 0 };
    state.waiting = false;
    if (state.timer) play(state);
  }
  const { stages } = meta.walk;
  state.walking.at = Math.min(state.walking.at, stages.length - 1);
  tellStage(state, stages[state.walking.at]);
}

function play(state) {
  stop(state);
  state.timer = setInterval(() => step(state, 1), STAGE_MS);
  setText(state.go, "Pause");
  state.go.ariaPressed = "true";
}

function stop(state) {
  clearInterval(state.timer);
  state.timer = null;
  setText(state.go, "Play");
  state.go.ariaPressed = "false";
}

/** To the next stage or the one before; behind the last the next update is asked for. */
function step(state, by) {
  const { walking, meta } = state;
  if (!walking || state.waiting) return;
  const next = walking.at + by;
  if (next >= meta.walk.stages.length) {
    state.waiting = true;
    setTimeout(() => { state.waiting = false; }, STAGE_MS);
    globalThis.playgroundSay?.(new TextEncoder().encode(JSON.stringify({ say: "update" })));
    return;
  }
  walking.at = Math.max(0, next);
  tellStage(state, meta.walk.stages[walking.at]);
  draw(state);
}

function tellStage(state, stage) {
  const { walk, stages, walking, meta, on } = state;
  const names = meta.walk.stages.map(({ name }) => name);
  if (stages.childElementCount !== names.length) stages.replaceChildren(...names.map(() => document.createElement("li")));
  [...stages.children].forEach((item, i) => {
    setText(item, names[i]);
    item.onclick = () => { stop(state); step(state, i - walking.at); };
    if (i === walking.at) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  setText(walk.querySelector("h4"), stage.name);
  setText(walk.querySelector(".told p"), stage.text);
  const numbers = stage.numbers.map(([label, value]) => `${label}\n${value}`).join("\n\n");
  const list = walk.querySelector("dl");
  if (list.dataset.numbers !== numbers) {
    list.dataset.numbers = numbers;
    list.replaceChildren(...stage.numbers.flatMap(([label, value]) => [
      Object.assign(document.createElement("dt"), { textContent: label }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    ]));
  }
  on.ariaLabel = walking.at + 1 === names.length ? "Make this update and go to the next" : "Next stage";
}
