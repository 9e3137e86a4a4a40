// What can be seen wrong before a query is sent: prefixes without a declaration, terms that this graph
// does not have, brackets without their other half.

import { say } from "../words.js";
import { declaration, declared, tokens } from "./tokens.js";
import { nearest, split } from "./vocabulary.js";

const PAIRS = { "}": "{", ")": "(", "]": "[" };

/** Return CodeMirror diagnostics for `text`. */
export function faults(text, vocabulary) {
  const all = tokens(text).filter((token) => token.kind !== "comment");
  return [...brackets(all), ...(vocabulary ? names(text, all, vocabulary) : [])];
}

function brackets(all) {
  const open = [];
  const found = [];
  for (const token of all) {
    if ("{([".includes(token.text) && token.kind === "sign") open.push(token);
    if (token.kind === "sign" && PAIRS[token.text]) {
      if (open.at(-1)?.text === PAIRS[token.text]) open.pop();
      else found.push(fault(token, "error", say("Nothing opens this {sign}", { sign: token.text })));
    }
  }
  return found;
}

function names(text, all, vocabulary) {
  const known = declared(text);
  const found = [];
  all.forEach((token, place) => {
    const isDeclaration = /^prefix$/i.test(all[place - 1]?.text ?? "");
    // An IRI without its end is a fault that the server explains.
    const isInIri = all[place - 1]?.text === "<" && all[place - 1].to === token.from;
    if (token.kind === "prefixed" && !isDeclaration && !isInIri) {
      const [prefix, local] = split(token.text);
      const start = known.get(prefix);
      if (start === undefined) found.push(undeclared(token, prefix, text, vocabulary));
      else if (local) found.push(unknown(token, start + local, known, vocabulary));
    } else if (token.kind === "iri" && !isIriOfPrefix(all, place)) {
      found.push(unknown(token, token.text.slice(1, -1), known, vocabulary));
    }
  });
  return found.filter(Boolean);
}

function isIriOfPrefix(all, place) {
  return /^prefix$/i.test(all[place - 2]?.text ?? "") || /^base$/i.test(all[place - 1]?.text ?? "");
}

function undeclared(token, prefix, text, vocabulary) {
  const iri = vocabulary.prefixes[prefix];
  const actions = iri
    ? [
        {
          name: say("Declare {prefix}:", { prefix }),
          apply(view) {
            view.dispatch({ changes: { from: 0, insert: declaration(text, prefix, iri) } });
          },
        },
      ]
    : [];
  const remedy = iri ? "" : " " + say("Known prefixes are offered after the word PREFIX.");
  return fault(token, "error", `${say("The prefix {prefix}: is not declared.", { prefix })}${remedy}`, actions);
}

/** Return a warning for a term of a namespace of the vocabulary that no statement has. */
function unknown(token, iri, known, vocabulary) {
  const namespace = iri.replace(/[^/#]*$/, "");
  const isTerm = [...vocabulary.byIri.keys()].some((one) => one.startsWith(namespace));
  if (vocabulary.byIri.has(iri) || !isTerm) return null;
  // Things have names of the same kind; only terms are known completely.
  if (["id", "topic", "graph"].some((name) => vocabulary.prefixes[name] === namespace)) return null;
  if (namespace === vocabulary.prefixes.xsd) return null;
  return notThere(token, nearest(vocabulary, iri).map((term) => term.iri), known);
}

/** Return a warning for a name that is not in the graph, with those that may be `meant`. */
export function notThere(token, meant, known) {
  const names = meant.map((iri) => written(iri, known));
  const or = say(" or ");
  const remedy = names.length ? " " + say("Did you mean {names}?", { names: names.join(or) }) : "";
  return fault(
    token,
    "warning",
    `${say("Nothing in this graph uses {term}.", { term: token.text })}${remedy}`,
    names.map((name) => ({
      name: say("Write {name}", { name }),
      apply(view, from, to) {
        view.dispatch({ changes: { from, to, insert: name } });
      },
    })),
  );
}

/** Return the names in `text`: token, IRI, and the prefixes that the query declares. */
export function namedIris(text) {
  const all = tokens(text).filter((token) => token.kind !== "comment");
  const prefixes = declared(text);
  return all.flatMap((token, place) => {
    if (token.kind === "iri") {
      return isIriOfPrefix(all, place) ? [] : [{ token, iri: token.text.slice(1, -1), prefixes }];
    }
    if (token.kind !== "prefixed" || /^prefix$/i.test(all[place - 1]?.text ?? "")) return [];
    const [prefix, local] = split(token.text);
    return prefixes.has(prefix) ? [{ token, iri: prefixes.get(prefix) + local, prefixes }] : [];
  });
}

function written(iri, known) {
  for (const [prefix, start] of known) {
    if (iri.startsWith(start)) return `${prefix}:${iri.slice(start.length)}`;
  }
  return `<${iri}>`;
}

function fault(token, severity, message, actions = []) {
  return { from: token.from, to: token.to, severity, message, actions };
}

/** Return the diagnostic for a problem document of the endpoint that says line and column. */
export function reported(problem, doc) {
  if (!problem.line) return null;
  const line = doc.line(Math.min(problem.line, doc.lines));
  // Columns count code points, CodeMirror counts UTF-16 units.
  const before = [...line.text].slice(0, Math.max(0, (problem.column ?? 1) - 1)).join("").length;
  const from = Math.min(line.from + before, doc.length);
  const word = /^[\p{L}\p{N}_:.-]+|^./u.exec(line.text.slice(before));
  const to = Math.min(from + (word ? word[0].length : 0), doc.length);
  const place = from === to && from > 0 ? { from: from - 1, to } : { from, to };
  return { ...place, severity: "error", message: `${problem.detail}. ${problem.remedy ?? ""}`.trim() };
}
