// An answer shown: a table with names and links, the text as it came, a pivot, a chart, a map, a timeline.

import { say } from "../words.js";
import { button, drawn, element, number } from "./dom.js";
import { mapView } from "./map_view.js";
import { MOST_TIMES, span, timeColumns, timePicture } from "./times.js";

export const SHOWN = 1000; // rows of a table; downloads have all
const MOST_BARS = 40;
const NUMERIC = /#(?:integer|decimal|double|float|int|long|nonNegativeInteger)$/;

/**
 * Return the element that shows `answer`; `names` are labels by IRI, `here` gives local addresses, and
 * `places` finds where the rows are, if their columns say that.
 */
export function shown(answer, names, here, places = null) {
  if ("boolean" in answer) return element("p", { class: "count" }, answer.boolean ? say("Yes.") : say("No."));
  if (answer.turtle !== undefined) return element("pre", { tabindex: "0", dir: "ltr" }, answer.turtle.slice(0, 500_000));
  const panel = element("div", { class: "view" });
  const views = { Table: () => table(answer, names, here), Raw: () => raw(answer.text) };
  if (answer.columns.length > 1) views.Pivot = () => pivot(answer, names);
  if (numeric(answer).length) views.Chart = () => chart(answer, names);
  if (places) {
    const amount = numeric(answer).filter((name) => name !== places.column).at(-1);
    views.Map = () => mapView(answer, places, amount, (term) => value(term, names, here), (term) => nameOf(term, names));
  }
  if (timeColumns(answer).length) views.Timeline = () => timeline(answer, names, here);
  const named = { Table: say("Table"), Raw: say("Raw"), Pivot: say("Pivot"), Chart: say("Chart"), Map: say("Map"), Timeline: say("Timeline") };
  const choose = (name) => {
    panel.replaceChildren(views[name]());
    for (const one of bar.children) one.setAttribute("aria-pressed", String(one.dataset.view === name));
  };
  const bar = element("div", { role: "group", "aria-label": say("Show as"), class: "views" });
  bar.append(...Object.keys(views).map((name) => button(named[name], () => choose(name), { "data-view": name })));
  choose("Table");
  return element("div", {}, bar, panel);
}

/** Return in words how many rows there are, and whether all are shown. */
export function counted(answer) {
  if ("boolean" in answer) return say("A yes or no");
  if (answer.turtle !== undefined) return say("A graph");
  const count = answer.rows.length;
  if (count > SHOWN) return say("{count} rows; the table is cut off at {shown}, downloads have all", { count: number(count), shown: number(SHOWN) });
  return count === 1 ? say("1 row") : say("{count} rows", { count: number(count) });
}

function table({ columns, rows }, names, here) {
  const head = columns.map((name) => element("th", { scope: "col" }, name));
  const body = rows
    .slice(0, SHOWN)
    .map((row) => element("tr", {}, ...columns.map((name) => cell(row[name], names, here))));
  const made = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
  return element("div", { class: "overflow", tabindex: "0", role: "group", "aria-label": say("Answer as a table") }, made);
}

function cell(term, names, here) {
  const numeric = term?.type === "literal" && NUMERIC.test(term.datatype ?? "");
  return element("td", { class: numeric ? "number" : null }, term ? value(term, names, here) : "");
}

function value(term, names, here) {
  const text = nameOf(term, names);
  if (term.type !== "uri") return element("bdi", { lang: term["xml:lang"] ?? null }, text);
  const local = here(term.value);
  const web = /^https?:/.test(term.value);
  if (!local && !web) return element("bdi", {}, text);
  const attributes = { href: local ?? term.value, title: term.value };
  if (!local) Object.assign(attributes, { class: "outside", rel: "noreferrer" });
  return element("a", attributes, element("bdi", {}, text));
}

