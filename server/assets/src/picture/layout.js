// Where things stand: the same things stand at the same places every time.

import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

// With more things than these, forces would take long and make a ball.
const FORCES_UP_TO = 120;
const STEP = 46; // between two things around what is opened, in units of the model
const MIDDLE = 90; // from what is opened to the first ring around it
const BESIDE = 36; // pixels of the screen around a name: half of its thing, and half of one below
const SMALLER = 0.85; // times as near as without rooms for names
const NO_ROOM = { wide: 0, high: 0 };

/**
 * Put the things of `cy` in place, those in `places` near to where they were. `sizeOf` says how wide
 * and high the name of a thing is on the screen.
 */
export function arrange(cy, start, places, sizeOf) {
  flowers(cy, start, () => NO_ROOM);
  if (cy.nodes().length > FORCES_UP_TO) {
    // Only now it is known how near everything can be shown, and what room a name takes there.
    const { w, h } = cy.nodes().boundingBox({ includeLabels: false });
    const zoom = SMALLER * Math.min(cy.width() / w, cy.height() / h);
    flowers(cy, start, (hub) => {
      const { wide, high } = sizeOf(hub);
      return { wide: (wide + BESIDE) / zoom, high: (high + BESIDE) / zoom };
    });
    stretch(cy);
    return;
  }
  cy.nodes().forEach((node) => {
    if (places[node.id()]) node.position(places[node.id()]);
  });
  cy.layout({
    name: "fcose",
    quality: "proof",
    randomize: false,
    animate: false,
    fit: false,
    packComponents: false,
    nodeDimensionsIncludeLabels: true,
    idealEdgeLength: () => 110,
    nodeRepulsion: () => 16000,
    edgeElasticity: () => 0.3,
    gravity: 0.3,
  }).run();
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

/**
 * Put what is opened on a ring around the first, and around each what is linked with it. Below each
 * there is a room for its name, as large as `roomOf` says.
 */
function flowers(cy, start, roomOf) {
  const hubs = cy.nodes("[?opened]").sort((one, two) => (two.id() === start) - (one.id() === start));
  const around = new Map(hubs.map((hub) => [hub.id(), []]));
  for (const node of inOrder(cy.nodes("[!opened]"))) {
    const near = hubs.filter((hub) => hub.edgesWith(node).nonempty());
    const least = near.nonempty() ? near.min((hub) => around.get(hub.id()).length).ele : hubs[0];
    around.get(least.id()).push(node);
  }
  const places = hubs.map((hub) => slots(around.get(hub.id()).length, roomOf(hub)));
  const reach = places.map((some) => STEP + some.reduce((far, { x, y }) => Math.max(far, Math.hypot(x, y)), MIDDLE));
  const [first, ...others] = reach;
  const rim = others.reduce((sum, one) => sum + one, 0);
  const far = Math.max(rim / Math.PI, first + Math.max(0, ...others));
  let angle = -Math.PI / 2;
  hubs.forEach((hub, number) => {
    const share = number ? (Math.PI * reach[number]) / rim : 0;
    angle += share;
    const middle = number ? { x: far * Math.cos(angle), y: far * Math.sin(angle) } : { x: 0, y: 0 };
    angle += share;
    hub.position(middle);
    rings(around.get(hub.id()), middle, places[number]);
  });
}

/** Return things by kind, those with the most links first in each. */
function inOrder(nodes) {
  return nodes.sort(
    (one, two) =>
      one.data("kind").localeCompare(two.data("kind")) ||
      two.data("links") - one.data("links") ||
      one.data("label").localeCompare(two.data("label")),
  );
}

/** Return the places on rings around a middle for `count` things, but for a room under the middle. */
function slots(count, room) {
  const found = [];
  for (let ring = 0; found.length < count; ring += 1) {
    const far = MIDDLE + ring * STEP;
    const most = Math.floor((2 * Math.PI * far) / STEP);
    for (let place = 0; place < most; place += 1) {
      const turn = (place + (ring % 2) / 2) / most;
      const angle = 2 * Math.PI * turn - Math.PI / 2;
      const [x, y] = [far * Math.cos(angle), far * Math.sin(angle)];
      const inRoom = Math.abs(x) < room.wide / 2 && y > 0 && y < room.high;
      if (!inRoom) found.push({ x, y, turn, ring });
    }
  }
  return found.slice(0, count);
}

/** Put things on rings around a middle, each kind in a sector of its own. */
function rings(things, middle, places) {
  // All rings are gone round at once, so that a kind is a sector and not a ring.
  places.sort((one, two) => one.turn - two.turn || one.ring - two.ring);
  things.forEach((node, number) => {
    const { x, y } = places[number];
    node.position({ x: middle.x + x, y: middle.y + y });
  });
}
