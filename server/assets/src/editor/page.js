// The editor's page: the form becomes a workbench, the schema beside it a way to insert patterns.

import { codeEditor } from "./code.js";
import { faults, reported } from "./check.js";
import { completions } from "./completion.js";
import { button, element, keep } from "./dom.js";
import { ask, download, labels, Problem } from "./endpoint.js";
import { formatted } from "./format.js";
import { History } from "./history.js";
import { placesOf } from "./places.js";
import { programs } from "./programs.js";
import { counted, shown, SHOWN } from "./results.js";
import { schemaPanel } from "./schema.js";
import { packed, unpacked } from "./share.js";
import { say } from "../words.js";
import { strangers } from "./strangers.js";
import { loadVocabulary } from "./vocabulary.js";

const ROW_FORMATS = {
  CSV: ["text/csv", "csv"],
  TSV: ["text/tab-separated-values", "tsv"],
  JSON: ["application/sparql-results+json", "json"],
  XML: ["application/sparql-results+xml", "xml"],
};
const GRAPH_FORMATS = {
  Turtle: ["text/turtle", "ttl"],
  "N-Triples": ["application/n-triples", "nt"],
  "RDF/XML": ["application/rdf+xml", "rdf"],
  "JSON-LD": ["application/ld+json", "jsonld"],
};

