-- Records are snake_case and named as in every other interface. Ids are UUIDv7, times UTC ISO 8601 with
-- milliseconds, hashes lower-case hex, money whole picodollars. `seq` is the order of arrival and the list cursor.

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspaces (
  org_id       TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name         TEXT NOT NULL,
  created_at   TEXT NOT NULL,
  PRIMARY KEY (org_id, workspace_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE templates (
  seq                      INTEGER PRIMARY KEY,
  template_id              TEXT NOT NULL UNIQUE,
  org_id                   TEXT NOT NULL,
  workspace_id             TEXT NOT NULL,
  name                     TEXT NOT NULL,
  description              TEXT,
  system_instructions      TEXT NOT NULL,
  user_prompt_template     TEXT NOT NULL,
  country_set              TEXT NOT NULL,
  provider                 TEXT,
  model_id                 TEXT NOT NULL,
  inference_params         TEXT NOT NULL,
  response_schema          TEXT,
  grounding_mode           TEXT NOT NULL CHECK (grounding_mode IN ('none', 'preferred', 'required')),
  als                      INTEGER NOT NULL CHECK (als IN (0, 1)),
  model_version_constraint TEXT,
  fingerprint_allowlist    TEXT NOT NULL,
  variables                TEXT NOT NULL,
  version_label            TEXT,
  parent_template_id       TEXT REFERENCES templates (template_id),
  message                  TEXT,
  config_sha256            TEXT NOT NULL CHECK (length(config_sha256) = 64),
  record_hmac              TEXT,
  hmac_key_id              TEXT,
  created_at               TEXT NOT NULL,
  created_by               TEXT,
  deleted_at               TEXT,
  FOREIGN KEY (org_id, workspace_id) REFERENCES workspaces (org_id, workspace_id)
) STRICT;

-- The duplicate rule (CANONICAL.md, Template configuration): this index decides, not a check before the insert.
CREATE UNIQUE INDEX ux_templates_config ON templates (org_id, workspace_id, config_sha256) WHERE deleted_at IS NULL;
CREATE INDEX ix_templates_workspace ON templates (workspace_id, seq) WHERE deleted_at IS NULL;
CREATE INDEX ix_templates_active ON templates (seq) WHERE deleted_at IS NULL;
CREATE INDEX ix_templates_version_label ON templates (version_label, seq) WHERE version_label IS NOT NULL;
CREATE INDEX ix_templates_parent ON templates (parent_template_id) WHERE parent_template_id IS NOT NULL;

CREATE TRIGGER templates_insert_guard BEFORE INSERT ON templates
WHEN EXISTS (SELECT 1 FROM templates WHERE template_id = NEW.template_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: templates'); END;

CREATE TRIGGER templates_update_guard BEFORE UPDATE ON templates
WHEN OLD.deleted_at IS NOT NULL
  OR NEW.deleted_at IS NULL
  OR NEW.seq IS NOT OLD.seq
  OR NEW.template_id IS NOT OLD.template_id
  OR NEW.org_id IS NOT OLD.org_id
  OR NEW.workspace_id IS NOT OLD.workspace_id
  OR NEW.name IS NOT OLD.name
  OR NEW.description IS NOT OLD.description
  OR NEW.system_instructions IS NOT OLD.system_instructions
  OR NEW.user_prompt_template IS NOT OLD.user_prompt_template
  OR NEW.country_set IS NOT OLD.country_set
  OR NEW.provider IS NOT OLD.provider
  OR NEW.model_id IS NOT OLD.model_id
  OR NEW.inference_params IS NOT OLD.inference_params
  OR NEW.response_schema IS NOT OLD.response_schema
  OR NEW.grounding_mode IS NOT OLD.grounding_mode
  OR NEW.als IS NOT OLD.als
  OR NEW.model_version_constraint IS NOT OLD.model_version_constraint
  OR NEW.fingerprint_allowlist IS NOT OLD.fingerprint_allowlist
  OR NEW.variables IS NOT OLD.variables
  OR NEW.version_label IS NOT OLD.version_label
  OR NEW.parent_template_id IS NOT OLD.parent_template_id
  OR NEW.message IS NOT OLD.message
  OR NEW.config_sha256 IS NOT OLD.config_sha256
  OR NEW.record_hmac IS NOT OLD.record_hmac
  OR NEW.hmac_key_id IS NOT OLD.hmac_key_id
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.created_by IS NOT OLD.created_by
BEGIN SELECT RAISE(ABORT, 'immutable: templates'); END;

CREATE TRIGGER templates_delete_guard BEFORE DELETE ON templates
BEGIN SELECT RAISE(ABORT, 'immutable: templates'); END;

-- Search over names and texts; prefixes of one to three characters answer while somebody types.
CREATE VIRTUAL TABLE templates_fts USING fts5 (
  name, description, model_id, user_prompt_template, system_instructions,
  content = 'templates', content_rowid = 'seq',
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);
CREATE TRIGGER templates_fts_insert AFTER INSERT ON templates
BEGIN
  INSERT INTO templates_fts (rowid, name, description, model_id, user_prompt_template, system_instructions)
  VALUES (NEW.seq, NEW.name, NEW.description, NEW.model_id, NEW.user_prompt_template, NEW.system_instructions);
END;

CREATE TABLE prompt_versions (
  seq                  INTEGER PRIMARY KEY,
  version_id           TEXT NOT NULL UNIQUE,
  org_id               TEXT NOT NULL,
  workspace_id         TEXT NOT NULL,
  template_id          TEXT NOT NULL REFERENCES templates (template_id),
  provider             TEXT NOT NULL,
  model_id             TEXT NOT NULL,
  provider_version_key TEXT NOT NULL,
  evidence_grade       TEXT NOT NULL,
  evidence             TEXT NOT NULL,
  first_seen_at        TEXT NOT NULL,
  last_seen_at         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ux_prompt_versions_key
  ON prompt_versions (org_id, workspace_id, template_id, provider_version_key);
CREATE INDEX ix_prompt_versions_seen ON prompt_versions (template_id, last_seen_at);
CREATE TRIGGER prompt_versions_insert_guard BEFORE INSERT ON prompt_versions
WHEN EXISTS (SELECT 1 FROM prompt_versions WHERE version_id = NEW.version_id)
  OR EXISTS (SELECT 1 FROM prompt_versions WHERE seq = NEW.seq)
  OR EXISTS (
    SELECT 1 FROM prompt_versions
    WHERE org_id = NEW.org_id AND workspace_id = NEW.workspace_id
      AND template_id = NEW.template_id AND provider_version_key = NEW.provider_version_key)
BEGIN SELECT RAISE(ABORT, 'immutable: prompt_versions'); END;
-- Only when it was last seen moves.
CREATE TRIGGER prompt_versions_update_guard BEFORE UPDATE OF
  seq, version_id, org_id, workspace_id, template_id, provider, model_id, provider_version_key, evidence_grade,
  evidence, first_seen_at ON prompt_versions
BEGIN SELECT RAISE(ABORT, 'immutable: prompt_versions'); END;
CREATE TRIGGER prompt_versions_delete_guard BEFORE DELETE ON prompt_versions
BEGIN SELECT RAISE(ABORT, 'immutable: prompt_versions'); END;

CREATE TABLE providers (
  provider_id TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  protocol    TEXT NOT NULL,
  base_url    TEXT,
  needs_key   INTEGER NOT NULL CHECK (needs_key IN (0, 1)),
  is_system   INTEGER NOT NULL CHECK (is_system IN (0, 1)),
  created_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A secret is never here: `key_ref` names an entry of the OS keychain, `key_env` an environment variable.
CREATE TABLE connections (
  seq               INTEGER PRIMARY KEY,
  connection_id     TEXT NOT NULL UNIQUE,
  org_id            TEXT NOT NULL,
  name              TEXT NOT NULL,
  provider          TEXT NOT NULL REFERENCES providers (provider_id),
  base_url          TEXT,
  key_source        TEXT NOT NULL CHECK (key_source IN ('none', 'keychain', 'session', 'env')),
  key_ref           TEXT,
  key_env           TEXT,
  concurrency       INTEGER NOT NULL,
  created_at        TEXT NOT NULL,
  last_test_at      TEXT,
  last_test_ok      INTEGER,
  last_test_message TEXT,
  deleted_at        TEXT
) STRICT;
CREATE UNIQUE INDEX ux_connections_name ON connections (org_id, name) WHERE deleted_at IS NULL;
CREATE INDEX ix_connections_provider ON connections (provider) WHERE deleted_at IS NULL;

CREATE TABLE models (
  connection_id TEXT NOT NULL REFERENCES connections (connection_id),
  model_id      TEXT NOT NULL,
  display_name  TEXT,
  created_at    TEXT,
  retires_at    TEXT,
  fetched_at    TEXT NOT NULL,
  PRIMARY KEY (connection_id, model_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  seq             INTEGER PRIMARY KEY,
  batch_id        TEXT NOT NULL UNIQUE,
  org_id          TEXT NOT NULL,
  workspace_id    TEXT NOT NULL,
  template_id     TEXT NOT NULL REFERENCES templates (template_id),
  name            TEXT,
  status          TEXT NOT NULL CHECK (status IN ('planned', 'running', 'paused', 'completed', 'stopped', 'cancelled')),
  status_reason   TEXT,
  targets         TEXT NOT NULL,
  inputs_count    INTEGER NOT NULL,
  locales         TEXT,
  modes           TEXT NOT NULL,
  replicates      INTEGER NOT NULL,
  total           INTEGER NOT NULL,
  drift_policy    TEXT NOT NULL,
  concurrency     INTEGER,
  budget_picodollars INTEGER,
  stream          INTEGER NOT NULL CHECK (stream IN (0, 1)),
  timeout_seconds REAL,
  lock            TEXT NOT NULL,
  simulated       INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  created_at      TEXT NOT NULL,
  started_at      TEXT,
  finished_at     TEXT,
  -- Counts and totals while nothing of the batch is under way, so that a list does not count its cells; null otherwise.
  tally           TEXT
) STRICT;
CREATE INDEX ix_batches_template ON batches (template_id, seq);
CREATE INDEX ix_batches_at_work ON batches (seq) WHERE tally IS NULL;

-- The plan is fixed; only where it stands moves.
CREATE TRIGGER batches_insert_guard BEFORE INSERT ON batches
WHEN EXISTS (SELECT 1 FROM batches WHERE batch_id = NEW.batch_id)
  OR EXISTS (SELECT 1 FROM batches WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: batches'); END;
CREATE TRIGGER batches_update_guard BEFORE UPDATE OF
  seq, batch_id, org_id, workspace_id, template_id, name, targets, inputs_count, locales, modes, replicates, total,
  drift_policy, concurrency, budget_picodollars, stream, timeout_seconds, lock, simulated, created_at ON batches
BEGIN SELECT RAISE(ABORT, 'immutable: batches'); END;
CREATE TRIGGER batches_delete_guard BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'immutable: batches'); END;

CREATE TABLE batch_inputs (
  batch_id    TEXT NOT NULL REFERENCES batches (batch_id),
  input_index INTEGER NOT NULL,
  variables   TEXT NOT NULL,
  PRIMARY KEY (batch_id, input_index)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER batch_inputs_insert_guard BEFORE INSERT ON batch_inputs
WHEN EXISTS (SELECT 1 FROM batch_inputs WHERE batch_id = NEW.batch_id AND input_index = NEW.input_index)
BEGIN SELECT RAISE(ABORT, 'immutable: batch_inputs'); END;
CREATE TRIGGER batch_inputs_update_guard BEFORE UPDATE ON batch_inputs
BEGIN SELECT RAISE(ABORT, 'immutable: batch_inputs'); END;
CREATE TRIGGER batch_inputs_delete_guard BEFORE DELETE ON batch_inputs
BEGIN SELECT RAISE(ABORT, 'immutable: batch_inputs'); END;

CREATE TABLE price_snapshots (
  price_snapshot_id INTEGER PRIMARY KEY,
  sha256            TEXT NOT NULL UNIQUE,
  snapshot          TEXT NOT NULL
) STRICT;
CREATE TRIGGER price_snapshots_insert_guard BEFORE INSERT ON price_snapshots
WHEN EXISTS (SELECT 1 FROM price_snapshots WHERE sha256 = NEW.sha256)
  OR EXISTS (SELECT 1 FROM price_snapshots WHERE price_snapshot_id = NEW.price_snapshot_id)
BEGIN SELECT RAISE(ABORT, 'immutable: price_snapshots'); END;
CREATE TRIGGER price_snapshots_update_guard BEFORE UPDATE ON price_snapshots
BEGIN SELECT RAISE(ABORT, 'immutable: price_snapshots'); END;
CREATE TRIGGER price_snapshots_delete_guard BEFORE DELETE ON price_snapshots
BEGIN SELECT RAISE(ABORT, 'immutable: price_snapshots'); END;

-- The wide texts stand last, so that scans of the narrow columns touch as little as they can. The output's text is in
-- the raw bytes and is not kept twice.
CREATE TABLE runs (
  seq                    INTEGER PRIMARY KEY,
  run_id                 TEXT NOT NULL UNIQUE,
  org_id                 TEXT NOT NULL,
  workspace_id           TEXT NOT NULL,
  template_id            TEXT NOT NULL REFERENCES templates (template_id),
  batch_id               TEXT REFERENCES batches (batch_id),
  batch_run_index        INTEGER,
  replicate_index        INTEGER NOT NULL,
  provider               TEXT NOT NULL,
  connection_id          TEXT NOT NULL REFERENCES connections (connection_id),
  model_id               TEXT NOT NULL,
  status                 TEXT NOT NULL CHECK (status IN ('pending', 'sending', 'raw_stored', 'succeeded', 'failed', 'outcome_unknown', 'cancelled')),
  failure_code           TEXT,
  country                TEXT,
  brand_name             TEXT,
  grounding_mode         TEXT NOT NULL,
  rendered_prompt_sha256 TEXT NOT NULL,
  simulated              INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  cached                 INTEGER NOT NULL DEFAULT 0 CHECK (cached IN (0, 1)),
  idempotency_key        TEXT,
  executed_at            TEXT NOT NULL,
  -- derived from the raw bytes; a re-parse rewrites these
  attempt_id             TEXT,
  parse_attempts         INTEGER NOT NULL DEFAULT 0,
  last_parse_attempt_at  TEXT,
  parse_method_used      TEXT,
  requires_manual_review INTEGER NOT NULL DEFAULT 0,
  output_json_valid      INTEGER,
  response_output_sha256 TEXT,
  provider_version_key   TEXT,
  evidence_grade         TEXT,
  system_fingerprint     TEXT,
  finish_reason          TEXT,
  finish_reason_raw      TEXT,
  input_tokens           INTEGER,
  cached_input_tokens    INTEGER,
  cache_write_tokens     INTEGER,
  output_tokens          INTEGER,
  reasoning_tokens       INTEGER,
  search_requests        INTEGER,
  cost_picodollars       INTEGER,
  -- what earlier attempts of the run cost: they were paid for, although the last one is what counts as its answer
  earlier_cost_picodollars INTEGER NOT NULL DEFAULT 0,
  price_snapshot_id      INTEGER REFERENCES price_snapshots (price_snapshot_id),
  latency_ms             REAL,
  first_byte_ms          REAL,
  grounded               INTEGER,
  step2_tools_invoked    INTEGER,
  step2_source_ref       TEXT,
  als_block_sha256       TEXT,
  als_variant_id         TEXT,
  seed_key_id            TEXT,
  provoker_value         TEXT,
  record_hmac            TEXT,
  hmac_key_id            TEXT,
  failure_message        TEXT,
  parse_error_message    TEXT,
  why_not_grounded       TEXT,
  analysis_config        TEXT NOT NULL,
  evidence               TEXT,
  citations              TEXT,
  als_block_text         TEXT,
  rendered_prompt        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ux_runs_cell ON runs (batch_id, batch_run_index) WHERE batch_id IS NOT NULL;
CREATE INDEX ix_runs_template ON runs (template_id, seq);
-- One for each status that is rare and asked for: SQLite uses a partial index only where the query says the same term.
CREATE INDEX ix_runs_raw_stored ON runs (seq) WHERE status = 'raw_stored';
CREATE INDEX ix_runs_in_doubt ON runs (seq) WHERE status = 'outcome_unknown';
CREATE INDEX ix_runs_failed ON runs (seq) WHERE status = 'failed';

-- What was asked never changes; what was answered is derived and may be derived again.
CREATE TRIGGER runs_request_guard BEFORE UPDATE OF
  seq, run_id, org_id, workspace_id, template_id, batch_id, batch_run_index, replicate_index, provider, connection_id,
  model_id, country, brand_name, grounding_mode, rendered_prompt_sha256, rendered_prompt, simulated, idempotency_key,
  executed_at, analysis_config ON runs
BEGIN SELECT RAISE(ABORT, 'immutable: runs'); END;
CREATE TRIGGER runs_insert_guard BEFORE INSERT ON runs
WHEN EXISTS (SELECT 1 FROM runs WHERE run_id = NEW.run_id)
  OR EXISTS (SELECT 1 FROM runs WHERE seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM runs WHERE batch_id = NEW.batch_id AND batch_run_index = NEW.batch_run_index)
BEGIN SELECT RAISE(ABORT, 'immutable: runs'); END;
CREATE TRIGGER runs_delete_guard BEFORE DELETE ON runs
BEGIN SELECT RAISE(ABORT, 'immutable: runs'); END;

-- What the runs of a month cost that were not simulated. Kept along the way: the status bar asks for it all the time.
CREATE TABLE monthly_spend (
  month            TEXT PRIMARY KEY,
  runs             INTEGER NOT NULL,
  priced           INTEGER NOT NULL,
  cost_picodollars INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER runs_spend_insert AFTER INSERT ON runs WHEN NEW.simulated = 0
BEGIN
  INSERT INTO monthly_spend (month, runs, priced, cost_picodollars)
  VALUES (substr(NEW.executed_at, 1, 7), 1, NEW.cost_picodollars IS NOT NULL,
    coalesce(NEW.cost_picodollars, 0) + NEW.earlier_cost_picodollars)
  ON CONFLICT (month) DO UPDATE SET runs = runs + 1, priced = priced + excluded.priced,
    cost_picodollars = cost_picodollars + excluded.cost_picodollars;
END;
CREATE TRIGGER runs_spend_update AFTER UPDATE OF cost_picodollars, earlier_cost_picodollars ON runs
WHEN NEW.simulated = 0 AND (NEW.cost_picodollars IS NOT OLD.cost_picodollars
  OR NEW.earlier_cost_picodollars IS NOT OLD.earlier_cost_picodollars)
BEGIN
  UPDATE monthly_spend SET
    priced = priced + (NEW.cost_picodollars IS NOT NULL) - (OLD.cost_picodollars IS NOT NULL),
    cost_picodollars = cost_picodollars
      + coalesce(NEW.cost_picodollars, 0) + NEW.earlier_cost_picodollars
      - coalesce(OLD.cost_picodollars, 0) - OLD.earlier_cost_picodollars
  WHERE month = substr(NEW.executed_at, 1, 7);
END;

-- One row per provider call. `sending` is committed before the socket opens.
CREATE TABLE attempts (
  seq           INTEGER PRIMARY KEY,
  attempt_id    TEXT NOT NULL UNIQUE,
  run_id        TEXT NOT NULL REFERENCES runs (run_id),
  attempt_index INTEGER NOT NULL,
  status        TEXT NOT NULL CHECK (status IN ('sending', 'answered', 'not_sent', 'outcome_unknown')),
  request_api   TEXT,
  request_json  BLOB,
  -- status and headers of a stream whose first parts are stored, in case that the process ends before the answer does
  stream_head   TEXT,
  started_at    TEXT NOT NULL,
  ended_at      TEXT,
  failure       TEXT
) STRICT;
CREATE UNIQUE INDEX ux_attempts_run ON attempts (run_id, attempt_index);
CREATE INDEX ix_attempts_sending ON attempts (status) WHERE status = 'sending';
CREATE TRIGGER attempts_insert_guard BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM attempts WHERE attempt_id = NEW.attempt_id)
  OR EXISTS (SELECT 1 FROM attempts WHERE seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM attempts WHERE run_id = NEW.run_id AND attempt_index = NEW.attempt_index)
BEGIN SELECT RAISE(ABORT, 'immutable: attempts'); END;
CREATE TRIGGER attempts_update_guard BEFORE UPDATE OF seq, attempt_id, run_id, attempt_index, started_at ON attempts
BEGIN SELECT RAISE(ABORT, 'immutable: attempts'); END;
CREATE TRIGGER attempts_delete_guard BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'immutable: attempts'); END;

-- The provider's bytes as received; its headers as JSON, zstd where that is smaller. `encoding` is how `bytes` rest here; `sha256` and `size` are of the original.
-- A streamed answer rests in `raw_parts`, appended as it came; then `bytes` is null.
CREATE TABLE raw_responses (
  seq           INTEGER PRIMARY KEY,
  attempt_id    TEXT NOT NULL UNIQUE REFERENCES attempts (attempt_id),
  http_status   INTEGER NOT NULL,
  headers       BLOB NOT NULL,
  content_type  TEXT,
  sha256        TEXT NOT NULL,
  size          INTEGER NOT NULL,
  complete      INTEGER NOT NULL CHECK (complete IN (0, 1)),
  redacted      INTEGER NOT NULL DEFAULT 0 CHECK (redacted IN (0, 1)),
  encoding      TEXT NOT NULL CHECK (encoding IN ('identity', 'zstd', 'parts')),
  stored_at     TEXT NOT NULL,
  bytes         BLOB
) STRICT;
CREATE TABLE raw_parts (
  attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
  part_index INTEGER NOT NULL,
  redacted   INTEGER NOT NULL CHECK (redacted IN (0, 1)),
  encoding   TEXT NOT NULL CHECK (encoding IN ('identity', 'zstd')),
  bytes      BLOB NOT NULL,
  PRIMARY KEY (attempt_id, part_index)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER raw_responses_insert_guard BEFORE INSERT ON raw_responses
WHEN EXISTS (SELECT 1 FROM raw_responses WHERE attempt_id = NEW.attempt_id)
  OR EXISTS (SELECT 1 FROM raw_responses WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: raw_responses'); END;
CREATE TRIGGER raw_responses_update_guard BEFORE UPDATE ON raw_responses
BEGIN SELECT RAISE(ABORT, 'immutable: raw_responses'); END;
CREATE TRIGGER raw_responses_delete_guard BEFORE DELETE ON raw_responses
BEGIN SELECT RAISE(ABORT, 'immutable: raw_responses'); END;
CREATE TRIGGER raw_parts_insert_guard BEFORE INSERT ON raw_parts
WHEN EXISTS (SELECT 1 FROM raw_parts WHERE attempt_id = NEW.attempt_id AND part_index = NEW.part_index)
BEGIN SELECT RAISE(ABORT, 'immutable: raw_parts'); END;
CREATE TRIGGER raw_parts_update_guard BEFORE UPDATE ON raw_parts
BEGIN SELECT RAISE(ABORT, 'immutable: raw_parts'); END;
CREATE TRIGGER raw_parts_delete_guard BEFORE DELETE ON raw_parts
BEGIN SELECT RAISE(ABORT, 'immutable: raw_parts'); END;

CREATE TABLE idempotency_keys (
  org_id         TEXT NOT NULL,
  scope          TEXT NOT NULL,
  key            TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  record_id      TEXT NOT NULL,
  created_at     TEXT NOT NULL,
  expires_at     TEXT NOT NULL,
  PRIMARY KEY (org_id, scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_idempotency_expiry ON idempotency_keys (expires_at);
