// Suggestions below the search field while somebody types, after the combobox pattern of the ARIA
// Authoring Practices; the key / leads to the field. Without this script the form works as it is.

const WAIT = 120; // milliseconds without a key before the server is asked
const WORDS = 3;
const field = document.querySelector("#site-search");

if (field) {
  const form = field.form;
  const list = document.createElement("ul");
  list.id = "site-suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  list.hidden = true;
  field.after(list);
  set(field, {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
    autocomplete: "off",
    "aria-keyshortcuts": "/",
  });

  let timer = 0;
  let asked = new AbortController();
  let chosen = -1;

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    // Inside a shadow tree, as the editor is, the event tells its host only.
    const [target] = event.composedPath();
    if (target.isContentEditable || target.closest("input, textarea, select, [role=textbox]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  field.addEventListener("input", () => {
    clearTimeout(timer);
    asked.abort();
    const typed = field.value.trim();
    if (typed) timer = setTimeout(() => ask(typed), WAIT);
    else close();
  });

  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      go(list.children[chosen]);
    } else if (event.key === "ArrowDown" && !list.hidden) {
      event.preventDefault();
      choose(chosen < last ? chosen + 1 : 0);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      event.preventDefault();
      choose(chosen > 0 ? chosen - 1 : last);
    }
  });

  field.addEventListener("blur", () => close());
  // Before the field loses its focus, which closes the list.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });

  async function ask(typed) {
    asked = new AbortController();
    const get = async (path, limit) => {
      const address = `${path}?${new URLSearchParams({ q: typed, limit })}`;
      const response = await fetch(address, { signal: asked.signal });
      return response.ok ? response.json() : {};
    };
    // Who types this many words asks something.
    const isQuestion = typed.split(/\s+/).length >= WORDS;
    try {
      const [things, asking] = await Promise.all([get("/api/suggest", 8), isQuestion ? get("/api/ask", 3) : {}]);
      const questions = (asking.questions ?? []).map(({ sentence, href }) => ({ label: sentence, matched: sentence, href }));
      show([...questions, ...(things.suggestions ?? [])]);
    } catch {
      close(); // abandoned, or without a network: the form still works
    }
  }

  function show(suggestions) {
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    list.replaceChildren(...suggestions.filter((one) => one.href).map(option));
    const open = list.children.length > 0 && document.activeElement === field;
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
  }

  function option({ label, kind, matched, href }, place) {
    const item = document.createElement("li");
    set(item, { id: `site-suggestion-${place}`, role: "option", "aria-selected": "false" });
    item.dataset.href = href;
    item.append(part("bdi", label));
    const beside = [matched !== label ? matched : "", kind].filter(Boolean).join(", ");
    if (beside) item.append(" ", part("small", beside));
    return item;
  }

  function choose(place) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = place;
    const item = list.children[place];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", item.id);
  }

  function close() {
    clearTimeout(timer);
    asked.abort();
    chosen = -1;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function go(item) {
    location.assign(item.dataset.href);
  }
}

function part(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
