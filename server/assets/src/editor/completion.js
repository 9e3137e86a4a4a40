// What is offered while somebody types: prefixes, terms, things, variables and keywords, those first
// that stand in the data with what the query says already.

import { say } from "../words.js";
import { declaration, declared, tokens } from "./tokens.js";
import { termOf } from "./vocabulary.js";

const KEYWORDS = (
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION VALUES BIND GRAPH MINUS PREFIX ORDER GROUP BY HAVING " +
  "LIMIT OFFSET ASK CONSTRUCT DESCRIBE EXISTS NOT AS IN ASC DESC COUNT SUM MIN MAX AVG SAMPLE " +
  "GROUP_CONCAT STR LANG LCASE UCASE CONTAINS STRSTARTS REGEX BOUND COALESCE IF YEAR"
).split(" ");
const MOST = 60;

/** Return a source of completions (CodeMirror's autocompletion) for the vocabulary that `get` has. */
export function completions(get, suggest) {
  return async (context) => {
    const word = context.matchBefore(/[?$]?[\p{L}\p{N}_.-]*:?[\p{L}\p{N}_.%-]*/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString();
    const inside = tokens(text).find((one) => one.from < context.pos && one.to >= context.pos);
    if (inside && ["comment", "string", "iri"].includes(inside.kind)) return null;
    if (isInIri(text, context.pos)) return null;
    const vocabulary = get();
    if (/^[?$]/.test(word.text)) return { from: word.from, options: variables(text, word.text) };
    if (!vocabulary) return { from: word.from, options: keywords(word.text) };
    const place = placeOf(text, word.from, vocabulary);
    if (place.kind === "prefix") {
      return { from: word.from, options: declarations(vocabulary, text), filter: true };
    }
    const options = [
      ...terms(vocabulary, text, word.text, place),
      ...(word.text.includes(":") ? [] : prefixes(vocabulary, text, word.text)),
      ...(word.text.includes(":") ? [] : keywords(word.text)),
    ];
    if (!["property", "class"].includes(place.kind) && word.text.length > 1) {
      options.push(...(await things(suggest, vocabulary, text, word.text, context)));
    }
    return options.length ? { from: word.from, options, filter: false } : null;
  };
}

/** Return whether an IRI is being written at `position`, the end of which is still to come. */
export function isInIri(text, position) {
  return /<[^<>"{}|^`\\\s=]+$/.test(text.slice(Math.max(0, position - 2000), position));
}

/** Return what stands at a place: a property, a class, or a value of a property. */
export function placeOf(text, position, vocabulary) {
  const before = tokens(text.slice(0, position)).filter((token) => token.kind !== "comment");
  const names = declared(text);
  const classes = classesOf(text, names, vocabulary);
  const last = before.at(-1);
  const isTerm = (token) => ["variable", "prefixed", "iri"].includes(token?.kind);
  if (last?.kind === "word" && /^prefix$/i.test(last.text)) return { kind: "prefix" };
  if (last?.kind === "word" && last.text === "a") return { kind: "class" };
  if (last?.text === ";") return { kind: "property", of: classes.get(subjectOf(before)) };
  if (!isTerm(last)) return { kind: "any" };
  const one = before.at(-2);
  if (!one || ["{", "}", "."].includes(one.text)) {
    return { kind: "property", of: classes.get(last.text) };
  }
  if (isTerm(one) || one.text === ";") {
    const term = last.kind === "prefixed" ? termOf(vocabulary, last.text, names) : undefined;
    return { kind: term?.name === "rdf:type" ? "class" : "value", property: term };
  }
  return { kind: "any" };
}

/** Return the subject to which a pattern after a semicolon belongs. */
function subjectOf(before) {
  for (let place = before.length - 1; place >= 0; place -= 1) {
    if (["{", "}", "."].includes(before[place].text)) return before[place + 1]?.text;
  }
  return before[0]?.text;
}

/** Return the classes of the variables of a query: `?x a pol:Goal`. */
function classesOf(text, names, vocabulary) {
  const found = new Map();
  const all = tokens(text).filter((token) => token.kind !== "comment");
  let subject;
  all.forEach((token, place) => {
    if (["{", "."].includes(all[place - 1]?.text) || place === 0) subject = token.text;
    const typed = token.text === "a" || token.text === "rdf:type";
    if (typed && all[place + 1]?.kind === "prefixed") {
      const term = termOf(vocabulary, all[place + 1].text, names);
      if (term) found.set(subject, term);
    }
  });
  return found;
}

function terms(vocabulary, text, typed, place) {
  const wanted = typed.toLowerCase();
  const pool =
    place.kind === "class" ? vocabulary.classes
    : place.kind === "property" ? vocabulary.properties
    : [...vocabulary.classes, ...vocabulary.properties, ...vocabulary.others];
  return pool
    .map((term) => [rank(term, wanted, place), term])
    .filter(([score]) => score > 0)
    .sort((one, two) => two[0] - one[0])
    .slice(0, MOST)
    .map(([, term], order) => ({
      label: term.name,
      detail: term.label,
      type: term.kind,
      boost: 99 - order,
      info: () => about(term, place),
      apply: inserted(term.name, vocabulary, text),
    }));
}

/** Return how well a term fits, 0 for not at all: what is typed, then what stands with it, then use. */
function rank(term, typed, place) {
  const name = term.name.toLowerCase();
  const local = name.slice(name.indexOf(":") + 1);
  const label = term.label.toLowerCase();
  let fit = 0;
  if (!typed) fit = 1;
  else if (name.startsWith(typed) || local.startsWith(typed)) fit = 3;
  else if (label.split(" ").some((word) => word.startsWith(typed))) fit = 2;
  else if (typed.length > 2 && (local.includes(typed) || label.includes(typed))) fit = 1;
  if (!fit) return 0;
  const together = place.of?.together.get(term.name) ?? place.property?.leads.get(term.name) ?? 0;
  return fit * 10 + (together ? 100 + Math.log2(together) : 0) + Math.log2(1 + term.count) / 4;
}

function about(term, place) {
  const box = document.createElement("div");
  const together = place.of?.together.get(term.name);
  const lines = [
    term.definition || term.label,
    term.count ? say("Used {count} times.", { count: term.count.toLocaleString("en") }) : "",
    together ? say("{count} times with {name}.", { count: together.toLocaleString("en"), name: place.of.label }) : "",
    term.example.value || term.example.label || "",
  ];
  for (const line of lines.filter(Boolean)) {
    const part = document.createElement("p");
    part.textContent = line;
    box.append(part);
  }
  return box;
}

/** Return what puts `name` in place, and declares its prefix where the query does not. */
function inserted(name, vocabulary, text) {
  const prefix = name.slice(0, name.indexOf(":"));
  const line = vocabulary.prefixes[prefix] ? declaration(text, prefix, vocabulary.prefixes[prefix]) : "";
  return (view, completion, from, to) => {
    view.dispatch({
      changes: [
        ...(line ? [{ from: 0, insert: line }] : []),
        { from, to, insert: name },
      ],
      selection: { anchor: from + line.length + name.length },
      userEvent: "input.complete",
    });
  };
}

function prefixes(vocabulary, text, typed) {
  return Object.entries(vocabulary.prefixes)
    .filter(([name]) => name.startsWith(typed.toLowerCase()))
    .map(([name, iri]) => ({
      label: `${name}:`,
      detail: iri,
      type: "namespace",
      apply: inserted(`${name}:`, vocabulary, text),
    }));
}

function declarations(vocabulary, text) {
  const known = declared(text);
  return Object.entries(vocabulary.prefixes)
    .filter(([name]) => !known.has(name))
    .map(([name, iri]) => ({ label: `${name}: <${iri}>`, type: "namespace" }));
}

function keywords(typed) {
  if (!typed) return [];
  return KEYWORDS.filter((word) => word.startsWith(typed.toUpperCase())).map((word) => ({
    label: word,
    type: "keyword",
    boost: -50,
  }));
}

function variables(text, typed) {
  const found = new Map();
  for (const token of tokens(text)) {
    if (token.kind === "variable") found.set(token.text, (found.get(token.text) ?? 0) + 1);
  }
  if (found.get(typed) === 1) found.delete(typed);
  return [...found.keys()].map((name) => ({ label: name, type: "variable" }));
}

async function things(suggest, vocabulary, text, typed, context) {
  const words = typed.replace(/^(?:id|topic):/, "").replaceAll("-", " ");
  const stop = new AbortController();
  context.addEventListener("abort", () => stop.abort());
  const found = await suggest(words, stop.signal);
  return found.flatMap(({ iri, label, kind, description }) => {
    const name = shortened(iri, vocabulary.prefixes);
    return [
      {
        label: name,
        detail: label,
        info: [kind, description].filter(Boolean).join(". ") || undefined,
        type: "constant",
        boost: -10,
        apply: name.startsWith("<") ? name : inserted(name, vocabulary, text),
      },
    ];
  });
}

/** Return an IRI as a query writes it. */
export function shortened(iri, prefixes) {
  for (const [name, start] of Object.entries(prefixes)) {
    const local = iri.slice(start.length);
    if (iri.startsWith(start) && /^[A-Za-z0-9_][\w-]*$/.test(local)) return `${name}:${local}`;
  }
  return `<${iri}>`;
}
