// A map of an answer, loaded when somebody asks for it: shapes of countries from Natural Earth, shaded by
// what the rows say of them, or points. All of it is drawn here; nothing is asked of anybody.

import { geoEqualEarth, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import world from "world-atlas/countries-110m.json";
import { say } from "../words.js";
import { drawn, element, number } from "./dom.js";

const [WIDTH, HEIGHT] = [640, 400];
const CLOSEST = 900; // pixels a radian: a small country keeps its neighbours around it
const MOST_POINTS = 5000;

/** Return the figure for rows of countries: `amounts` are [number of ISO 3166, name, amount, link]. */
export function countryMap(amounts, what) {
  const shapes = feature(world, world.objects.countries).features;
  const byNumber = new Map(shapes.map((shape) => [shape.id, shape]));
  const shown = amounts.filter(([id]) => byNumber.has(id));
  const most = Math.max(...shown.map(([, , amount]) => amount), 0) || 1;
  const path = pathTo({ type: "FeatureCollection", features: shown.map(([id]) => byNumber.get(id)) });
  const picture = canvas(say("Map: {what} by country; the table beneath has the same", { what }));
  picture.append(ground(path, shapes));
  for (const [id, name, amount] of shown) {
    const shape = drawn("path", { d: path(byNumber.get(id)) ?? "", class: "marked", "fill-opacity": shade(amount / most) });
    shape.append(drawn("title", {}, `${name}: ${number(amount)}`));
    picture.append(shape);
  }
  picture.append(drawn("path", { d: path(borders()) ?? "", class: "borders" }));
  const left = amounts.filter(([id]) => !byNumber.has(id)).map(([, name]) => name);
  return figure(picture, [
    say("The darker, the more. Shapes: Natural Earth, which draws borders as they are held; that takes no side."),
    ...(left.length ? [say("Too small for this map: {names}.", { names: left.join(", ") })] : []),
  ]);
}

/** Return the figure for `places`: [longitude, latitude] each, with a name. */
export function pointMap(places) {
  const path = pathTo({ type: "MultiPoint", coordinates: places.map(([place]) => place) });
  const picture = canvas(say("Map: {count} places; the table has the same", { count: number(places.length) }));
  picture.append(
    ground(path, feature(world, world.objects.countries).features),
    drawn("path", { d: path(borders()) ?? "", class: "borders" }),
  );
  for (const [place, name] of places.slice(0, MOST_POINTS)) {
    const at = path.projection()(place);
    if (!at) continue;
    const dot = drawn("circle", { cx: at[0].toFixed(1), cy: at[1].toFixed(1), r: 5, class: "marked" });
    dot.append(drawn("title", {}, name));
    picture.append(dot);
  }
  const cut = places.length > MOST_POINTS ? [say("The first {shown} of {count} places.", { shown: number(MOST_POINTS), count: number(places.length) })] : [];
  return figure(picture, [say("Shapes: Natural Earth, which draws borders as they are held; that takes no side."), ...cut]);
}

/** Return what draws so that `object` is in view, turned to its middle. */
function pathTo(object) {
  const [longitude] = middle(object);
  const projection = geoEqualEarth().rotate([-longitude, 0]);
  projection.fitExtent([[40, 40], [WIDTH - 40, HEIGHT - 40]], object);
  if (projection.scale() > CLOSEST || !Number.isFinite(projection.scale())) {
    const [x, y] = middle(object);
    projection.scale(CLOSEST).translate([0, 0]);
    const at = projection([x, y]) ?? [0, 0];
    projection.translate([WIDTH / 2 - at[0], HEIGHT / 2 - at[1]]);
  }
  projection.clipExtent([[0, 0], [WIDTH, HEIGHT]]);
  return geoPath(projection).digits(1);
}

function middle(object) {
  const at = geoPath().centroid(object);
  return at.every(Number.isFinite) ? at : [0, 0];
}

function ground(path, shapes) {
  return drawn("path", { d: path({ type: "FeatureCollection", features: shapes }) ?? "", class: "land" });
}

function borders() {
  return mesh(world, world.objects.countries, (one, two) => one !== two);
}

function shade(share) {
  return (0.3 + 0.7 * share).toFixed(2);
}

function canvas(name) {
  return drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "map", role: "img", "aria-label": name });
}

function figure(picture, notes) {
  const caption = element("figcaption", {}, notes.join(" "));
  return element("figure", {}, picture, caption);
}
