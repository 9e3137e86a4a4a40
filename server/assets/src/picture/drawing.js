// The drawing of things and links with Cytoscape: what is shown, selected, and how near.

import cytoscape from "cytoscape";

import { inLines, names } from "./labels.js";
import { arrange } from "./layout.js";
import { coloursOf, FACE, letters, sheet } from "./style.js";

// Cytoscape would write a style element if there were none of this id; the page's policy forbids
// that, and the style sheet has the rule.
function standInForStyle() {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const stand = document.createElement("meta");
  stand.id = id;
  document.head.append(stand);
}

/** Return the drawing in an element; it calls `selected` and `opened` with the thing. */
export function drawing(element, { selected, opened }) {
  standInForStyle();
  const cy = cytoscape({
    container: element,
    style: sheet(coloursOf(element)),
    minZoom: 0.1,
    maxZoom: 3,
    boxSelectionEnabled: false,
    selectionType: "single",
  });
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  isDark.addEventListener("change", () => cy.style(sheet(coloursOf(element))));

  const shownNames = names(cy, FACE, letters);

  cy.on("select unselect", "node", () => {
    cy.elements().removeClass("near told");
    const near = cy.nodes(":selected").closedNeighborhood();
    if (near.nodes().length <= 40) near.addClass("near");
    selected(chosen());
    soon();
  });
  cy.on("viewport resize", soon);
  cy.on("mouseover", "node", (event) => event.target.addClass("hovered"));
  cy.on("mouseout", "node", (event) => event.target.removeClass("hovered"));
  cy.on("dbltap", "node", (event) => opened(event.target.data()));
  const waiting = { frame: 0, zoom: 0 };

  /** Choose the names anew, once for all that happens before the next frame. */
  function soon() {
    waiting.frame ||= requestAnimationFrame(() => {
      waiting.frame = 0;
      if (waiting.zoom !== cy.zoom()) cy.style().update(); // sizes follow the zoom
      waiting.zoom = cy.zoom();
      shownNames.choose();
    });
  }

  new ResizeObserver(() => cy.resize()).observe(element);

  function chosen() {
    return cy.nodes(":selected")[0]?.data();
  }

  return {
    cy,
    /** Show what the server says, and keep what is there already where it is. */
    show({ start, nodes, links }) {
      const before = chosen()?.name ?? start;
      const places = Object.fromEntries(cy.nodes().map((node) => [node.id(), node.position()]));
      cy.batch(() => {
        cy.elements().remove();
        cy.add(nodes.map((data) => ({ group: "nodes", data: { ...data, ...named(data.label), id: data.name } })));
        cy.add(links.map(edge));
        cy.edges().toggleClass("few", links.length <= 40);
        cy.edges().toggleClass("many", links.length > 120);
      });
      // The element has its size only after it is no longer hidden.
      cy.resize();
      arrange(cy, start, places, shownNames.size);
      this.select(before, start);
      this.whole();
    },
    selected: chosen,
    select(name, otherwise) {
      const node = cy.getElementById(name);
      const one = node.nonempty() ? node : cy.getElementById(otherwise ?? "");
      if (one.empty() || one.selected()) return;
      cy.nodes(":selected").unselect();
      one.select();
    },
    /** Make sure that the selected thing is in sight. */
    reveal() {
      const node = cy.nodes(":selected");
      if (node.empty()) return;
      const { x, y } = node.renderedPosition();
      const out = x < 40 || y < 30 || x > cy.width() - 40 || y > cy.height() - 30;
      if (out) cy.center(node);
    },
    open() {
      const thing = chosen();
      if (thing) opened(thing);
    },
    zoom(factor) {
      const middle = cy.nodes(":selected")[0]?.renderedPosition();
      cy.zoom({
        level: cy.zoom() * factor,
        renderedPosition: middle ?? { x: cy.width() / 2, y: cy.height() / 2 },
      });
    },
    whole() {
      // Beside the outermost things there is room for their names.
      const box = cy.nodes().boundingBox({ includeLabels: false });
      const [aside, above] = [Math.min(120, cy.width() / 6), Math.min(48, cy.height() / 8)];
      const level = Math.min((cy.width() - 2 * aside) / box.w, (cy.height() - 2 * above) / box.h, 1.4);
      cy.zoom(level);
      cy.center(cy.nodes());
    },
  };
}

/** Return a name in lines, below its thing as long as no other place is chosen. */
function named(label) {
  const lines = inLines(label);
  return { lines, text: lines.join("\n"), shift: 0, side: "below", valign: "bottom", halign: "center" };
}

function edge({ start, end, relation, certainty, negated }, number) {
  const name = negated ? `not: ${relation}` : relation;
  const data = { id: `link ${number}`, source: start, target: end, relation: name };
  return { group: "edges", data, classes: [certainty, negated ? "negated" : ""].join(" ") };
}
