// The keyboard in the drawing: arrows go to the next thing in their direction.

const DIRECTIONS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** Make `element` answer to keys; `visit` is called with the thing of which the page is wanted. */
export function listenToKeys(element, picture, visit) {
  const actions = {
    Enter: () => picture.open(),
    "+": () => picture.zoom(1.3),
    "=": () => picture.zoom(1.3),
    "-": () => picture.zoom(1 / 1.3),
    0: () => picture.whole(),
    o: () => picture.selected() && visit(picture.selected()),
  };
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const direction = DIRECTIONS[event.key];
    const action = actions[event.key];
    if (!direction && !action) return;
    event.preventDefault();
    if (direction) {
      move(picture, direction);
      picture.reveal();
    } else {
      action();
    }
  });
}

/** Select the thing that is nearest in a direction; what lies aside counts as further away. */
function move(picture, [dx, dy]) {
  const from = picture.cy.nodes(":selected")[0];
  if (!from) return;
  const { x, y } = from.position();
  let best = null;
  let least = Infinity;
  picture.cy.nodes().forEach((node) => {
    const ahead = (node.position("x") - x) * dx + (node.position("y") - y) * dy;
    const aside = Math.abs((node.position("x") - x) * dy + (node.position("y") - y) * dx);
    const far = ahead + 2 * aside;
    if (ahead > 1 && aside < 3 * ahead && far < least) {
      best = node;
      least = far;
    }
  });
  if (best) picture.select(best.id());
}
