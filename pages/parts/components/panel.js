// Wraps a component's `render`: it draws what the page says, and what `stream.js` brings in between.

/** The key that the page gave: Streamlit makes it a class of the element's container. */
function panelName({ parentElement }) {
  const container = (parentElement.host ?? parentElement).closest('[class*="st-key-"]');
  return container?.className.match(/st-key-(\S+)/)[1];
}

export default function (component) {
  const panels = (globalThis.playgroundPanels ??= new Map());
  const name = panelName(component);
  const show = (data) => render({ ...component, data });
  panels.set(name, show);
  const tearDown = render(component);
  return () => {
    if (panels.get(name) === show && !(component.parentElement.host ?? component.parentElement).isConnected) {
      panels.delete(name);
    }
    tearDown?.();
  };
}
