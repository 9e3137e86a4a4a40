// Reads documents of JSON-LD by jsonld.js: {address: context, documents: {name: document}} on
// standard input, {name: canonical N-Quads} on standard output.
import { readFileSync } from "node:fs";
import jsonld from "jsonld";

const { address, context, documents } = JSON.parse(readFileSync(0, "utf8"));
const documentLoader = async (url) => {
  if (url !== address) throw new Error(`${url} is not the context of the server`);
  return { contextUrl: null, documentUrl: url, document: context };
};
const options = { algorithm: "URDNA2015", format: "application/n-quads", documentLoader };
const read = {};
for (const [name, document] of Object.entries(documents)) {
  read[name] = await jsonld.canonize(document, options);
}
console.log(JSON.stringify(read));
