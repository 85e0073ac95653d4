-- The newest evidence of which version answers for a model of a connection, whichever template saw it. A cache: rows are
-- replaced, and `observed_at` with the configured time to live says until when one may be believed.
CREATE TABLE provider_version_cache (
  connection_id        TEXT NOT NULL REFERENCES connections (connection_id),
  model_id             TEXT NOT NULL,
  provider             TEXT NOT NULL,
  -- the run whose answer is the evidence, and its template: a refresh probes in that template's name
  run_id               TEXT NOT NULL REFERENCES runs (run_id),
  template_id          TEXT NOT NULL REFERENCES templates (template_id),
  provider_version_key TEXT NOT NULL,
  evidence_grade       TEXT NOT NULL,
  evidence             TEXT NOT NULL,
  etag                 TEXT NOT NULL CHECK (length(etag) = 64),
  observed_at          TEXT NOT NULL,
  PRIMARY KEY (connection_id, model_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_provider_version_cache_provider ON provider_version_cache (provider);

-- The version that a template saw last behind a model of a connection: what the next answer is compared with.
CREATE TABLE version_sightings (
  template_id          TEXT NOT NULL REFERENCES templates (template_id),
  connection_id        TEXT NOT NULL REFERENCES connections (connection_id),
  model_id             TEXT NOT NULL,
  provider_version_key TEXT NOT NULL,
  evidence_grade       TEXT NOT NULL,
  evidence             TEXT NOT NULL,
  run_id               TEXT NOT NULL REFERENCES runs (run_id),
  seen_at              TEXT NOT NULL,
  PRIMARY KEY (template_id, connection_id, model_id)
) STRICT, WITHOUT ROWID;

-- One version answered and then another: written in the final commit of the run that shows it.
CREATE TABLE drift_events (
  seq                         INTEGER PRIMARY KEY,
  drift_id                    TEXT NOT NULL UNIQUE,
  org_id                      TEXT NOT NULL,
  workspace_id                TEXT NOT NULL,
  template_id                 TEXT NOT NULL REFERENCES templates (template_id),
  provider                    TEXT NOT NULL,
  connection_id               TEXT NOT NULL REFERENCES connections (connection_id),
  model_id                    TEXT NOT NULL,
  before_provider_version_key TEXT NOT NULL,
  before_evidence_grade       TEXT NOT NULL,
  before_evidence             TEXT NOT NULL,
  before_run_id               TEXT NOT NULL REFERENCES runs (run_id),
  after_provider_version_key  TEXT NOT NULL,
  after_evidence_grade        TEXT NOT NULL,
  after_evidence              TEXT NOT NULL,
  after_run_id                TEXT NOT NULL REFERENCES runs (run_id),
  seen_at                     TEXT NOT NULL
) STRICT;
CREATE INDEX ix_drift_events_template ON drift_events (template_id, seq);
CREATE TRIGGER drift_events_insert_guard BEFORE INSERT ON drift_events
WHEN EXISTS (SELECT 1 FROM drift_events WHERE drift_id = NEW.drift_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: drift_events'); END;
CREATE TRIGGER drift_events_update_guard BEFORE UPDATE ON drift_events
BEGIN SELECT RAISE(ABORT, 'immutable: drift_events'); END;
CREATE TRIGGER drift_events_delete_guard BEFORE DELETE ON drift_events
BEGIN SELECT RAISE(ABORT, 'immutable: drift_events'); END;

-- Templates never change, so a pin is a record of its own; the newest one counts, and without any the template's own
-- `model_version_constraint`. A null key says that the pin was taken away.
CREATE TABLE template_pins (
  seq                  INTEGER PRIMARY KEY,
  pin_id               TEXT NOT NULL UNIQUE,
  org_id               TEXT NOT NULL,
  workspace_id         TEXT NOT NULL,
  template_id          TEXT NOT NULL REFERENCES templates (template_id),
  provider_version_key TEXT,
  note                 TEXT,
  pinned_at            TEXT NOT NULL,
  pinned_by            TEXT
) STRICT;
CREATE INDEX ix_template_pins_template ON template_pins (template_id, seq);
CREATE TRIGGER template_pins_insert_guard BEFORE INSERT ON template_pins
WHEN EXISTS (SELECT 1 FROM template_pins WHERE pin_id = NEW.pin_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: template_pins'); END;
CREATE TRIGGER template_pins_update_guard BEFORE UPDATE ON template_pins
BEGIN SELECT RAISE(ABORT, 'immutable: template_pins'); END;
CREATE TRIGGER template_pins_delete_guard BEFORE DELETE ON template_pins
BEGIN SELECT RAISE(ABORT, 'immutable: template_pins'); END;

-- The pin that a run was sent under, so that its answer is judged the same whenever it is read again. Runs from before
-- had their template's; probes have none.
ALTER TABLE runs ADD COLUMN model_version_constraint TEXT;
UPDATE runs SET model_version_constraint = (SELECT t.model_version_constraint FROM templates t WHERE t.template_id = runs.template_id)
WHERE template_id IN (SELECT template_id FROM templates WHERE model_version_constraint IS NOT NULL)
  AND json_extract(analysis_config, '$.probe') IS NULL;
CREATE TRIGGER runs_pin_guard BEFORE UPDATE OF model_version_constraint ON runs
BEGIN SELECT RAISE(ABORT, 'immutable: runs'); END;

-- Versions that took the place of what a batch's preflight locked, or wait for the user to say so. The newest accepted
-- one of a target is its lock. `accepted_at` is set once.
CREATE TABLE batch_locks (
  seq                  INTEGER PRIMARY KEY,
  batch_id             TEXT NOT NULL REFERENCES batches (batch_id),
  target_index         INTEGER NOT NULL,
  provider_version_key TEXT NOT NULL,
  evidence_grade       TEXT NOT NULL,
  evidence             TEXT NOT NULL,
  run_id               TEXT NOT NULL REFERENCES runs (run_id),
  -- what was locked when this was seen; null where nothing was known, and then this was taken at once
  expected             TEXT,
  seen_at              TEXT NOT NULL,
  accepted_at          TEXT
) STRICT;
CREATE INDEX ix_batch_locks_batch ON batch_locks (batch_id, seq);
CREATE TRIGGER batch_locks_insert_guard BEFORE INSERT ON batch_locks
WHEN EXISTS (SELECT 1 FROM batch_locks WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: batch_locks'); END;
CREATE TRIGGER batch_locks_update_guard BEFORE UPDATE ON batch_locks
WHEN OLD.accepted_at IS NOT NULL
  OR NEW.accepted_at IS NULL
  OR NEW.seq IS NOT OLD.seq
  OR NEW.batch_id IS NOT OLD.batch_id
  OR NEW.target_index IS NOT OLD.target_index
  OR NEW.provider_version_key IS NOT OLD.provider_version_key
  OR NEW.evidence_grade IS NOT OLD.evidence_grade
  OR NEW.evidence IS NOT OLD.evidence
  OR NEW.run_id IS NOT OLD.run_id
  OR NEW.expected IS NOT OLD.expected
  OR NEW.seen_at IS NOT OLD.seen_at
BEGIN SELECT RAISE(ABORT, 'immutable: batch_locks'); END;
CREATE TRIGGER batch_locks_delete_guard BEFORE DELETE ON batch_locks
BEGIN SELECT RAISE(ABORT, 'immutable: batch_locks'); END;
