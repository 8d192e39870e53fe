// Hands uPlot to the curves. A component sends its script again with each update of its data; this one never changes,
// so Streamlit sends it once and then only refers to it, and 50 KB stay out of every frame.

export default function () {
  if (globalThis.playgroundPlot) return;
  globalThis.playgroundPlot = uPlot;
  window.dispatchEvent(new Event("playground:plot"));
}
