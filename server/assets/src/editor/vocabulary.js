// The vocabulary that this graph uses, as /api/vocabulary gives it, indexed for the editor.

/** Return the vocabulary, or null where the server cannot give it. */
export async function loadVocabulary() {
  try {
    const response = await fetch("/api/vocabulary");
    if (!response.ok) return null;
    return indexed(await response.json());
  } catch {
    return null;
  }
}

function indexed({ prefixes, classes, properties, others: named }) {
  for (const term of classes) {
    term.kind = "class";
    term.together = new Map(term.properties);
  }
  for (const term of properties) {
    term.kind = "property";
    term.together = new Map(term.classes);
    term.leads = new Map(term.values);
  }
  const others = Object.entries(named).map(([name, label]) => other(name, label, prefixes));
  const terms = [...others, ...classes, ...properties];
  return {
    prefixes,
    classes,
    properties,
    others,
    byName: new Map(terms.map((term) => [term.name, term])),
    byIri: new Map(terms.map((term) => [term.iri, term])),
  };
}

/** Return a term that no statement of the data has as its property or class, such as a value. */
function other(name, label, prefixes) {
  const [prefix, local] = split(name);
  const iri = name.startsWith("<") ? name.slice(1, -1) : (prefixes[prefix] ?? `${prefix}:`) + local;
  const words = label || local.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return { iri, name, label: words, definition: "", count: 0, kind: "other", together: new Map(), leads: new Map(), example: {} };
}

/** Return the term that `name` means in a query with the prefixes `declared`, or undefined. */
export function termOf(vocabulary, name, prefixes) {
  const [prefix, local] = split(name);
  const start = prefixes.get(prefix) ?? vocabulary.prefixes[prefix];
  return start === undefined ? undefined : vocabulary.byIri.get(start + local);
}

export function split(name) {
  const colon = name.indexOf(":");
  return [name.slice(0, colon), name.slice(colon + 1)];
}

/** Return the terms whose names are nearest to `iri`, at most `most`, the likeliest first. */
export function nearest(vocabulary, iri, most = 3) {
  const local = iri.split(/[/#]/).pop().toLowerCase();
  const scored = [];
  for (const term of vocabulary.byIri.values()) {
    const other = term.iri.split(/[/#]/).pop().toLowerCase();
    const apart = distance(local, other);
    const near = apart <= Math.max(1, Math.floor(local.length / 3));
    const holds = local.length > 3 && (other.includes(local) || local.includes(other));
    const said = term.label.toLowerCase().replaceAll(" ", "") === local;
    if (near || holds || said) scored.push([said ? 0 : apart, -term.count, term]);
  }
  scored.sort((one, two) => one[0] - two[0] || one[1] - two[1]);
  return scored.slice(0, most).map(([, , term]) => term);
}

/** Return how many letters have to be changed, put in, left out or swapped. */
export function distance(one, two) {
  let [before, row] = [[], [...Array(two.length + 1).keys()]];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= two.length; j += 1) {
      const change = one[i - 1] === two[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    [before, row] = [row, next];
  }
  return row[two.length];
}
