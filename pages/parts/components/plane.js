// Hands each update of the data to the map's library (plane_library.js), which is sent to the browser only once.

export default function ({ data, parentElement, setTriggerValue }) {
  const isThere = () => (parentElement.host ?? parentElement).isConnected;
  const show = () => {
    if (isThere()) globalThis.playgroundPlane.show(parentElement, data, (point) => setTriggerValue("point", point));
  };
  if (globalThis.playgroundPlane) show();
  else window.addEventListener("playground:plane", show, { once: true });
  return whenGone(parentElement, () => globalThis.playgroundPlane?.dismount(parentElement));
}
