// Queries that were run, and the one that is being written, kept in this browser.

const HISTORY = "policykg.history";
const DRAFT = "policykg.draft";

/** Return what was kept under `key`, or `otherwise` where nothing can be read. */
function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false; // private browsing, or no room left: what is kept already stays
  }
}

/** The history: entries {query, at, ms, rows}, newest first. None is ever dropped by itself. */
export class History {
  entries = read(HISTORY, []);
  kept = true;

  /** Put a query first; the same text stands once, with its last run. */
  add(entry) {
    // Another tab may have added some since.
    const stored = read(HISTORY, []);
    const known = new Set(stored.map((one) => one.query));
    const mine = this.entries.filter((one) => !known.has(one.query));
    this.entries = [entry, ...[...mine, ...stored].filter((one) => one.query !== entry.query)];
    this.kept = write(HISTORY, this.entries);
  }

  clear() {
    this.entries = [];
    localStorage.removeItem(HISTORY);
  }

  get draft() {
    return read(DRAFT, null);
  }

  set draft(text) {
    write(DRAFT, text);
  }
}
