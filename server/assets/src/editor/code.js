// The text field with colours, completion and marks (CodeMirror 6).

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { linter, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { say } from "../words.js";

const STYLE = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "0.18rem solid var(--focus)", outlineOffset: "0.1rem" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "15rem", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--ink)", paddingBlock: "0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--soft)", backgroundColor: "var(--panel)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--panel) 60%, transparent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--link) 30%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--link) 25%, transparent)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--soft)", maxWidth: "min(90vw, 36rem)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--paper)", backgroundColor: "var(--link)" },
  ".cm-tooltip-autocomplete ul li": { padding: "0.15rem 0.5rem" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", opacity: "0.85" },
  ".cm-completionInfo": { padding: "0.3rem 0.7rem", fontFamily: "var(--sans)" },
  ".cm-completionInfo p": { margin: "0.25rem 0" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", padding: "0.4rem 0.7rem" },
  ".cm-diagnosticAction": { color: "var(--paper)", backgroundColor: "var(--link)" },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--certain)" },
  { tag: tags.variableName, color: "var(--unclear)" },
  { tag: tags.atom, color: "var(--probable)" },
  { tag: tags.meta, color: "var(--possible)" },
]);

/**
 * Put what is typed in place of what is selected. Chromium would do so with a style attribute, which
 * the page's policy refuses, and complain on the console.
 */
function typeOver(event, view) {
  const replaces = event.inputType === "insertText" && event.data && !event.isComposing;
  if (!replaces || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/** Offer what may come next once a class or a property is due: after `a `, `; ` and a subject. */
function offerNext(update) {
  if (!update.docChanged || !update.transactions.some((one) => one.isUserEvent("input.type"))) return;
  const { head } = update.state.selection.main;
  const line = update.state.doc.lineAt(head);
  const before = line.text.slice(0, head - line.from);
  if (/(?:[?$]\w+ a|\S\s*;|(?:^\s*|[{.]\s+)[?$]\w+) $/.test(before)) startCompletion(update.view);
}

/**
 * Return the editor in `parent`. It stands in a shadow tree: there CodeMirror takes its styles from a
 * sheet object, where in the page it would write a style element, which the page's policy refuses.
 */
export function codeEditor(parent, { text, source, check, run, format, changed }) {
  const root = parent.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: () => (run(), true) },
            { key: "Shift-Alt-f", run: () => (format(), true) },
          ]),
        ),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        StreamLanguage.define(sparql),
        syntaxHighlighting(COLOURS),
        autocompletion({ override: [source], icons: false, maxRenderedOptions: 60 }),
        lintGutter(),
        linter((one) => check(one.state.doc, one.hasFocus ? one.state.selection.main.head : -1), {
          delay: 400,
          needsRefresh: (update) => update.selectionSet || update.focusChanged,
        }),
        // Tab goes on to the next control; it takes a completion only while some are offered.
        keymap.of([
          { key: "Tab", run: acceptCompletion },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...lintKeymap,
          ...defaultKeymap,
        ]),
        EditorView.domEventHandlers({ beforeinput: typeOver }),
        EditorView.contentAttributes.of({
          "aria-label": say("Query"),
          dir: "ltr",
          spellcheck: "false",
          autocapitalize: "off",
          autocorrect: "off",
        }),
        EditorView.updateListener.of(offerNext),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        STYLE,
      ],
    }),
  });
  return {
    view,
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      if (value === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    },
    /** Put `inserted` where the cursor is, on a line of its own if `line`. */
    insert(inserted) {
      const { from, to } = view.state.selection.main;
      view.dispatch({ changes: { from, to, insert: inserted }, selection: { anchor: from + inserted.length } });
      view.focus();
    },
    mark(diagnostics) {
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    showAt(position) {
      view.dispatch({ selection: { anchor: position }, scrollIntoView: true });
      view.focus();
    },
  };
}
