// The terms of the data beside the editor: found by a few letters, and put into the query by a click.

import { say } from "../words.js";
import { element } from "./dom.js";
import { declaration } from "./tokens.js";

/**
 * Make the links of the list put their patterns into `editor`, and the list one to search. A query that is
 * still `example` gives way to the whole query of a term. `prefixes` gives the prefixes that are known.
 */
export function schemaPanel(editor, example, prefixes) {
  const schema = document.querySelector("#schema-panel");
  if (!schema) return;
  schema.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pattern]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ([example.trim(), ""].includes(editor.text.trim())) {
      editor.text = new URL(link.href).searchParams.get("query");
      editor.view.focus();
    } else insertPattern(editor, link.dataset.pattern, prefixes());
  });
  const field = element("input", { type: "search", id: "schema-search" });
  const groups = [...schema.querySelectorAll("details")].map((part) => ({
    part,
    wasOpen: part.open,
    lines: [...part.querySelectorAll("li[data-term]")],
  }));
  const none = element("p", { role: "status" });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    const left = groups.map((group) => narrowed(group, wanted));
    none.textContent = left.some(Boolean) ? "" : say("No term fits.");
  });
  const label = element("label", { for: "schema-search" }, say("Find a term"));
  schema.querySelector("h2").after(element("p", {}, label, field), none);
}

/** Show the terms that hold what is `wanted`, those with it in their names first; return how many. */
function narrowed({ part, wasOpen, lines }, wanted) {
  const inName = (line) => line.querySelector("code").textContent.toLowerCase().includes(wanted);
  const found = lines.filter((line) => !wanted || line.textContent.toLowerCase().includes(wanted));
  const ordered = wanted ? [...found.filter(inName), ...found.filter((line) => !inName(line))] : lines;
  for (const line of lines) line.hidden = !found.includes(line);
  part.querySelector("ul").append(...ordered);
  part.hidden = !found.length;
  part.open = wanted ? found.length > 0 : wasOpen;
  return found.length;
}

function insertPattern(editor, pattern, prefixes) {
  for (const [, name] of pattern.matchAll(/\b([a-z]\w*):/g)) {
    const iri = prefixes[name];
    const line = iri ? declaration(editor.text, name, iri) : "";
    if (line) editor.view.dispatch({ changes: { from: 0, insert: line } });
  }
  if (!/\bWHERE\b|\{/i.test(editor.text)) {
    editor.text = `${editor.text.trimEnd()}\nSELECT * WHERE {\n  ${pattern}\n}\nLIMIT 100\n`;
    return;
  }
  // A pattern goes to the cursor if that is inside the braces, else before the last one.
  const { view } = editor;
  const [open, close] = [editor.text.indexOf("{"), editor.text.lastIndexOf("}")];
  const cursor = view.state.selection.main.head;
  const at = cursor > open && cursor <= close ? view.state.doc.lineAt(cursor).to : close;
  const place = at > close ? close : at;
  const line = place === close ? `  ${pattern}\n` : `\n  ${pattern}`;
  view.dispatch({ changes: { from: place, insert: line }, selection: { anchor: place + line.length } });
  view.focus();
}
