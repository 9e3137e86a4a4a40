// The texts of scripts in the language of the page, which an element of it has as data.

const words = JSON.parse(document.querySelector("[data-words]")?.dataset.words ?? "{}");

/** Return an English text in the language of the page, with `values` in place of {names}. */
export function say(text, values = {}) {
  return (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
