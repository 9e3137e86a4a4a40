// The query as a program in four languages, which runs as it is copied.

/** Return the programs by name; `endpoint` is the address of the server, `isGraph` the kind of answer. */
export function programs(query, endpoint, isGraph) {
  return {
    curl: curl(query, endpoint, isGraph),
    Python: python(query, endpoint, isGraph),
    R: r(query, endpoint, isGraph),
    JavaScript: javascript(query, endpoint, isGraph),
  };
}

function curl(query, endpoint, isGraph) {
  const accept = isGraph ? "text/turtle" : "text/csv";
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl --fail-with-body -H 'Accept: ${accept}' --data-urlencode ${quoted(`query=${query}`)} ${quoted(endpoint)}`;
}

function python(query, endpoint, isGraph) {
  const plain = !/\\|"""|"$/.test(query);
  const text = plain ? `"""${query}"""` : JSON.stringify(query);
  const read = isGraph
    ? "    print(response.read().decode())"
    : `    for row in csv.DictReader(io.TextIOWrapper(response, "utf-8", newline="")):
        print(row)`;
  return `import csv
import io
from urllib.parse import urlencode
from urllib.request import Request
from urllib.request import urlopen

query = ${text}
request = Request(
    ${JSON.stringify(endpoint)},
    data=urlencode({"query": query}).encode(),
    headers={"Accept": ${JSON.stringify(isGraph ? "text/turtle" : "text/csv")}},
)
with urlopen(request) as response:
${read}
`;
}

function r(query, endpoint, isGraph) {
  // A raw string needs a bracket that does not stand in the query.
  const dashes = ["", "-", "--", "---"].find((one) => !query.includes(`)${one}"`)) ?? "----";
  const url = `paste0("${endpoint}?format=${isGraph ? "ttl" : "csv"}&query=", URLencode(query, reserved = TRUE))`;
  const read = isGraph
    ? `cat(readLines(${url}), sep = "\\n")`
    : `answer <- read.csv(${url})\nprint(answer)`;
  return `query <- r"${dashes}(${query})${dashes}"\n${read}\n`;
}

function javascript(query, endpoint, isGraph) {
  const body = isGraph
    ? "console.log(await response.text());"
    : `const { results } = await response.json();
for (const row of results.bindings) {
  console.log(Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])));
}`;
  return `// In a browser's console, or with Node.js 18 or later as a file that ends in .mjs
const query = ${JSON.stringify(query).replaceAll("\\n", "\\n\" +\n  \"")};
const response = await fetch(${JSON.stringify(endpoint)}, {
  method: "POST",
  headers: { Accept: ${JSON.stringify(isGraph ? "text/turtle" : "application/sparql-results+json")} },
  body: new URLSearchParams({ query }),
});
if (!response.ok) throw new Error(await response.text());
${body}
`;
}
