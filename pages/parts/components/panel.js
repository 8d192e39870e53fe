// Wraps a component's `render`: it draws what the page says, and what `stream.js` brings in between.

/** The key that the page gave: Streamlit makes it a class of the element's container. */
function panelName({ parentElement }) {
  const container = (parentElement.host ?? parentElement).closest('[class*="st-key-"]');
  return container?.className.match(/st-key-(\S+)/)[1];
}

/** Frames overtake the page: is what the page says older than what is drawn already? Then a frame follows at once. */
function isOutdated(data, drawn) {
  const { run, version } = unpack(data).meta;
  return run !== undefined && run === drawn.run && version < drawn.version;
}

export default function (component) {
  const panels = (globalThis.playgroundPanels ??= new Map());
  const name = panelName(component);
  const known = panels.get(name);
  const panel = known?.element === component.parentElement ? known : { element: component.parentElement, drawn: {} };
  panel.show = (data) => {
    panel.drawn = unpack(data).meta;
    panel.tearDown = render({ ...component, data });
  };
  panels.set(name, panel);
  if (!isOutdated(component.data, panel.drawn)) panel.show(component.data);
  return () => {
    const isGone = !(component.parentElement.host ?? component.parentElement).isConnected;
    if (panels.get(name) === panel && isGone) panels.delete(name);
    panel.tearDown?.();
  };
}
