// Joins the graph with a local file by Comunica: node join.mjs ENDPOINT FILE
import { readFileSync } from "node:fs";
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, file] = process.argv.slice(2);
const found = await new QueryEngine().queryBindings(
  `PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
   SELECT ?thing ?label ?note WHERE {
     ?thing <https://x.example/note> ?note ; rdfs:label ?label .
     FILTER (LANG(?label) = "en")
   }`,
  {
    sources: [
      { type: "sparql", value: endpoint },
      {
        type: "serialized",
        value: readFileSync(file, "utf8"),
        mediaType: "text/turtle",
        baseIRI: "https://x.example/",
      },
    ],
  },
);
const rows = await found.toArray();
console.log(JSON.stringify(rows.map((row) => ["thing", "label", "note"].map((name) => row.get(name).value))));
