// The map of an answer with its table: what the rows say of each country, or of each point.

import { say } from "../words.js";
import { element, number } from "./dom.js";

/** Return the element for `answer`, whose places `places` finds; `show` gives the element of a term. */
export function mapView(answer, places, amountColumn, show, nameOf) {
  const panel = element("div", {}, element("p", { role: "status" }, say("The map is being loaded…")));
  // Shapes of countries are large; most answers are never looked at on a map.
  import("./map.js")
    .then((maps) => panel.replaceChildren(...(places.point ? points(maps) : countries(maps))))
    .catch(() => panel.replaceChildren(element("p", { role: "alert" }, say("The map could not be loaded."))));
  return panel;

  function points(maps) {
    const name = answer.columns.find((one) => answer.rows.some((row) => row[one]?.type === "uri")) ?? answer.columns[0];
    const found = answer.rows.map((row) => [places.point(row), nameOf(row[name])]).filter(([place]) => place);
    return [maps.pointMap(found), missing(answer.rows.length - found.length)];
  }

  function countries(maps) {
    const sums = new Map();
    for (const row of answer.rows) {
      const id = places.country(row);
      if (!id) continue;
      const known = sums.get(id) ?? { term: row[places.column], amount: 0 };
      known.amount += amountColumn ? Number(row[amountColumn]?.value ?? 0) : 1;
      sums.set(id, known);
    }
    const sorted = [...sums].sort(([, one], [, two]) => two.amount - one.amount);
    const what = amountColumn ? say("Sum of {column}", { column: amountColumn }) : say("Rows");
    const amounts = sorted.map(([id, { term, amount }]) => [id, nameOf(term), amount]);
    const lines = sorted.map(([, { term, amount }]) =>
      element("tr", {}, element("th", { scope: "row" }, show(term)), element("td", { class: "number" }, number(amount))),
    );
    const head = element("tr", {}, ...[places.column, what].map((name) => element("th", { scope: "col" }, name)));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines));
    const left = answer.rows.filter((row) => !places.country(row)).length;
    return [
      maps.countryMap(amounts, what),
      element("div", { class: "overflow", tabindex: "0", role: "group", "aria-label": say("Countries on the map") }, table),
      missing(left),
    ];
  }

  function missing(count) {
    return element("p", {}, count ? say("{count} rows have no place.", { count: number(count) }) : "");
  }
}
