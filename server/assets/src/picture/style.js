// How the drawing looks: in the colours of the page, light or dark.

// Of the kinds of things, by number: those of the classes hue-0, hue-1, … of the style sheet.
const HUES = ["link", "visited", "certain", "possible", "unclear"];

/** Return the colour of the kind of a thing. */
export function hue(node, colours) {
  return colours[HUES[node.data("hue")]];
}

/** Return the colours of the page by name. */
export function coloursOf(element) {
  const style = getComputedStyle(element);
  const named = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ["paper", "panel", "ink", "soft", "line", "focus", ...HUES].map((name) => [name, named(name)]),
  );
}

/** Return a size in the model that never comes out much smaller than `size` on the screen. */
function fromAfar(node, size) {
  return Math.max(size, (0.85 * size) / node.cy().zoom());
}

/** Return the style of a name that can be read from afar. */
function readable(size) {
  return {
    "font-size": (node) => fromAfar(node, size),
    "text-max-width": (node) => fromAfar(node, 120),
    "min-zoomed-font-size": 0,
  };
}

/** Return Cytoscape's style sheet. A certainty is told by the form of a line, not by its colour. */
export function sheet(colours) {
  const { paper, panel, ink, soft, line, focus } = colours;
  return [
    {
      selector: "node",
      style: {
        shape: "data(shape)",
        width: (node) => Math.max(18, 9 / node.cy().zoom()),
        height: (node) => Math.max(18, 9 / node.cy().zoom()),
        "background-color": (node) => hue(node, colours),
        label: "data(label)",
        color: ink,
        "font-family": "system-ui, Segoe UI, Noto Sans, DejaVu Sans, sans-serif",
        "font-size": 12,
        "min-zoomed-font-size": 8,
        "text-wrap": "wrap",
        "text-max-width": 105,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": paper,
        "text-background-opacity": 0.85,
        "text-background-padding": 1,
      },
    },
    {
      selector: "node[?opened]",
      style: {
        width: (node) => Math.max(28, 16 / node.cy().zoom()),
        height: (node) => Math.max(28, 16 / node.cy().zoom()),
        ...readable(14),
        "font-weight": 700,
        "z-index": 5,
      },
    },
    {
      selector: "node.read, node.hovered",
      style: { ...readable(12), "z-index": 4 },
    },
    {
      selector: "node:selected",
      style: {
        "border-width": 4,
        "border-color": focus,
        ...readable(14),
        "z-index": 10,
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.4,
        "line-color": soft,
        "line-opacity": 0.75,
        "curve-style": "bezier",
        "target-arrow-shape": "triangle",
        "target-arrow-color": soft,
        "arrow-scale": 0.8,
        color: soft,
        "font-family": "system-ui, Segoe UI, Noto Sans, DejaVu Sans, sans-serif",
        "font-size": 10,
        "min-zoomed-font-size": 7,
        "text-rotation": "autorotate",
        "text-background-color": paper,
        "text-background-opacity": 0.85,
      },
    },
    { selector: "edge.many", style: { "line-opacity": 0.25, "arrow-scale": 0.5 } },
    { selector: "edge.few, edge.near", style: { label: "data(relation)" } },
    { selector: "edge.near", style: { "line-color": ink, "line-opacity": 0.75, "target-arrow-color": ink, color: ink } },
    { selector: "edge.certain", style: { width: 2.4 } },
    {
      selector: "edge.probable",
      style: { width: 2, "line-style": "dashed", "line-dash-pattern": [12, 5] },
    },
    {
      selector: "edge.possible",
      style: { width: 2, "line-style": "dashed", "line-dash-pattern": [5, 4] },
    },
    { selector: "edge.unclear, edge.other", style: { width: 2, "line-style": "dotted" } },
    { selector: "edge.negated", style: { "target-arrow-shape": "tee" } },
    {
      selector: "core",
      style: {
        "active-bg-color": line,
        "active-bg-opacity": 0.3,
        "selection-box-color": panel,
      },
    },
  ];
}
