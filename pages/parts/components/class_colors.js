// Colours of classes, wherever pictures are points.

const MORE_COLORS = { light: ["#A89400", "#7A4F1D"], dark: ["#E3D34A", "#C29A6C"] };

/** A colour for each class: the theme's, which colour-blind people can tell apart; of many classes, hues. */
function classColors(count, { apart, dark }) {
  const known = [...apart, ...MORE_COLORS[dark ? "dark" : "light"]];
  if (count <= known.length) return known.slice(0, count);
  return Array.from({ length: count }, (_, i) => `hsl(${(i * 137.5) % 360} 62% ${dark ? 64 : 42 + 10 * (i % 2)}%)`);
}
