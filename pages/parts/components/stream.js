// Brings a frame to the panels that are on the page: one array of bytes for each, by the panel's key.

export default function ({ data }) {
  for (const [name, { data: payload }] of Object.entries(unpack(data).arrays)) {
    globalThis.playgroundPanels?.get(name)?.(payload);
  }
}
