-- What charts, budgets and metrics read: sums by hour, kept in the commit that changes a run, never a scan of runs.

-- Which runs are summed together. Interned, so that the hourly rows stay narrow.
CREATE TABLE rollup_series (
  series_id     INTEGER PRIMARY KEY,
  org_id        TEXT NOT NULL,
  workspace_id  TEXT NOT NULL,
  template_id   TEXT NOT NULL,
  provider      TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  model_id      TEXT NOT NULL,
  simulated     INTEGER NOT NULL CHECK (simulated IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX ux_rollup_series ON rollup_series
  (template_id, connection_id, model_id, provider, workspace_id, org_id, simulated);

-- Runs that have ended, by the hour of `executed_at` (whole hours since 1970, UTC). Cost includes what earlier attempts
-- cost. `unpriced` runs may have been billed and have no known cost: they are counted here and nowhere taken for 0.
CREATE TABLE run_hourly (
  series_id            INTEGER NOT NULL REFERENCES rollup_series (series_id),
  hour                 INTEGER NOT NULL,
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
  PRIMARY KEY (series_id, hour)
) STRICT, WITHOUT ROWID;

-- What a calendar month (UTC) of a workspace cost, without simulated runs: budgets and the status bar ask all the time.
CREATE TABLE workspace_spend (
  org_id           TEXT NOT NULL,
  workspace_id     TEXT NOT NULL,
  month            TEXT NOT NULL,
  unpriced         INTEGER NOT NULL,
  cost_picodollars INTEGER NOT NULL,
  PRIMARY KEY (month, org_id, workspace_id)
) STRICT, WITHOUT ROWID;

-- Answers by the hour in which their bytes were stored.
CREATE TABLE storage_hourly (
  hour    INTEGER PRIMARY KEY,
  answers INTEGER NOT NULL,
  bytes   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE budgets (
  org_id               TEXT NOT NULL,
  workspace_id         TEXT NOT NULL,
  monthly_picodollars  INTEGER NOT NULL CHECK (monthly_picodollars >= 0),
  warn_percent         INTEGER NOT NULL CHECK (warn_percent BETWEEN 1 AND 100),
  updated_at           TEXT NOT NULL,
  PRIMARY KEY (org_id, workspace_id),
  FOREIGN KEY (org_id, workspace_id) REFERENCES workspaces (org_id, workspace_id)
) STRICT, WITHOUT ROWID;

-- Its sums are in `workspace_spend` now, kept once for each commit instead of by triggers at each row.
DROP TRIGGER runs_spend_insert;
DROP TRIGGER runs_spend_update;
DROP TABLE monthly_spend;

-- Runs from before have to be summed once; opening the store does it and takes the mark away.
INSERT INTO settings (key, value) SELECT 'rollups.outdated', '1' WHERE EXISTS (SELECT 1 FROM runs);
