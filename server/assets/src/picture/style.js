// How the drawing looks: in the colours of the page, light or dark.

import { GAP, LINE } from "./labels.js";

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

export const FACE = "system-ui, Segoe UI, Noto Sans, DejaVu Sans, sans-serif";

/** Return a size in the model that is `size` on the screen, a little less from afar, more from near. */
function fromAfar(element, size) {
  const zoom = element.cy().zoom();
  return (size * Math.min(Math.max(zoom, 0.9), 1.25)) / zoom;
}

/** Return how large the letters of a thing's name are, in units of the model. */
export function letters(node) {
  return fromAfar(node, node.data("opened") ? 14 : 12);
}

/** Return how wide a thing is: what has more links is larger, and nothing vanishes from afar. */
export function width(node) {
  const { links, opened } = node.data();
  const wide = Math.min(14 + 3 * Math.sqrt(links) + (opened ? 8 : 0), 60);
  return Math.max(wide, Math.min(wide / 2.6, 16) / node.cy().zoom());
}

/** Return a function that moves a name away from its thing along an axis. */
function moved(toward, away) {
  return (node) => {
    const side = node.data("side");
    const steps = side === away ? 1 : side === toward ? -1 : 0;
    const shift = away === "right" ? node.data("shift") : 0;
    return (steps * GAP + shift) / node.cy().zoom();
  };
}

const NAME = {
  label: "data(text)",
  "text-valign": "data(valign)",
  "text-halign": "data(halign)",
  "text-margin-x": moved("left", "right"),
  "text-margin-y": moved("above", "below"),
};

/** Return Cytoscape's style sheet. A certainty is told by the form of a line, not by its colour. */
export function sheet(colours) {
  const { paper, panel, ink, soft, line, focus } = colours;
  return [
    {
      selector: "node",
      style: {
        shape: "data(shape)",
        width,
        height: width,
        "background-color": (node) => hue(node, colours),
        color: ink,
        "font-family": FACE,
        "font-size": letters,
        "min-zoomed-font-size": 0,
        "text-wrap": "wrap",
        "text-max-width": 10_000,
        "line-height": LINE,
        "text-background-color": paper,
        "text-background-opacity": 0.85,
        "text-background-padding": 1,
      },
    },
    { selector: "node.named", style: { ...NAME, "z-index": 3 } },
    { selector: "node[?opened]", style: { "font-weight": 700, "z-index": 5 } },
    {
      selector: "node.hovered, node:selected",
      style: { ...NAME, "text-background-opacity": 1, "z-index": 9 },
    },
    {
      selector: "node:selected",
      style: {
        "border-width": (node) => Math.max(4, 3 / node.cy().zoom()),
        "border-color": focus,
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
        "font-family": FACE,
        "font-size": (edge) => fromAfar(edge, 10),
        "min-zoomed-font-size": 0,
        "text-rotation": "autorotate",
        "text-background-color": paper,
        "text-background-opacity": 0.85,
      },
    },
    { selector: "edge.many", style: { "line-opacity": 0.3, "arrow-scale": 0.5 } },
    { selector: "edge.told", style: { label: "data(relation)" } },
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
