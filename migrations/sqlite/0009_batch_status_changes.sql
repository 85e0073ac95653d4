-- Every change of where a batch stands: when, why, and whether the user did it or Prompter by itself (a version that
-- drifted, a budget, an error, the end). `batches` has the last of them only. Batches of before have none.
CREATE TABLE batch_status_changes (
  seq        INTEGER PRIMARY KEY,
  batch_id   TEXT NOT NULL REFERENCES batches (batch_id),
  status     TEXT NOT NULL CHECK (status IN ('running', 'paused', 'completed', 'stopped', 'cancelled')),
  reason     TEXT,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by IN ('local', 'prompter'))
) STRICT;
CREATE INDEX ix_batch_status_changes ON batch_status_changes (batch_id, seq);
CREATE TRIGGER batch_status_changes_insert_guard BEFORE INSERT ON batch_status_changes
WHEN EXISTS (SELECT 1 FROM batch_status_changes WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: batch_status_changes'); END;
CREATE TRIGGER batch_status_changes_update_guard BEFORE UPDATE ON batch_status_changes
BEGIN SELECT RAISE(ABORT, 'immutable: batch_status_changes'); END;
CREATE TRIGGER batch_status_changes_delete_guard BEFORE DELETE ON batch_status_changes
BEGIN SELECT RAISE(ABORT, 'immutable: batch_status_changes'); END;
