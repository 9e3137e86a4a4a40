// Tables in and out: CSV of any separator and the usual encodings, and SSSOM.

import { say } from "../words.js";

const SEPARATORS = [",", ";", "\t", "|"];

/** Return the text of a file, its encoding guessed from its first bytes. */
export function readText(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Return header, rows and the place of the column; without separators, lines are names. */
export function parseTable(text, column) {
  text = text.replace(/^\ufeff/, "");
  if (text.trim() === "") throw new Error(say("There is no table. Paste one, or choose a file."));
  const plain = !SEPARATORS.some((sign) => text.includes(sign)) && !text.includes('"');
  if (plain && column === "") text = `name\n${text}`;
  const separator = guess(text);
  const [header, ...rows] = parse(text, separator);
  rows.forEach((row, number) => {
    if (row.slice(header.length).some((cell) => cell.trim() !== "")) {
      throw new Error(say("Row {row} has {cells} cells and the header {columns}.", { row: number + 2, cells: row.length, columns: header.length }));
    }
    while (row.length < header.length) row.push("");
  });
  return { header, rows, separator, column: place(header, column) };
}

function place(header, column) {
  if (column === "") return 0;
  const same = header.flatMap((name, number) => (name.trim() === column ? [number] : []));
  if (same.length > 1) {
    throw new Error(say("Columns {columns} have this header; give a number.", { columns: same.map((n) => n + 1).join(", ") }));
  }
  const number = Number(column);
  if (same.length === 0 && Number.isInteger(number) && number >= 1 && number <= header.length) {
    return number - 1;
  }
  if (same.length === 0) throw new Error(say("There is no such column. Columns: {columns}.", { columns: header.join(", ") }));
  return same[0];
}

function guess(text) {
  const start = text.slice(0, 20000);
  const counts = SEPARATORS.map((sign) => {
    const lengths = parse(start, sign).slice(0, 30).map((row) => row.length);
    return lengths.every((length) => length === lengths[0]) ? lengths[0] : lengths[0] > 1 ? 1 : 0;
  });
  return SEPARATORS[counts.indexOf(Math.max(...counts))];
}

/** Return the rows of RFC 4180, with any separator and line end. */
function parse(text, separator) {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') cell += text[(i += 1)];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === separator) {
      row.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[i + 1] === "\n") i += 1;
      end();
    } else cell += sign;
  }
  if (cell !== "" || row.length > 0) end();
  return rows;

  function end() {
    row.push(cell);
    if (row.length > 1 || cell !== "") rows.push(row);
    row = [];
    cell = "";
  }
}

/** Return the table with what was decided, for spreadsheets: no cell runs as a formula. */
export function toCsv(table, things, properties, values) {
  const head = ["policykg_iri", "policykg_name", "policykg_score"];
  const lines = [[...table.header, ...head, ...properties.map(([, name]) => name)]];
  for (const row of table.rows) {
    const thing = things.get(row[table.column].trim());
    const cells = thing ? [thing.id, thing.name, String(thing.score)] : ["", "", ""];
    const more = properties.map(([id]) =>
      (thing ? (values[thing.id]?.[id] ?? []) : []).map(textOf).join(" | "),
    );
    lines.push([...row, ...cells, ...more]);
  }
  return `\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

function textOf(value) {
  return String(value.name ?? value.str ?? value.int ?? value.float ?? value.date ?? value.bool);
}

function cell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Return what was decided as a mapping set; a decision by a person is told from one by rule. */
export function toSssom(decided) {
  const lines = [
    "#mapping_set_id: https://w3id.org/policykg/mappings/reconciled",
    "#license: https://creativecommons.org/publicdomain/zero/1.0/",
    "#curie_map:",
    '#  name: "https://w3id.org/policykg/names#"',
    "#  skos: http://www.w3.org/2004/02/skos/core#",
    "#  semapv: https://w3id.org/semapv/vocab/",
    [
      "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
      "mapping_justification", "mapping_date", "confidence", "comment",
    ].join("\t"),
  ];
  const today = new Date().toISOString().slice(0, 10);
  for (const [name, { candidate, byPerson }] of decided) {
    const kind = byPerson ? "semapv:ManualMappingCuration" : "semapv:LexicalMatching";
    const cells = [
      `name:${encodeURIComponent(name)}`, name, "skos:closeMatch", candidate.id, candidate.name,
      kind, today, (candidate.score / 100).toFixed(2), candidate.reason,
    ];
    lines.push(cells.map((text) => plain(text)).join("\t"));
  }
  return `${lines.join("\n")}\n`;
}

function plain(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return /^[=+\-@]/.test(line) ? `'${line}` : line;
}
