// Which names are shown: those of what is linked the most first, and none upon another.

export const LINE = 1.2; // from one line of a name to the next, in sizes of its letters
const BOLD = 1.1; // times as wide
const MARGIN = 2; // around a name, in pixels of the screen
const LETTERS = 24; // of one line, roughly
const LINES = 3;
const MOST = 16; // names of things that are linked the most are shown whatever is below
const LINKED = 4; // times at least
const CUT = 1000; // what a name costs that is cut off, in covered things
const CELL = 64; // pixels of the screen
// Where a name can stand beside its thing, the likeliest first, as Cytoscape says it.
const SIDES = [
  { side: "below", valign: "bottom", halign: "center" },
  { side: "above", valign: "top", halign: "center" },
  { side: "right", valign: "center", halign: "right" },
  { side: "left", valign: "center", halign: "left" },
];
export const GAP = 3; // between a thing and its name, in pixels of the screen

/** Return a name in lines of some length, cut after so many. */
export function inLines(name, most = LINES) {
  const lines = [""];
  for (const word of name.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last && `${last} ${word}`.length > LETTERS) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]}…`];
}

/** Return a function that says how wide a text is in a face, per size of its letters. */
function measure(face) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `100px ${face}`;
  const known = new Map();
  return (text) => {
    if (!known.has(text)) known.set(text, context.measureText(text).width / 100);
    return known.get(text);
  };
}

/**
 * Return what knows the names of `cy`: `size` is how wide and high one is on the screen, `choose`
 * chooses those to be shown at the present zoom. `lettersOf` is the size of letters in the model.
 */
export function names(cy, face, lettersOf) {
  const width = measure(face);

  function size(node, lines = node.data("lines")) {
    const letters = lettersOf(node) * cy.zoom();
    const bold = node.data("opened") ? BOLD : 1;
    const wide = Math.max(...lines.map(width)) * letters * bold + 2 * MARGIN;
    return { wide, high: lines.length * letters * LINE + 2 * MARGIN };
  }

  function choose() {
    const taken = new Grid(frame(cy));
    const things = cy.nodes().map((node) => ({ node, box: spot(node), rank: rank(node) }));
    for (const { node, box } of things) taken.add(box, node);
    things.sort((one, two) => two.rank - one.rank);
    const least = Math.max(things[Math.min(MOST, things.length) - 1]?.rank ?? 0, LINKED);
    cy.batch(() => {
      for (const thing of things) show(thing, thing.rank >= least, taken);
      cy.edges(".few, .near").forEach((edge) => tell(edge, taken));
    });
  }

  /**
   * Show the name of a thing where it covers nothing, else the start of it; of what counts the most,
   * where it covers no other name.
   */
  function show({ node, box }, most, taken) {
    const lines = node.data("lines");
    const free = place(node, box, lines, taken);
    const short = lines.length > 1 && free.cost ? place(node, box, [`${lines[0]}…`], taken) : free;
    const best = free.cost && short.cost < free.cost ? short : free;
    // A name that is cut off is worth showing only where the eye begins.
    const worth = node.data("opened") ? Infinity : CUT;
    const isShown = best.cost === 0 || (most && best.cost < worth);
    node.toggleClass("named", isShown);
    if (!isShown) return;
    const { box: named, shift, side } = best;
    const text = best.lines.join("\n");
    const before = node.data();
    const isNew = before.side !== side.side || before.text !== text || before.shift !== shift;
    if (isNew) node.data({ ...side, text, shift });
    node.scratch("named", named);
    taken.add(named);
  }

  /** Return the place beside a thing where these lines cover the least. */
  function place(node, box, lines, taken) {
    const { wide, high } = size(node, lines);
    const places = SIDES.map((side) => {
      const [left, top, right, bottom] = besides(box, side.side, wide, high);
      // Above and below its thing a name of what is opened gives way to the edge of the frame.
      const gives = node.data("opened") && side.halign === "center";
      const shift = gives ? inside(left, right, taken.frame) : 0;
      const beside = [left + shift, top, right + shift, bottom];
      return { side, lines, shift, box: beside, cost: taken.cost(beside, node) };
    });
    return places.reduce((best, one) => (one.cost < best.cost ? one : best));
  }

  /** Say along a line what it means, where that covers no name. */
  function tell(edge, taken) {
    const zoom = cy.zoom();
    const [from, to, { x, y }] = [edge.source().position(), edge.target().position(), edge.midpoint()];
    const turn = Math.atan2(to.y - from.y, to.x - from.x);
    const [long, letters] = [width(edge.data("relation")), edge.numericStyle("font-size") * zoom];
    const half = (Math.abs(Math.cos(turn)) * long * letters + Math.abs(Math.sin(turn)) * letters) / 2;
    const tall = (Math.abs(Math.sin(turn)) * long * letters + Math.abs(Math.cos(turn)) * letters) / 2;
    const box = [x * zoom - half, y * zoom - tall, x * zoom + half, y * zoom + tall];
    const isFree = taken.cost(box) === 0;
    edge.toggleClass("told", isFree);
    if (isFree) taken.add(box);
  }

  return { size, choose };
}

/** Return where a thing is in pixels of the screen, whatever part of the model is in sight. */
function spot(node) {
  const zoom = node.cy().zoom();
  const [x, y] = [node.position("x") * zoom, node.position("y") * zoom];
  const half = (node.numericStyle("width") * zoom) / 2;
  return [x - half, y - half, x + half, y + half];
}

/** Return what of the same plane is in sight. */
function frame(cy) {
  const { x, y } = cy.pan();
  return [-x, -y, cy.width() - x, cy.height() - y];
}

/** Return how far a name has to move to be inside, no further than that it stays at its thing. */
function inside(left, right, [start, , end]) {
  const most = (right - left) / 2;
  const needed = left < start ? start - left : right > end ? end - right : 0;
  return Math.abs(needed) < most ? needed : 0;
}

function besides([left, top, right, bottom], side, wide, high) {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  if (side === "below") return [x - wide / 2, bottom + GAP, x + wide / 2, bottom + GAP + high];
  if (side === "above") return [x - wide / 2, top - GAP - high, x + wide / 2, top - GAP];
  if (side === "right") return [right + GAP, y - high / 2, right + GAP + wide, y + high / 2];
  return [left - GAP - wide, y - high / 2, left - GAP, y + high / 2];
}

function rank(node) {
  const { opened, links } = node.data();
  const first = node.selected() ? 1e6 : 0;
  return first + (opened ? 1e5 : 0) + (node.hasClass("near") ? 1e4 : 0) + links;
}

/** Boxes on the plane, found by where they are. */
class Grid {
  cells = new Map();

  constructor(frame) {
    this.frame = frame;
  }

  add(box, thing = null) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push([box, thing]);
    }
  }

  /**
   * Return how many things a text there would cover, more than all if it would be cut off by the
   * frame, and infinity where it would cover another text or a thing that is opened.
   */
  cost(box, node = null) {
    const covered = new Set();
    for (const key of this.keys(box)) {
      for (const [other, thing] of this.cells.get(key) ?? []) {
        const apart = box[0] >= other[2] || box[2] <= other[0] || box[1] >= other[3] || box[3] <= other[1];
        if (apart || (thing && thing === node)) continue;
        if (!thing || thing.data("opened")) return Infinity;
        covered.add(thing);
      }
    }
    const [left, top, right, bottom] = this.frame;
    const isCut = box[0] < left || box[1] < top || box[2] > right || box[3] > bottom;
    return covered.size + (isCut ? CUT : 0);
  }

  *keys([left, top, right, bottom]) {
    for (let x = Math.floor(left / CELL); x <= right / CELL; x += 1) {
      for (let y = Math.floor(top / CELL); y <= bottom / CELL; y += 1) yield `${x} ${y}`;
    }
  }
}
