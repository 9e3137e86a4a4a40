// Where things stand: the same things stand at the same places every time.

// With more things than these, forces would take long and make a ball.
const FORCES_UP_TO = 120;
const RING = 85; // between two rings from top to bottom, in units of the model
const WIDER = 1.5; // times that from left to right, as names are wider than high
const ROOM = 110; // of one thing on a ring

/** Put the things of `cy` in place, those in `places` near to where they were. */
export function arrange(cy, start, places) {
  rings(cy, start);
  if (cy.nodes().length > FORCES_UP_TO) return;
  cy.nodes().forEach((node) => {
    if (places[node.id()]) node.position(places[node.id()]);
  });
  const forces = cy.layout({
    name: "cose",
    animate: false,
    randomize: false,
    fit: false,
    nodeDimensionsIncludeLabels: true,
    idealEdgeLength: () => 110,
    nodeRepulsion: () => 24000,
    gravity: 0.35,
    numIter: 700,
  });
  forces.run();
  stretch(cy);
}

/** Stretch the drawing towards the form of its frame, so that more of the names can be read. */
function stretch(cy) {
  const xs = cy.nodes().map((node) => node.position("x"));
  const ys = cy.nodes().map((node) => node.position("y"));
  const width = Math.max(...xs) - Math.min(...xs) || 1;
  const height = Math.max(...ys) - Math.min(...ys) || 1;
  const factor = (cy.width() / cy.height()) * (height / width);
  cy.nodes().forEach((node) => {
    const { x, y } = node.position();
    if (factor > 1) node.position({ x: x * Math.min(factor, 2), y });
    else node.position({ x, y: y * Math.min(1 / factor, 2) });
  });
}

/** Put things on rings: what is opened and what has many links further in, kinds side by side. */
function rings(cy, start) {
  const rank = (node) => (node.id() === start ? 2 : node.data("opened") ? 1 : 0);
  const order = cy.nodes().sort(
    (a, b) =>
      rank(b) - rank(a) ||
      Math.min(b.data("links"), 4) - Math.min(a.data("links"), 4) ||
      a.data("kind").localeCompare(b.data("kind")) ||
      a.data("label").localeCompare(b.data("label")),
  );
  let ring = 0;
  let onRing = 0;
  let room = 1;
  order.forEach((node) => {
    if (onRing === room) {
      ring += 1;
      onRing = 0;
      room = Math.floor((Math.PI * ring * RING * (1 + WIDER)) / ROOM);
    }
    // Half a step apart from the ring within, so that labels do not stand below one another.
    const angle = (2 * Math.PI * (onRing + (ring % 2) / 2)) / room - Math.PI / 2;
    const far = ring * RING;
    node.position({ x: far * WIDER * Math.cos(angle), y: far * Math.sin(angle) });
    onRing += 1;
  });
}
