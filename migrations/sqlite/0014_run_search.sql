-- Words of runs: of their names, prompts and outputs. It holds no text, only which run has which word, and is brought up to
-- date when somebody searches: a run's own commit does not wait for it.
CREATE VIRTUAL TABLE run_search USING fts5 (
  names, prompt, output,
  content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);
-- Runs up to `until` have been looked at. Those that had not ended by then, or changed since, wait to be looked at again.
CREATE TABLE run_search_state (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  until INTEGER NOT NULL
) STRICT;
INSERT INTO run_search_state (one, until) VALUES (1, 0);
CREATE TABLE run_search_waiting (
  run_seq INTEGER PRIMARY KEY
) STRICT;
