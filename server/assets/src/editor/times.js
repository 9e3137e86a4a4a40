// Times of an answer on a line, each as long as it is precise: a day, a month, a year, or from one to another.

import { say } from "../words.js";
import { drawn } from "./dom.js";

const DATED = /#(?:date|dateTime|dateTimeStamp|gYear|gYearMonth)$/;
const TIMED = /^(?:when|time|date|year|month|issued|published)|(?:When|Time|Date|Year)$/;
// What the Extended Date/Time Format has for a time that is written down; ends may be open.
const ONE = String.raw`-?\d{4}(?:-\d{2}(?:-\d{2})?)?[?~%]?`;
const EDTF = new RegExp(String.raw`^(?:${ONE}|(?:${ONE}|\.\.)?/(?:${ONE}|\.\.)?)$`);
const DAY = 86_400_000;
const [WIDTH, LEFT, ROW] = [720, 250, 20];

export const MOST_TIMES = 60; // lines of a picture

/** Return the columns that hold times and nothing else. */
export function timeColumns({ columns, rows }) {
  return columns.filter((name) => {
    const terms = rows.map((row) => row[name]).filter(Boolean);
    return terms.length > 0 && terms.every((term) => isTime(name, term)) && terms.some((term) => span(term.value));
  });
}

function isTime(name, { type, value, datatype = "" }) {
  if (type !== "literal") return false;
  if (DATED.test(datatype)) return true;
  // Four digits may be any number: they are a year where the column says that it has times.
  return /#string$|^$|EDTF$/.test(datatype) && EDTF.test(value) && (TIMED.test(name) || /EDTF$/.test(datatype));
}

/** Return when a time begins and ends, in milliseconds, or null for what cannot be drawn. */
export function span(text) {
  if (text.includes("/")) {
    const [from, to] = text.split("/").map((part) => span(part));
    return from || to ? [(from ?? to)[0], (to ?? from)[1]] : null;
  }
  const match = /^(-?\d{4,})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(text);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map((part) => (part ? Number(part) : null));
  const from = instant(year, (month ?? 1) - 1, day ?? 1);
  if (day) return [from, from + DAY];
  return [from, month ? instant(year, month, 1) : instant(year + 1, 0, 1)];
}

function instant(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}

/** Return the picture of `items`: [time as it is written, name], in their order. */
export function timePicture(items, when) {
  const drawable = items.map(([text, name]) => [span(text), text, name]).filter(([one]) => one).slice(0, MOST_TIMES);
  const first = Math.min(...drawable.map(([one]) => one[0]));
  const last = Math.max(...drawable.map(([one]) => one[1]));
  const x = (time) => LEFT + ((time - first) / Math.max(last - first, 1)) * (WIDTH - LEFT - 10);
  const height = drawable.length * ROW + 24;
  const picture = drawn("svg", {
    viewBox: `0 0 ${WIDTH} ${height}`,
    class: "chart lines",
    role: "img",
    "aria-label": say("Line of times by {when}; the list beneath has the same", { when }),
  });
  for (const year of years(first, last)) {
    const at = x(instant(year, 0, 1)).toFixed(1);
    if (Number(at) < LEFT) continue;
    picture.append(
      drawn("line", { x1: at, x2: at, y1: 0, y2: height - 18 }),
      drawn("text", { x: at, y: height - 4, "text-anchor": "middle" }, String(year)),
    );
  }
  drawable.forEach(([[from, to], text, name], place) => {
    const bar = drawn("rect", { x: x(from).toFixed(1), y: place * ROW + 4, width: Math.max(x(to) - x(from), 4).toFixed(1), height: ROW - 8, rx: 2 });
    bar.append(drawn("title", {}, `${text} ${name}`));
    const shown = name.length > 32 ? `${name.slice(0, 31)}…` : name;
    picture.append(drawn("text", { x: LEFT - 8, y: place * ROW + 15, "text-anchor": "end" }, shown || text), bar);
  });
  return picture;
}

/** Return years for the marks of the line, not too many of them. */
function years(first, last) {
  const [from, to] = [first, last].map((time) => new Date(time).getUTCFullYear());
  const step = [1, 2, 5, 10, 20, 50, 100, 500].find((one) => (to - from) / one <= 8) ?? 1000;
  const found = [];
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) found.push(year);
  return found;
}
