// The drawing as a file: PNG by Cytoscape, SVG from the places of things and links.

import { inLines, LINE } from "./labels.js";
import { coloursOf, hue, letters } from "./style.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif";
const SMALL = 4; // letters of names without room, in units of the model
const DASHES = { probable: "12 5", possible: "5 4", unclear: "1.5 4", other: "1.5 4" };

/** Offer the whole drawing as PNG, at twice its size on the screen where that is not too large. */
export async function exportPng(picture, name) {
  const { paper } = coloursOf(picture.cy.container());
  const blob = await picture.cy.png({
    output: "blob-promise",
    full: true,
    scale: 2,
    maxWidth: 8000,
    maxHeight: 8000,
    bg: paper,
  });
  offer(blob, `${fileName(name)}.png`);
}

/** Offer the whole drawing as SVG with this title. */
export function exportSvg(picture, name, title) {
  const text = new XMLSerializer().serializeToString(svg(picture.cy, title));
  offer(new Blob([text], { type: "image/svg+xml" }), `${fileName(name)}.svg`);
}

function svg(cy, title) {
  const colours = coloursOf(cy.container());
  const { paper, ink, soft } = colours;
  const box = cy.elements().boundingBox({ includeLabels: true });
  const [x, y, w, h] = [box.x1 - 20, box.y1 - 20, box.w + 40, box.h + 40].map(Math.round);
  const root = element("svg", {
    viewBox: `${x} ${y} ${w} ${h}`,
    width: w,
    height: h,
    "font-family": FONT,
    role: "img",
  });
  root.append(element("title", {}, title), element("rect", { x, y, width: w, height: h, fill: paper }));
  const marker = element("marker", {
    id: "arrow",
    viewBox: "0 0 8 8",
    refX: 7,
    refY: 4,
    markerWidth: 8,
    markerHeight: 8,
    markerUnits: "userSpaceOnUse",
    orient: "auto",
  });
  marker.append(element("path", { d: "M0 .8 8 4 0 7.2z", fill: soft }));
  root.append(marker);
  cy.edges().forEach((edge) => root.append(line(edge, soft)));
  cy.nodes().forEach((node) => {
    const half = node.numericStyle("width") / 2;
    const [left, top] = [node.position("x"), node.position("y")].map(round);
    const place = element("a", { href: new URL(node.data("page"), location.href) });
    const drawn = shape(node.data("shape"), left, top, round(half), hue(node, colours));
    drawn.append(element("title", {}, `${node.data("label")} – ${node.data("kind")}`));
    place.append(drawn, name(node, left, top, half, ink));
    root.append(place);
  });
  return root;
}

/** Return the name of a thing beside it; where it has no room, so small that it is read from near. */
function name(node, x, y, half, fill) {
  const { side, label, opened } = node.data();
  const isShown = node.hasClass("named") || node.selected();
  const size = isShown ? letters(node) : SMALL;
  const at = isShown ? side : "below";
  const lines = inLines(label, Infinity);
  const step = size * LINE;
  const gap = size / 4;
  const first = {
    below: y + half + gap + 0.8 * size,
    above: y - half - gap - (lines.length - 1) * step,
    right: y - ((lines.length - 1) * step) / 2 + 0.35 * size,
    left: y - ((lines.length - 1) * step) / 2 + 0.35 * size,
  }[at];
  const middle = x + (isShown ? node.data("shift") / node.cy().zoom() : 0);
  const start = { right: x + half + gap, left: x - half - gap }[at] ?? middle;
  const text = element("text", {
    "font-size": round(size),
    fill,
    "text-anchor": { right: "start", left: "end" }[at] ?? "middle",
    "font-weight": opened ? 700 : 400,
  });
  lines.forEach((words, number) => {
    const space = number < lines.length - 1 ? " " : "";
    text.append(element("tspan", { x: round(start), y: round(first + number * step) }, words + space));
  });
  return text;
}

function line(edge, colour) {
  const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  const middle = edge.controlPoints()?.[0];
  const bend = middle ? `Q${round(middle.x)} ${round(middle.y)} ` : "L";
  const level = Object.keys(DASHES).find((name) => edge.hasClass(name));
  const path = element("path", {
    d: `M${round(from.x)} ${round(from.y)}${bend}${round(to.x)} ${round(to.y)}`,
    fill: "none",
    stroke: colour,
    "stroke-width": edge.hasClass("certain") ? 2.4 : 1.4,
    "marker-end": "url(#arrow)",
    ...(level ? { "stroke-dasharray": DASHES[level] } : {}),
  });
  path.append(element("title", {}, edge.data("relation")));
  return path;
}

/** Return a shape as Cytoscape draws it, at a place, of a size that is half its width. */
function shape(name, x, y, size, fill) {
  if (name === "ellipse") return element("circle", { cx: x, cy: y, r: size, fill });
  if (name === "rectangle" || name === "round-rectangle") {
    const rx = name === "rectangle" ? 0 : size / 2;
    const width = 2 * size;
    return element("rect", { x: x - size, y: y - size, width, height: width, rx, fill });
  }
  const corners = { triangle: 3, diamond: 4, pentagon: 5, hexagon: 6, star: 10 }[name] ?? 8;
  const points = Array.from({ length: corners }, (_, place) => {
    const angle = (2 * Math.PI * place) / corners - Math.PI / 2;
    const far = name === "star" && place % 2 ? size / 2 : size;
    return `${round(x + far * Math.cos(angle))},${round(y + far * Math.sin(angle))}`;
  });
  return element("polygon", { points: points.join(" "), fill });
}

function element(name, attributes, text) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function fileName(name) {
  return `policykg-${name.replace(/[^\w-]+/g, "-")}`;
}

function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
