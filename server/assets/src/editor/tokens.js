// The tokens of a query, with comments, as far as completing, checking and formatting need them.

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>#[^\n\r]*)`,
    String.raw`(?<string>"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`,
    String.raw`(?<iri><[^<>"{}|^\x60\\\s]*>)`,
    String.raw`(?<variable>[?$][\p{L}\p{N}_]+)`,
    String.raw`(?<prefixed>[\p{L}][\p{L}\p{N}_.-]*:(?:[\p{L}\p{N}_:%-]|\.(?=[\p{L}\p{N}_:%-]))*|:(?:[\p{L}\p{N}_:%-]|\.(?=[\p{L}\p{N}_:%-]))*)`,
    String.raw`(?<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)`,
    String.raw`(?<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_]*)`,
    String.raw`(?<sign>\^\^|&&|\|\||[!<>]=|[^\s])`,
  ].join("|"),
  "gu",
);

/** Return the tokens of `text`: kind, text, from, to. */
export function tokens(text) {
  return [...text.matchAll(TOKEN)].map((match) => {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    return { kind, text: match[0], from: match.index, to: match.index + match[0].length };
  });
}

/** Return the prefixes that a query declares, by name. */
export function declared(text) {
  const found = new Map();
  const all = tokens(text).filter((token) => token.kind !== "comment");
  all.forEach((token, place) => {
    const [name, iri] = [all[place + 1], all[place + 2]];
    if (token.kind === "word" && /^prefix$/i.test(token.text) && iri?.kind === "iri") {
      found.set(name.text.slice(0, -1), iri.text.slice(1, -1));
    }
  });
  return found;
}

/** Return `text` with a PREFIX line for `name` if it has none. */
export function declaration(text, name, iri) {
  return declared(text).has(name) ? "" : `PREFIX ${name}: <${iri}>\n`;
}
