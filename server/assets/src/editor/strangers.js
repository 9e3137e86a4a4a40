// Things that a query names and this graph does not hold: whether they are there only the server knows.

import { notThere, namedIris } from "./check.js";
import { ask } from "./endpoint.js";

const MOST = 50; // names that are looked up at once
const KEPT = 1000;
const MEANT = 3;

/** Return a function from a query to diagnostics; `suggest` gives things by name. */
export function strangers(suggest) {
  const known = new Map(); // IRIs that were looked up, with those that may be meant, or null: it is there
  return async (text, vocabulary, cursor) => {
    if (!vocabulary) return [];
    const spaces = ["id", "topic"].map((name) => vocabulary.prefixes[name]).filter(Boolean);
    const all = namedIris(text).filter(
      // What the cursor stands behind is still being typed.
      ({ token, iri }) => spaces.some((one) => iri.startsWith(one) && iri !== one) && token.to !== cursor,
    );
    const asked = [...new Set(all.map(({ iri }) => iri))].filter((iri) => !known.has(iri)).slice(0, MOST);
    if (asked.length) await lookUp(asked, spaces);
    return all.flatMap(({ token, iri, prefixes }) => (known.get(iri) ? [notThere(token, known.get(iri), prefixes)] : []));
  };

  async function lookUp(iris, spaces) {
    if (known.size > KEPT) known.clear();
    let there;
    try {
      there = await held(iris);
    } catch {
      return; // a query too many, or no network: nothing is said
    }
    await Promise.all(
      iris.map(async (iri) => {
        if (there.has(iri)) return known.set(iri, null);
        const words = decode(iri.split("/").pop()).replaceAll(/[-_]/g, " ");
        const meant = (await suggest(words)).map((one) => one.iri).filter((one) => spaces.some((space) => one.startsWith(space)));
        return known.set(iri, meant.slice(0, MEANT));
      }),
    );
  }
}

async function held(iris) {
  const values = iris.map((iri) => `<${iri}>`).join(" ");
  const { rows } = await ask(`SELECT DISTINCT ?thing WHERE {
  VALUES ?thing { ${values} }
  FILTER (EXISTS { ?thing ?property ?value } || EXISTS { ?subject ?other ?thing })
}`);
  return new Set(rows.map((row) => row.thing.value));
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
