// Asking the endpoint: what comes back, or what is wrong.

import { say } from "../words.js";

const JSON_RESULTS = "application/sparql-results+json";
const LARGEST = 50_000_000; // bytes of an answer that is read into the page

/** A problem document of the server (RFC 9457), or what stands for one. */
export class Problem extends Error {
  constructor(members) {
    super(members.detail);
    Object.assign(this, { line: null, column: null, remedy: "", ...members });
  }
}

/**
 * Return the answer to `query`: {columns, rows}, {boolean} or {turtle}, with its `text`. An abort of
 * `signal` closes the connection, by which the server ends the query. Raises Problem.
 */
export async function ask(query, signal) {
  const response = await send(query, `${JSON_RESULTS}, text/turtle;q=0.9`, signal);
  const length = Number(response.headers.get("Content-Length") ?? 0);
  if (length > LARGEST) {
    throw new Problem({
      detail: say("The answer is too large to be shown"),
      remedy: say("Download it, or ask for less, by LIMIT."),
    });
  }
  const text = await response.text();
  if (!response.headers.get("Content-Type").startsWith(JSON_RESULTS)) return { turtle: text, text };
  const document = JSON.parse(text);
  if ("boolean" in document) return { boolean: document.boolean, text };
  return { columns: document.head.vars, rows: document.results.bindings, text };
}

/** Return the answer in a format, as a blob to keep. Raises Problem. */
export async function download(query, mediaType) {
  return (await send(query, mediaType)).blob();
}

async function send(query, accept, signal) {
  let response;
  try {
    response = await fetch("/sparql", {
      method: "POST",
      headers: { Accept: accept, "Content-Type": "application/sparql-query" },
      body: query,
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ detail: say("The server cannot be reached"), remedy: say("Try again.") });
  }
  if (response.ok) return response;
  throw new Problem(await response.json().catch(() => ({ detail: say("The server says {status}", { status: response.status }) })));
}

/** Return names of things in the graph by IRI, for those that have one. */
export async function labels(iris) {
  const named = new Map();
  const asked = [...iris].filter((iri) => !/[<>"{}|^`\\\s]/.test(iri)).slice(0, 1000);
  if (!asked.length) return named;
  const values = asked.map((iri) => `<${iri}>`).join(" ");
  const query = `PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing (MIN(?name) AS ?label) WHERE {
  VALUES ?thing { ${values} }
  ?thing rdfs:label|skos:prefLabel ?name .
  FILTER (LANG(?name) IN ("en", ""))
} GROUP BY ?thing`;
  try {
    const { rows } = await ask(query);
    for (const row of rows) if (row.label) named.set(row.thing.value, row.label.value);
  } catch {
    // Names are an addition; the IRIs are there.
  }
  return named;
}
