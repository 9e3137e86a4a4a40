// Which columns of an answer say where something is: coordinates, or countries of the graph.

import { ask } from "./endpoint.js";

const POINT = /^\s*(?:<([^>]*)>\s*)?POINT\s*Z?\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)/i;
const LATITUDE = /^lat(?:itude)?$|(?:Lat|Latitude|_lat)$/;
const LONGITUDE = /^(?:lon|long|lng|longitude)$|(?:Long?|Lng|Longitude|_long?)$/;
const CODE = /^(?:[A-Z]{2,3}|\d{1,3})$/;
const CODED = /code|country|iso/i;
// Codes of ISO 3166 of the countries of the graph, which their links to other datasets give.
const COUNTRIES = `PREFIX pol: <https://w3id.org/policykg/ontology#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?country ?same ?code WHERE {
  ?country a pol:Country ; schema:sameAs ?same .
  { ?same skos:notation ?code } UNION { ?same dcterms:identifier ?code }
} LIMIT 10000`;
let asked;

/** Return what finds the place of a row: {points} or {countries}, or null if no column says one. */
export async function placesOf(answer) {
  if (!answer.rows?.length) return null;
  const point = points(answer);
  if (point) return { point };
  const columns = answer.columns.filter((name) => answer.rows.some((row) => mayBeCountry(name, row[name])));
  if (!columns.length) return null;
  asked ??= load();
  const known = await asked;
  const column = columns.find((name) => answer.rows.some((row) => known.has(row[name]?.value)));
  return column ? { column, country: (row) => known.get(row[column]?.value) ?? null } : null;
}

/** Return a function from a row to its [longitude, latitude] or null, if the answer has such columns. */
function points({ columns, rows }) {
  const written = columns.find((name) => rows.some((row) => POINT.test(row[name]?.value ?? "")));
  if (written) return (row) => read(row[written]?.value ?? "");
  const [latitude, longitude] = [LATITUDE, LONGITUDE].map((form) => columns.find((name) => form.test(name)));
  if (!latitude || !longitude) return null;
  const found = (row) => inside(row[longitude]?.value, row[latitude]?.value);
  return rows.some(found) ? found : null;
}

function read(text) {
  const match = POINT.exec(text);
  if (!match) return null;
  // GeoSPARQL has the longitude first, unless the reference system says otherwise.
  return match[1]?.endsWith("/4326") ? inside(match[3], match[2]) : inside(match[2], match[3]);
}

function inside(longitude, latitude) {
  const place = [longitude, latitude].map((one) => (one === undefined || one === "" ? NaN : Number(one)));
  return Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90 ? place : null;
}

function mayBeCountry(name, term) {
  if (!term) return false;
  return term.type === "uri" || (CODED.test(name) && CODE.test(term.value));
}

/** Return the number of ISO 3166, three digits, of each country by its IRIs and its codes. */
async function load() {
  const byCountry = new Map();
  try {
    for (const { country, same, code } of (await ask(COUNTRIES)).rows) {
      const known = byCountry.get(country.value) ?? new Set([country.value]);
      byCountry.set(country.value, known.add(same.value).add(code.value));
    }
  } catch {
    asked = undefined; // the next answer may find them
  }
  const found = new Map();
  for (const names of byCountry.values()) {
    const digits = [...names].find((name) => /^\d{1,3}$/.test(name));
    if (digits) for (const name of names) found.set(name, digits.padStart(3, "0"));
  }
  return found;
}
