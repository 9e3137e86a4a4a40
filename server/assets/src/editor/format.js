// A query laid out: a clause a line, two spaces a level; comments stay where they are.

import { tokens } from "./tokens.js";

const OWN_LINE = /^(?:PREFIX|BASE|SELECT|CONSTRUCT|ASK|DESCRIBE|FROM|WHERE|ORDER|GROUP|HAVING|LIMIT|OFFSET|FILTER|OPTIONAL|BIND|VALUES|MINUS|GRAPH|SERVICE)$/i;
const JOINED = /^(?:AS|BY|NOT|EXISTS|IN)$/i;

/** Return `text` laid out. Its tokens, comments included, are the same, in the same order. */
export function formatted(text) {
  const all = tokens(text);
  const lines = [];
  let line = "";
  let depth = 0;
  let round = 0;
  let indent = 0;
  let flat = 0; // braces of VALUES stay on their line

  const end = () => {
    if (line.trim()) lines.push("  ".repeat(Math.max(0, indent)) + line.trim());
    line = "";
    indent = depth;
  };

  all.forEach((token, place) => {
    const [last, next] = [all[place - 1], all[place + 1]];
    const gap = last ? text.slice(last.to, token.from) : "";
    if (token.kind === "comment") {
      if (gap.includes("\n") || !last) {
        end();
        if (/\n\s*\n/.test(gap)) lines.push("");
      }
      line += (line ? " " : "") + token.text;
      end();
      return;
    }
    if (/\n\s*\n/.test(gap) && !line && lines.at(-1)) lines.push("");
    const word = token.kind === "word" ? token.text : "";
    if (token.text === "{" && !flat) {
      if (inValues(all, place)) flat = 1;
      else {
        line += (line ? " " : "") + "{";
        end();
        depth += 1;
        indent = depth;
        return;
      }
    } else if (token.text === "}" && flat) {
      line += " }";
      flat = 0;
      if (!next || next.kind !== "sign" || next.text === "}") end();
      return;
    } else if (token.text === "}") {
      end();
      depth -= 1;
      indent = depth;
      line = "}";
      if (!next || !/^(?:UNION|\.)$/i.test(next.text)) end();
      return;
    } else if (OWN_LINE.test(word) && !round && !(last && JOINED.test(last.text)) && !isInline(all, place)) {
      end();
    }
    if (token.text === "(") round += 1;
    if (token.text === ")") round -= 1;
    line += (line && spaced(last, token, gap) ? " " : "") + token.text;
    if (round || flat) return;
    const sameLine = next?.kind === "comment" && !text.slice(token.to, next.from).includes("\n");
    if (token.text === ";" && !sameLine) {
      end();
      indent = depth + 1;
    } else if (token.text === "." && !sameLine) end();
    else if (token.kind === "iri" && /^\s*(?:PREFIX|BASE)\b/i.test(line) && !sameLine) end();
    else if (token.text === ")" && /^\s*(?:FILTER|BIND)\b/i.test(line) && !sameLine) end();
  });
  end();
  return lines.join("\n").replace(/\n{3,}/g, "\n\n") + "\n";
}

function inValues(all, place) {
  for (let back = place - 1; back >= 0 && place - back < 12; back -= 1) {
    if (/^VALUES$/i.test(all[back].text)) return true;
    if (!["variable", "sign"].includes(all[back].kind) || "{}.".includes(all[back].text)) return false;
  }
  return false;
}

/** Return whether a word that mostly begins a line goes on with one: `FILTER NOT EXISTS`. */
function isInline(all, place) {
  return all[place - 1]?.text === "{" && /^SELECT$/i.test(all[place].text) ? false : !all[place - 1];
}

function spaced(last, token, gap) {
  if (token.text === "," || token.text === ")" || token.text === "]") return false;
  if (["(", "[", "!", "^", "^^"].includes(last.text)) return false;
  if (token.text === "^^" || token.kind === "language") return false;
  if (["/", "|", "*", "+", "?"].includes(token.text) || ["/", "|"].includes(last.text)) return gap !== "";
  if (token.text === "(" && last.kind === "word") return gap !== "";
  if (token.text === "(" && last.kind !== "word") return gap !== "" || last.kind === "variable";
  return true;
}
