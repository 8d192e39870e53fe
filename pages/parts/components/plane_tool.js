// Drawing points by hand: a click or drag shows at once, and goes to the page one point at a time.

const STRIDE = 0.4; // units of the plane between two points of a drag
const ANSWER_MS = 1500; // send the next point even if the last changed nothing
const FORGET_MS = 4000; // a point that never came back was refused

const reach = (tool) => tool.radius ?? 0.6;

/** Show a point, or its erasure, at once and queue it for the page. */
function place(state, x1, x2) {
  const { tool } = state.meta;
  const round = (value) => Math.round(value * 100) / 100;
  const { action, label = 0 } = tool;
  const mark = { x1: round(x1), x2: round(x2), action, label, sent: 0, reach: reach(tool) };
  if (tool.action === "erase" && !touchesPoint(state, mark)) return false;
  state.marks.push(mark);
  state.lastPlaced = mark;
  sendNext(state);
  return true;
}

function touchesPoint(state, mark) {
  const near = (cloud) => {
    for (let i = 0; i < cloud.length; i += 3) {
      if (within(mark, cloud[i], cloud[i + 1]) && !erased(state, cloud[i], cloud[i + 1])) return true;
    }
    return false;
  };
  return near(state.train) || near(state.test);
}

const within = (mark, x1, x2) => Math.hypot(mark.x1 - x1, mark.x2 - x2) <= mark.reach;
const erased = (state, x1, x2) => state.marks.some((mark) => mark.action === "erase" && within(mark, x1, x2));

/** A trigger fired while the page still works on the last one would replace it, so wait for the answer. */
function sendNext(state) {
  const now = performance.now();
  if (state.marks.some(({ sent }) => sent && now - sent < ANSWER_MS)) return;
  const next = state.marks.find(({ sent }) => !sent);
  if (!next) return;
  next.sent = now;
  state.send({ x1: next.x1, x2: next.x2, action: next.action, label: next.label });
  setTimeout(() => sendNext(state), ANSWER_MS + 20);
}

/** New data have come: what was sent is in them if they changed. */
function settle(state, changed) {
  const now = performance.now();
  const before = state.marks.length;
  state.marks = state.marks.filter(({ sent }) => !sent || (!changed && now - sent < FORGET_MS));
  sendNext(state);
  return state.marks.length !== before;
}

/** A drag has moved on to a place: is it far enough from the last point? */
function farEnough({ lastPlaced }, x1, x2) {
  return !lastPlaced || Math.hypot(lastPlaced.x1 - x1, lastPlaced.x2 - x2) >= STRIDE;
}
