-- Long ranges were sums of every hour of every series: a year of a busy store is a million rows. Now the hours that are
-- over are folded, once, into sums by what charts are grouped by, each by hour, six hours, day and month (UTC); a
-- range is a few of them, and the hours since the fold are read from `run_hourly`.
DROP TABLE run_hourly;
DROP TABLE rollup_series;

-- Which runs are summed together. Interned, so that the hourly rows stay narrow. `batch_id` is empty for single runs.
CREATE TABLE rollup_series (
  series_id     INTEGER PRIMARY KEY,
  org_id        TEXT NOT NULL,
  workspace_id  TEXT NOT NULL,
  template_id   TEXT NOT NULL,
  provider      TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  model_id      TEXT NOT NULL,
  batch_id      TEXT NOT NULL,
  simulated     INTEGER NOT NULL CHECK (simulated IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX ux_rollup_series ON rollup_series
  (template_id, connection_id, model_id, batch_id, provider, workspace_id, org_id, simulated);

-- Runs that have ended, by the hour of `executed_at` (whole hours since 1970, UTC). Cost includes what earlier attempts
-- cost. `unpriced` runs may have been billed and have no known cost: they are counted here and nowhere taken for 0.
CREATE TABLE run_hourly (
  hour                 INTEGER NOT NULL,
  series_id            INTEGER NOT NULL REFERENCES rollup_series (series_id),
  runs                 INTEGER NOT NULL,
  succeeded            INTEGER NOT NULL,
  failed               INTEGER NOT NULL,
  outcome_unknown      INTEGER NOT NULL,
  unpriced             INTEGER NOT NULL,
  version_mismatch     INTEGER NOT NULL,
  parse_failed         INTEGER NOT NULL,
  answered             INTEGER NOT NULL,
  fingerprinted        INTEGER NOT NULL,
  cost_picodollars     INTEGER NOT NULL,
  input_tokens         INTEGER NOT NULL,
  cached_input_tokens  INTEGER NOT NULL,
  cache_write_tokens   INTEGER NOT NULL,
  output_tokens        INTEGER NOT NULL,
  reasoning_tokens     INTEGER NOT NULL,
  search_requests      INTEGER NOT NULL,
  -- latencies of answered runs: pairs of log bucket and count, see latency-histogram.ts
  latency              BLOB NOT NULL,
  PRIMARY KEY (hour, series_id)
) STRICT, WITHOUT ROWID;

-- What a chart is grouped by, in one workspace: everything, a template, a model of a provider, a connection, a batch.
CREATE TABLE rollup_subjects (
  subject_id   INTEGER PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('all', 'template', 'model', 'connection', 'batch')),
  simulated    INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  key          TEXT NOT NULL,
  provider     TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  org_id       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ux_rollup_subjects ON rollup_subjects (kind, simulated, key, provider, workspace_id, org_id);

-- Every hour before `rollup_folded.hour`. `start` counts, since 1970, hours (`span` 0), six hours (1), days (2) or months
-- (3): days of a time zone that is not UTC are made of the first two.
CREATE TABLE rollup_sums (
  subject_id           INTEGER NOT NULL REFERENCES rollup_subjects (subject_id),
  span                 INTEGER NOT NULL CHECK (span BETWEEN 0 AND 3),
  start                INTEGER NOT NULL,
  runs                 INTEGER NOT NULL,
  succeeded            INTEGER NOT NULL,
  failed               INTEGER NOT NULL,
  outcome_unknown      INTEGER NOT NULL,
  unpriced             INTEGER NOT NULL,
  version_mismatch     INTEGER NOT NULL,
  parse_failed         INTEGER NOT NULL,
  answered             INTEGER NOT NULL,
  fingerprinted        INTEGER NOT NULL,
  cost_picodollars     INTEGER NOT NULL,
  input_tokens         INTEGER NOT NULL,
  cached_input_tokens  INTEGER NOT NULL,
  cache_write_tokens   INTEGER NOT NULL,
  output_tokens        INTEGER NOT NULL,
  reasoning_tokens     INTEGER NOT NULL,
  search_requests      INTEGER NOT NULL,
  PRIMARY KEY (subject_id, span, start)
) STRICT, WITHOUT ROWID;

-- Apart from the sums, which would be three times as long to walk through with it.
CREATE TABLE rollup_latencies (
  subject_id INTEGER NOT NULL REFERENCES rollup_subjects (subject_id),
  span       INTEGER NOT NULL CHECK (span BETWEEN 0 AND 3),
  start      INTEGER NOT NULL,
  latency    BLOB NOT NULL,
  PRIMARY KEY (subject_id, span, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_folded (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  hour INTEGER NOT NULL
) STRICT;
INSERT INTO rollup_folded (one, hour) VALUES (1, 0);

INSERT OR IGNORE INTO settings (key, value) SELECT 'rollups.outdated', '1' WHERE EXISTS (SELECT 1 FROM runs);

-- From a number on a chart to the runs it counts. Columns that never change: an entry is written once.
CREATE INDEX ix_runs_time ON runs (executed_at, template_id, model_id, connection_id);
