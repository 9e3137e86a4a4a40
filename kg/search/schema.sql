-- The index of one version: things, their texts, the words in them, and beginnings of names.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY,
  iri TEXT UNIQUE NOT NULL,
  name TEXT NOT NULL,
  standing REAL NOT NULL, -- how much it is worth before anything is asked, from 0 to 1
  kinds TEXT NOT NULL, -- JSON: [[iri, name], ...]
  all_kinds TEXT NOT NULL, -- JSON: [iri, ...]
  sources TEXT NOT NULL, -- JSON: [[iri, name], ...]
  texts TEXT NOT NULL -- JSON: [[where, text, language, words], ...]
);
CREATE VIRTUAL TABLE found USING fts5(stems, content = '', detail = none);
CREATE TABLE word (word TEXT PRIMARY KEY, stem TEXT NOT NULL, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE stem (stem TEXT PRIMARY KEY, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE slip (written TEXT, word TEXT, PRIMARY KEY (written, word)) WITHOUT ROWID;
CREATE TABLE sound (sound TEXT, word TEXT, PRIMARY KEY (sound, word)) WITHOUT ROWID;
CREATE TABLE name (text TEXT, thing INTEGER, PRIMARY KEY (text, thing)) WITHOUT ROWID;
CREATE TABLE beginning (
  text TEXT, rank REAL, thing INTEGER, name TEXT, where_ TEXT,
  PRIMARY KEY (text, rank, thing)
) WITHOUT ROWID;
CREATE TABLE top (text TEXT PRIMARY KEY, hits TEXT NOT NULL) WITHOUT ROWID;
