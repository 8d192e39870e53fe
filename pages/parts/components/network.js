// Hands each update of the data to the diagram's library (network_library.js), which is sent to the browser only once.

export default function ({ data, parentElement, setTriggerValue }) {
  const isThere = () => (parentElement.host ?? parentElement).isConnected;
  const show = () => {
    if (isThere()) globalThis.playgroundNetwork.show(parentElement, data, (edit) => setTriggerValue("edit", edit));
  };
  if (globalThis.playgroundNetwork) show();
  else window.addEventListener("playground:network", show, { once: true });
  return whenGone(parentElement, () => globalThis.playgroundNetwork?.dismount(parentElement));
}
