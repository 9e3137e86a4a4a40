// Asks by following the IRIs of the graph, by Comunica's link traversal: node follow.mjs BASE SERVER
//
// The server is not the public host of the IRIs, so what is asked under BASE goes to it, as the
// redirect rules of that host would have it; nothing else is asked.
import { QueryEngine } from "@comunica/query-sparql-link-traversal";

const [base, server] = process.argv.slice(2);
const asked = [];
const through = (input) => {
  const url = typeof input === "string" ? input : input.url;
  if (!url.startsWith(base)) return Promise.reject(new Error(`${url} is elsewhere`));
  asked.push(url.slice(base.length));
  // Its first choice would be N-Quads, and it follows no links out of named graphs.
  return fetch(server + url.slice(base.length), { headers: { accept: "text/turtle" } });
};
const found = await new QueryEngine().queryBindings(
  `PREFIX pol: <https://w3id.org/policykg/ontology#>
   PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
   SELECT DISTINCT ?name ?other WHERE {
     <${base}id/national-action-plan> pol:policyOf ?country .
     ?country rdfs:label ?name .
     <${base}id/national-action-plan> pol:follows ?earlier .
     ?earlier rdfs:label ?other .
   }`,
  { lenient: true, fetch: through, sources: [`${base}id/national-action-plan`] },
);
const rows = await found.toArray();
console.log(JSON.stringify({ rows: rows.map((row) => ["name", "other"].map((name) => row.get(name).value)), asked }));
