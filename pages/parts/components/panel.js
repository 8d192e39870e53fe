// Wraps a component's `render`: it draws what the page says, and what `stream.js` brings in between.

/** The key that the page gave: Streamlit makes it a class of the element's container. */
function panelName({ parentElement }) {
  const container = (parentElement.host ?? parentElement).closest('[class*="st-key-"]');
  return container?.className.match(/st-key-(\S+)/)[1];
}

/** Frames overtake the page, even the drawing of the panel that they are for: is what was brought the later? */
function hasOvertaken(brought, said) {
  if (!brought) return false;
  const [frame, page] = [unpack(brought).meta, unpack(said).meta];
  return page.run !== undefined && page.run === frame.run && page.version < frame.version;
}

export default function (component) {
  const panels = (globalThis.playgroundPanels ??= new Map());
  const frames = (globalThis.playgroundFrames ??= new Map()); // what was brought last, by the panel's name
  const name = panelName(component);
  const known = panels.get(name);
  const isNew = known?.element !== component.parentElement;
  const panel = isNew ? { element: component.parentElement } : known;
  panel.show = (data) => {
    panel.tearDown = render({ ...component, data });
  };
  panels.set(name, panel);
  const isLate = hasOvertaken(frames.get(name), component.data);
  if (isNew || !isLate) panel.show(component.data);
  if (isNew && isLate) panel.show(frames.get(name)); // else it is drawn already
  return () => {
    const isGone = !(component.parentElement.host ?? component.parentElement).isConnected;
    if (panels.get(name) === panel && isGone) panels.delete(name);
    panel.tearDown?.();
  };
}
