-- The index of one version: things, their texts, the words in them, and beginnings of names.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, -- the lower, the more it is worth before anything is asked
  iri TEXT UNIQUE NOT NULL,
  name TEXT NOT NULL,
  standing REAL NOT NULL, -- how much it is worth before anything is asked, from 0 to 1
  kinds TEXT NOT NULL, -- JSON: [[iri, name], ...]
  all_kinds TEXT NOT NULL, -- JSON: [iri, ...]
  sources TEXT NOT NULL, -- JSON: [[iri, name], ...]
  rated TEXT NOT NULL -- a line a text: what it is, words that tell something, words, their stems
);
CREATE TABLE text (
  thing INTEGER, place INTEGER, -- the line in thing.rated
  where_ TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
  PRIMARY KEY (thing, place)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(stems, content = '', detail = none);
CREATE TABLE word (
  word TEXT PRIMARY KEY, stem TEXT NOT NULL, uses INTEGER NOT NULL,
  stem_uses INTEGER NOT NULL -- things with any word of this stem
) WITHOUT ROWID;
CREATE TABLE stem (stem TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE slip (written TEXT, word TEXT, PRIMARY KEY (written, word)) WITHOUT ROWID;
CREATE TABLE sound (sound TEXT, word TEXT, PRIMARY KEY (sound, word)) WITHOUT ROWID;
CREATE TABLE name (text TEXT, thing INTEGER, PRIMARY KEY (text, thing)) WITHOUT ROWID;
CREATE TABLE beginning (
  text TEXT, rank REAL, thing INTEGER, name TEXT, where_ TEXT,
  PRIMARY KEY (text, rank, thing)
) WITHOUT ROWID;
-- What many names begin with, with the best of them: JSON [[iri, name, kinds, matched, where], ...]
CREATE TABLE top (text TEXT PRIMARY KEY, hits TEXT NOT NULL) WITHOUT ROWID;
