// The picture of the graph, to explore: what the page says in tables, drawn, and changed in step.
// The server knows what is shown; each step is an address, which can be shared and gone back to.

import { drawing } from "./picture/drawing.js";
import { exportPng, exportSvg } from "./picture/export.js";
import { listenToKeys } from "./picture/keys.js";

const explorer = document.getElementById("explorer");
if (explorer) start(explorer);

async function start(explorer) {
  const canvas = explorer.querySelector(".canvas");
  const told = explorer.querySelector(".selected");
  const change = explorer.querySelector("[data-do=change]");
  let steps = 0;

  const picture = drawing(canvas, {
    selected: (thing) => {
      told.textContent = thing ? `${thing.label} – ${thing.kind} (${thing.links})` : "";
      change.disabled = !thing?.change;
      change.textContent = change.dataset[thing?.opened ? "close" : "open"];
    },
    opened: (thing) => thing.change && go(thing.change),
  });

  const json = await read(dataAddress(location.href), "json");
  for (const one of explorer.querySelectorAll(".still")) one.hidden = true;
  for (const one of explorer.querySelectorAll(".canvas, .tools, #keys")) one.hidden = false;
  picture.show(json);
  canvas.dataset.ready = "true";

  listenToKeys(canvas, picture, (thing) => location.assign(thing.page));
  explorer.addEventListener("click", (event) => {
    const step = event.target.closest("a[data-step]");
    if (step && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(step.href);
    }
    const tool = event.target.closest("button[data-do]");
    if (tool) tools[tool.dataset.do](tool);
  });
  explorer.addEventListener("submit", (event) => {
    event.preventDefault();
    go(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
  });
  explorer.addEventListener("change", (event) => event.target.form?.requestSubmit());
  explorer.addEventListener("focusin", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) picture.select(step.dataset.step);
  });
  addEventListener("popstate", () => go(location.href, false));

  const tools = {
    "zoom-in": () => picture.zoom(1.3),
    "zoom-out": () => picture.zoom(1 / 1.3),
    whole: () => picture.whole(),
    change: () => picture.selected() && go(picture.selected().change),
    png: () => exportPng(picture, explorer.dataset.start),
    svg: () => exportSvg(picture, explorer.dataset.start, document.querySelector("h1").textContent),
    share: async (tool) => {
      try {
        await navigator.clipboard.writeText(location.href);
        told.textContent = tool.dataset.done;
      } catch {
        told.textContent = tool.dataset.else;
      }
    },
  };

  /** Show what is at an address: the tables and the picture, or the page itself if that fails. */
  async function go(wanted, isNew = true) {
    const step = ++steps;
    const address = inLanguage(wanted);
    try {
      const [text, json] = await Promise.all([
        read(address, "text"),
        read(dataAddress(address), "json"),
      ]);
      if (step !== steps) return;
      const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("shown");
      const shown = document.getElementById("shown");
      const kept = keptFocus(shown);
      const open = shown.querySelector("details").open;
      shown.replaceWith(fresh);
      fresh.querySelector("details").open ||= open;
      kept(fresh);
      picture.show(json);
      if (isNew) history.pushState(null, "", address);
    } catch {
      location.assign(address);
    }
  }
}

/** Return a function that puts the focus where it was, in the new content. */
function keptFocus(shown) {
  const at = document.activeElement;
  if (!shown.contains(at)) return () => {};
  const { step } = at.dataset;
  const selector = step
    ? `[data-step="${CSS.escape(step)}"]`
    : `${at.localName}[name="${CSS.escape(at.name ?? "")}"][value="${CSS.escape(at.value ?? "")}"]`;
  return (fresh) => (fresh.querySelector(selector) ?? fresh.querySelector("summary")).focus();
}

/** Return the address, in the language that the address of the page asks for. */
function inLanguage(address) {
  const url = new URL(address, location.href);
  const language = new URLSearchParams(location.search).get("lang");
  if (language && !url.searchParams.has("lang")) url.searchParams.append("lang", language);
  return url.href;
}

function dataAddress(address) {
  const url = new URL(address, location.href);
  url.pathname += ".json";
  return url;
}

async function read(address, form) {
  const response = await fetch(address, {
    headers: { Accept: form === "json" ? "application/json" : "text/html" },
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return response[form]();
}
