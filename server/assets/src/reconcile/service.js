// Requests to the reconciliation service of this server, in batches as large as it takes.

const ADDRESS = "/reconcile";

/** Return pairs of a name and its candidates. */
export async function ask(names, type) {
  const queries = Object.fromEntries(
    names.map((query, place) => [`q${place}`, { query, limit: 5, ...(type ? { type } : {}) }]),
  );
  const answer = await post({ queries: JSON.stringify(queries) });
  return names.map((name, place) => [name, answer[`q${place}`].result]);
}

/** Return for each thing the texts of each property. */
export async function extend(ids, properties, batch) {
  const rows = {};
  for (let start = 0; start < ids.length && properties.length > 0; start += batch) {
    const query = {
      ids: ids.slice(start, start + batch),
      properties: properties.slice(0, 20).map((id) => ({ id })),
    };
    Object.assign(rows, (await post({ extend: JSON.stringify(query) })).rows);
  }
  return rows;
}

async function post(fields) {
  const response = await fetch(ADDRESS, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error([answer.detail, answer.remedy].filter(Boolean).join(". "));
  return answer;
}
