// The page /reconcile with scripts: tables of any size are read here, asked for in batches, decided
// by keyboard, and written out again. Nothing leaves the browser but the names.

import { parseTable, readText, toCsv, toSssom } from "./reconcile/table.js";
import { ask, extend } from "./reconcile/service.js";
import { say } from "./words.js";
import { Decisions } from "./reconcile/decisions.js";

const form = document.getElementById("reconcile");
const work = document.getElementById("work");
const BATCH = Math.min(50, Number(form.dataset.batch));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  work.hidden = false;
  work.replaceChildren();
  try {
    await run();
  } catch (error) {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = error.message;
    work.append(message);
  }
});

async function run() {
  const file = form.elements.file.files[0];
  const text = file ? readText(await file.arrayBuffer()) : form.elements.table.value;
  const table = parseTable(text, form.elements.column.value.trim());
  const type = form.elements.type.value;
  const names = [...new Set(table.rows.map((row) => row[table.column].trim()))].filter(Boolean);
  if (names.length === 0) throw new Error(say("There is no name in this column."));

  const { bar, status, stop } = progress(names.length);
  const found = new Map();
  for (let start = 0; start < names.length && !stop.pressed; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    for (const [name, candidates] of await ask(batch, type)) found.set(name, candidates);
    bar.value = Math.min(start + BATCH, names.length);
    status.textContent = say("{done} of {count} names", { done: bar.value, count: names.length });
  }
  const decisions = new Decisions(work, names.filter((name) => found.has(name)), found);
  downloads(table, decisions);
  decisions.show();
}

function progress(total) {
  const bar = document.createElement("progress");
  bar.max = total;
  bar.value = 0;
  bar.setAttribute("aria-label", say("Names that were looked up"));
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const stop = { pressed: false };
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = say("Stop");
  button.addEventListener("click", () => (stop.pressed = true));
  const line = document.createElement("p");
  line.append(bar, " ", status, " ", button);
  work.append(line);
  return { bar, status, stop };
}

function downloads(table, decisions) {
  const line = document.createElement("p");
  add(say("Download CSV"), "reconciled.csv", "text/csv", async () => {
    const chosen = [...form.querySelectorAll("[name=property]:checked")];
    const properties = chosen.map((box) => [box.value, box.parentElement.textContent.trim()]);
    const things = new Map([...decisions.decided()].map(([name, one]) => [name, one.candidate]));
    const ids = [...new Set([...things.values()].map((one) => one.id))];
    const values = await extend(ids, properties.map(([id]) => id), BATCH);
    return toCsv(table, things, properties, values);
  });
  add(say("Download SSSOM"), "names.sssom.tsv", "text/tab-separated-values", async () =>
    toSssom(decisions.decided()),
  );
  work.append(line);

  function add(label, name, type, make) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([await make()], { type }));
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    });
    line.append(button, " ");
  }
}