/** Return the words for a term: the name of a thing, else the last part of its IRI. */
export function nameOf(term, names) {
  if (!term) return "";
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return `<< ${[subject, predicate, object].map((one) => nameOf(one, names)).join(" ")} >>`;
  }
  if (term.type !== "uri") return String(term.value);
  return names.get(term.value) ?? (decode(term.value.split(/[/#]/).pop()) || term.value);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function raw(text) {
  const cut = text.length > 200_000 ? `${text.slice(0, 200_000)}\n${say("… cut off; downloads have all")}` : text;
  return element("pre", { tabindex: "0", dir: "ltr" }, cut);
}

function numeric({ columns, rows }) {
  return columns.filter((name) => all(rows, name, (term) => NUMERIC.test(term.datatype ?? "")));
}

function all(rows, name, holds) {
  const found = rows.map((row) => row[name]).filter(Boolean);
  return found.length > 0 && found.every(holds);
}

/** A table of counts, or of sums, of one column against another. */
function pivot(answer, names) {
  const { columns, rows } = answer;
  const sums = numeric(answer);
  const choices = (options, chosen) =>
    options.map((name) => element("option", { value: name, selected: name === chosen }, name));
  // Columns with few different values make a table that can be read.
  const ranked = [...columns].sort((one, two) => variety(rows, one) - variety(rows, two));
  const [across, down] = [ranked[0], ranked[1] ?? ranked[0]];
  const fields = {
    Rows: element("select", {}, ...choices(columns, down)),
    Columns: element("select", {}, ...choices(columns, across)),
    Cells: element("select", {}, ...choices(["count", ...sums.map((name) => `sum of ${name}`)], "count")),
  };
  const labels = { Rows: say("Rows"), Columns: say("Columns"), Cells: say("Cells") };
  const place = element("div");
  const draw = () => {
    const [rowName, columnName, what] = Object.values(fields).map((field) => field.value);
    place.replaceChildren(pivoted(rows, rowName, columnName, what, names));
  };
  for (const field of Object.values(fields)) field.addEventListener("change", draw);
  draw();
  const controls = Object.entries(fields).map(([name, field]) => element("label", {}, `${labels[name]} `, field));
  return element("div", {}, element("p", { class: "controls" }, ...controls), place);
}

function variety(rows, name) {
  const found = new Set(rows.map((row) => row[name]?.value));
  return found.size < 2 ? Infinity : found.size;
}

function pivoted(rows, rowName, columnName, what, names) {
  const cells = new Map();
  const heads = new Set();
  for (const row of rows) {
    const [down, across] = [nameOf(row[rowName], names) || "–", nameOf(row[columnName], names) || "–"];
    heads.add(across);
    const line = cells.get(down) ?? cells.set(down, new Map()).get(down);
    const more = what === "count" ? 1 : Number(row[what.slice("sum of ".length)]?.value ?? 0);
    line.set(across, (line.get(across) ?? 0) + more);
  }
  const across = [...heads].sort().slice(0, 50);
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, rowName),
    ...across.map((name) => element("th", { scope: "col" }, name)),
  );
  const body = [...cells].slice(0, SHOWN).map(([down, line]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, down),
      ...across.map((name) => element("td", { class: "number" }, line.has(name) ? number(line.get(name)) : "")),
    ),
  );
  const made = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "overflow", tabindex: "0", role: "group", "aria-label": say("Pivot") }, made);
}

/** Bars for the first column of numbers, named by the first other column. */
function chart(answer, names) {
  const { columns, rows } = answer;
  const amount = numeric(answer).at(-1);
  const label =
    columns.find((name) => name !== amount && name.endsWith("Label")) ??
    columns.find((name) => name !== amount);
  const bars = rows
    .slice(0, MOST_BARS)
    .map((row) => [label ? nameOf(row[label], names) : "", Number(row[amount]?.value ?? 0)]);
  const most = Math.max(...bars.map(([, size]) => size), 0) || 1;
  const height = bars.length * 24 + 4;
  const picture = drawn("svg", {
    viewBox: `0 0 640 ${height}`,
    class: "chart",
    role: "img",
    "aria-label": say("Bars: {amount} by {label}; the table has the same numbers", { amount, label: label ?? "–" }),
  });
  bars.forEach(([name, size], place) => {
    const y = place * 24 + 2;
    const width = Math.max(0, (size / most) * 320);
    picture.append(
      drawn("text", { x: 236, y: y + 15, "text-anchor": "end" }, name.length > 34 ? `${name.slice(0, 33)}…` : name),
      drawn("rect", { x: 244, y, width, height: 20 }),
      drawn("text", { x: 250 + width, y: y + 15 }, number(size)),
    );
  });
  const cut = rows.length > MOST_BARS ? say("The first {shown} of {count} rows.", { shown: MOST_BARS, count: number(rows.length) }) : "";
  return element("div", { class: "overflow", tabindex: "0", role: "group", "aria-label": say("Chart") }, picture, cut);
}

/** The rows by their first column of times, drawn and as a list. */
function timeline(answer, names, here) {
  const { columns, rows } = answer;
  const when = timeColumns(answer)[0];
  const others = columns.filter((name) => name !== when);
  const begins = (row) => span(row[when].value)?.[0] ?? Infinity;
  const timed = rows.filter((row) => row[when]).sort((one, two) => begins(one) - begins(two));
  const title = others.find((name) => name.endsWith("Label")) ?? others[0];
  const picture = timePicture(timed.map((row) => [row[when].value, nameOf(row[title], names)]), when);
  const cut = timed.length > MOST_TIMES ? say("The first {shown} of {count} rows are drawn.", { shown: MOST_TIMES, count: number(timed.length) }) : "";
  const items = timed.slice(0, SHOWN).map((row) => {
    const texts = others.filter((name) => row[name]).map((name) => value(row[name], names, here));
    const parts = texts.flatMap((part, place) => (place ? [" · ", part] : [part]));
    return element(
      "li",
      {},
      element("time", { datetime: row[when].value }, row[when].value),
      " ",
      element("span", {}, ...parts),
    );
  });
  const left = rows.length - timed.length;
  return element(
    "div",
    {},
    element("figure", { class: "overflow", tabindex: "0", "aria-label": say("Timeline") }, picture, element("figcaption", {}, cut)),
    element("ol", { class: "times" }, ...items),
    left ? element("p", {}, say("{count} rows have no {column}.", { count: number(left), column: when })) : "",
  );
}
