// Reads a JSON object of queries by name from standard input; writes what is wrong with each, by name.

import { readFileSync } from "node:fs";
import sparqljs from "sparqljs";

const wrong = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  try {
    const { type, queryType } = new sparqljs.Parser().parse(text);
    if (type !== "query" || queryType !== "SELECT") wrong[name] = `a ${queryType ?? type}`;
  } catch (error) {
    wrong[name] = error.message;
  }
}
process.stdout.write(JSON.stringify(wrong));