/** Put the editor in place of the form's text field. */
export async function startEditor(form) {
  const area = form.querySelector("textarea");
  const { base, ontology, endpoint } = form.dataset;
  const suggest = (words, signal) => suggestions(form.dataset.suggestions, words, signal);
  const unheardOf = strangers(suggest);
  const history = new History();
  let vocabulary = null;
  let running = null;
  let marks = [];

  const host = element("div", { class: "code", dir: "ltr" });
  const status = element("p", { class: "count", role: "status" });
  const clock = element("span", { class: "clock", "aria-hidden": "true" });
  const problem = element("div", { class: "problem", role: "alert", hidden: true });
  const answerPlace = element("section", { "aria-label": say("Answer"), class: "answer", hidden: true });
  const past = element("ol", { class: "past" });

  const runButton = button(say("Run"), () => run(), { "aria-keyshortcuts": "Control+Enter" });
  const cancelButton = button(say("Cancel"), () => running?.abort(), { disabled: true, class: "quiet" });
  const shareButton = button(say("Share"), share, { class: "quiet" });
  const formatButton = button(say("Format"), layOut, { class: "quiet", "aria-keyshortcuts": "Shift+Alt+F" });
  const tools = element("div", { class: "actions", role: "group", "aria-label": say("Query") });
  tools.append(runButton, cancelButton, formatButton, shareButton, clock);
  const shared = element("p", { class: "shared", hidden: true });

  form.querySelectorAll(".plain").forEach((part) => part.remove());
  area.closest(".field").hidden = true;
  area.required = false;
  const keys = element("p", { class: "keys" }, say("Ctrl+Space offers what fits at the cursor, Ctrl+Enter runs the query."));
  form.append(host, keys, tools, shared);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  document.querySelector("#plain-answer")?.remove();
  document.querySelector("#terminal-section")?.remove();
  form.after(status, problem, answerPlace, programPanel(), historyPanel());

  const inFragment = await unpacked(location.hash);
  const inAddress = new URLSearchParams(location.search).has("query");
  const editor = codeEditor(host, {
    text: inFragment ?? (inAddress ? area.value : (history.draft ?? area.value)),
    source: completions(() => vocabulary, suggest),
    async check(doc, cursor) {
      const strange = await unheardOf(doc.toString(), vocabulary, cursor);
      return [...faults(doc.toString(), vocabulary), ...strange, ...marks];
    },
    run: () => run(),
    format: layOut,
    changed(text) {
      marks = [];
      history.draft = text;
    },
  });
  window.addEventListener("hashchange", async () => {
    const text = await unpacked(location.hash);
    if (text !== null) editor.text = text;
  });
  vocabulary = await loadVocabulary();
  editor.mark(faults(editor.text, vocabulary));
  schemaPanel(editor, inAddress ? "" : area.defaultValue, () => vocabulary?.prefixes ?? {});
  if (inAddress && inFragment === null) run();

  async function run() {
    if (running) return;
    const query = editor.text;
    const stop = (running = new AbortController());
    const began = performance.now();
    const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
    const tick = setInterval(() => (clock.textContent = `${seconds()} s`), 100);
    cancelButton.disabled = false;
    runButton.disabled = true;
    problem.hidden = true;
    status.textContent = say("Running…");
    history.add({ query, at: new Date().toISOString(), ms: null, rows: null });
    try {
      const answer = await ask(query, stop.signal);
      const ms = Math.round(performance.now() - began);
      const [names, places] = await Promise.all([labels(irisIn(answer)), placesOf(answer)]);
      status.textContent = say("{counted}, in {seconds} s.", { counted: counted(answer), seconds: (ms / 1000).toFixed(2) });
      show(query, answer, names, places);
      history.add({ query, at: new Date().toISOString(), ms, rows: answer.rows?.length ?? null });
    } catch (error) {
      if (error.name === "AbortError") {
        status.textContent = say("Cancelled after {seconds} s; the server has stopped.", { seconds: seconds() });
      } else if (error instanceof Problem) fail(error);
      else throw error;
    } finally {
      clearInterval(tick);
      clock.textContent = "";
      running = null;
      runButton.disabled = false;
      cancelButton.disabled = true;
      listHistory();
    }
  }

  function fail(error) {
    status.textContent = "";
    problem.replaceChildren(element("p", {}, element("strong", {}, `${error.detail}.`)));
    const mark = reported(error, editor.view.state.doc);
    if (mark) {
      marks = [mark];
      editor.mark([...faults(editor.text, vocabulary), mark]);
      const where = say("Line {line}, column {column}", { line: error.line, column: error.column });
      problem.append(element("p", {}, button(where, () => editor.showAt(mark.from), { class: "quiet" })));
    }
    if (error.remedy) problem.append(element("p", {}, `${say("What to do:")} ${error.remedy}`));
    problem.hidden = false;
  }

  function show(query, answer, names, places) {
    const formats = answer.turtle === undefined ? ROW_FORMATS : GRAPH_FORMATS;
    const buttons = Object.entries(formats).map(([name, [mediaType, extension]]) =>
      button(say("Download {format}", { format: name }), async () => {
        try {
          keep(`answer.${extension}`, await download(query, mediaType));
        } catch (error) {
          fail(error);
        }
      }, { class: "quiet" }),
    );
    answerPlace.replaceChildren(
      element("h2", {}, say("Answer")),
      element("div", { class: "actions", role: "group", "aria-label": say("Downloads") }, ...buttons),
      shown(answer, names, local, places),
    );
    if (answer.rows?.length === 0) {
      answerPlace.append(
        element("p", {}, say("Nothing in the graph fits. Leave out a pattern at a time to see which one; marked terms are not used in this data.")),
      );
    }
    answerPlace.hidden = false;
  }

  async function share() {
    const address = location.origin + location.pathname + (await packed(editor.text));
    window.history.replaceState(null, "", address);
    let copied = true;
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      copied = false;
    }
    const field = element("input", { type: "text", readonly: true, "aria-label": say("Address of this query") });
    field.value = address;
    shared.replaceChildren(`${copied ? say("Copied:") : say("Copy this address:")} `, field);
    shared.hidden = false;
    field.select();
  }

  function layOut() {
    editor.text = formatted(editor.text);
  }

  /** Return the address here of a thing of this graph, or null. */
  function local(iri) {
    if (iri === ontology || iri.startsWith(`${ontology}#`)) {
      return `/ontology${iri.length > ontology.length ? `/${iri.slice(ontology.length + 1)}` : ""}`;
    }
    const rest = iri.startsWith(base) ? iri.slice(base.length) : "";
    return /^(?:id|topic|graph)\/./.test(rest) ? `/${rest}` : null;
  }

  function programPanel() {
    const picked = element("select", { "aria-label": say("Language") });
    const text = element("pre", { tabindex: "0", "aria-label": say("Program"), dir: "ltr" });
    const said = element("span", { role: "status" });
    const write = () => {
      const isGraph = /^\s*(?:CONSTRUCT|DESCRIBE)\b/im.test(editor.text.replace(/#[^\n]*|<[^>]*>/g, ""));
      text.textContent = programs(editor.text, endpoint, isGraph)[picked.value];
      said.textContent = "";
    };
    picked.append(...["curl", "Python", "R", "JavaScript"].map((name) => element("option", {}, name)));
    picked.addEventListener("change", write);
    const copy = button(say("Copy"), async () => {
      write();
      try {
        await navigator.clipboard.writeText(text.textContent);
        said.textContent = say("Copied.");
      } catch {
        getSelection().selectAllChildren(text);
        said.textContent = say("Selected; copy it by the keyboard.");
      }
    }, { class: "quiet" });
    const panel = element("details", {}, element("summary", {}, say("Copy as a program")));
    panel.append(element("p", { class: "actions" }, picked, copy, said), text);
    panel.addEventListener("toggle", () => panel.open && write());
    return panel;
  }

  function historyPanel() {
    const panel = element("details", {}, element("summary", {}, say("History")), past);
    const save = button(say("Download history"), () => {
      keep("queries.json", new Blob([JSON.stringify(history.entries, null, 1)], { type: "application/json" }));
    }, { class: "quiet" });
    const clear = button(say("Forget all"), () => {
      if (!confirm(say("Forget {count} queries?", { count: history.entries.length }))) return;
      history.clear();
      listHistory();
    }, { class: "quiet" });
    panel.append(element("p", { class: "actions" }, save, clear));
    panel.addEventListener("toggle", () => panel.open && listHistory());
    return panel;
  }

  function listHistory() {
    const items = history.entries.slice(0, 200).map(({ query, at, ms, rows }) => {
      const told = [
        new Date(at).toLocaleString("en"),
        rows === null ? "" : say("{count} rows", { count: rows }),
        ms === null ? "" : `${ms} ms`,
      ];
      const first = query.split("\n").find((line) => line.trim() && !/^\s*PREFIX/i.test(line)) ?? query;
      const take = button(first.slice(0, 100), () => {
        editor.text = query;
        editor.view.focus();
      }, { class: "quiet" });
      return element("li", {}, take, " ", element("small", {}, told.filter(Boolean).join(", ")));
    });
    const full = history.kept ? [] : [element("li", {}, say("The browser keeps no more: download the history."))];
    past.replaceChildren(...full, ...items);
  }
}

/** Return things by name, from the server's address for that if it has one. */
async function suggestions(address, words, signal) {
  if (!address) return [];
  try {
    const response = await fetch(`${address}?q=${encodeURIComponent(words)}`, { signal });
    if (!response.ok) return [];
    const found = await response.json();
    return found.suggestions ?? found.results ?? found.hits ?? [];
  } catch {
    return [];
  }
}

function irisIn({ rows, columns }) {
  const found = new Set();
  for (const row of (rows ?? []).slice(0, SHOWN)) {
    for (const name of columns) if (row[name]?.type === "uri") found.add(row[name].value);
  }
  return found;
}
