-- A probe asks a model for its version: it is no run of its template and counts as none. What a run is for follows from
-- what was asked, which is sealed and never changes, so that nobody can hide a run by calling it a probe. No text of a
-- user's can hold these characters: within JSON's strings every quote is escaped.
ALTER TABLE runs ADD COLUMN kind TEXT GENERATED ALWAYS AS
  (CASE WHEN instr(analysis_config, '"probe":true') > 0 THEN 'probe' ELSE 'run' END) VIRTUAL;

-- Probes alone, for what they cost and how many there are; few beside the runs.
CREATE INDEX ix_runs_probes ON runs (executed_at, simulated, workspace_id) WHERE kind = 'probe';

-- Lists by cost walk past the runs that do not match without reading them.
CREATE INDEX ix_runs_cost ON runs (executed_at, cost_picodollars) WHERE cost_picodollars IS NOT NULL;

-- Nobody reviews a probe.
DROP TRIGGER runs_review_wanted;
CREATE TRIGGER runs_review_wanted AFTER UPDATE OF requires_manual_review ON runs
WHEN NEW.requires_manual_review = 1 AND OLD.requires_manual_review = 0 AND NEW.kind = 'run'
  AND NOT EXISTS (SELECT 1 FROM reviews WHERE attempt_id = NEW.attempt_id)
BEGIN
  INSERT INTO review_queue (run_seq, run_id, template_id) VALUES (NEW.seq, NEW.run_id, NEW.template_id);
END;
DELETE FROM review_queue WHERE run_seq IN (SELECT seq FROM runs WHERE kind = 'probe');

-- The sums counted probes as runs: opening the store makes them again.
INSERT OR IGNORE INTO settings (key, value) SELECT 'rollups.outdated', '1' WHERE EXISTS (SELECT 1 FROM runs);
