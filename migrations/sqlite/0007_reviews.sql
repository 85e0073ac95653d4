-- What a person made of an answer that could not be used as it came. The raw bytes stay; a correction is a record of its
-- own, linked to the answer and to the review that it replaces. `attempt_id` says which answer was looked at: a run that
-- is tried again has a new one, which nobody has reviewed yet.
CREATE TABLE reviews (
  seq                 INTEGER PRIMARY KEY,
  review_id           TEXT NOT NULL UNIQUE,
  org_id              TEXT NOT NULL,
  workspace_id        TEXT NOT NULL,
  template_id         TEXT NOT NULL REFERENCES templates (template_id),
  run_id              TEXT NOT NULL REFERENCES runs (run_id),
  attempt_id          TEXT NOT NULL REFERENCES attempts (attempt_id),
  action              TEXT NOT NULL CHECK (action IN ('accept', 'correct', 'dismiss')),
  -- what counts in place of the model's output; null where its own counts, or none
  corrected_text      TEXT,
  reason              TEXT,
  raw_response_sha256 TEXT NOT NULL,
  previous_review_id  TEXT REFERENCES reviews (review_id),
  reviewed_by         TEXT,
  created_at          TEXT NOT NULL
) STRICT;
CREATE INDEX ix_reviews_run ON reviews (run_id, seq);
-- Two people at once: an answer has one first review, and each review one successor. The index decides.
CREATE UNIQUE INDEX ux_reviews_first ON reviews (attempt_id) WHERE previous_review_id IS NULL;
CREATE UNIQUE INDEX ux_reviews_next ON reviews (previous_review_id) WHERE previous_review_id IS NOT NULL;

CREATE TRIGGER reviews_insert_guard BEFORE INSERT ON reviews
WHEN EXISTS (SELECT 1 FROM reviews WHERE review_id = NEW.review_id OR seq = NEW.seq)
  OR EXISTS (
    SELECT 1 FROM reviews
    WHERE attempt_id = NEW.attempt_id AND previous_review_id IS NULL AND NEW.previous_review_id IS NULL)
  OR EXISTS (SELECT 1 FROM reviews WHERE previous_review_id = NEW.previous_review_id)
BEGIN SELECT RAISE(ABORT, 'immutable: reviews'); END;
CREATE TRIGGER reviews_update_guard BEFORE UPDATE ON reviews
BEGIN SELECT RAISE(ABORT, 'immutable: reviews'); END;
CREATE TRIGGER reviews_delete_guard BEFORE DELETE ON reviews
BEGIN SELECT RAISE(ABORT, 'immutable: reviews'); END;

-- The queue: runs that require a review and whose answer has none. Kept by triggers, so that whoever writes a run or a
-- review keeps it, and so that a page of it never walks past what was reviewed long ago. Oldest first.
CREATE TABLE review_queue (
  run_seq     INTEGER PRIMARY KEY,
  run_id      TEXT NOT NULL UNIQUE REFERENCES runs (run_id),
  template_id TEXT NOT NULL REFERENCES templates (template_id)
) STRICT;
CREATE INDEX ix_review_queue_template ON review_queue (template_id, run_seq);

CREATE TRIGGER runs_review_wanted AFTER UPDATE OF requires_manual_review ON runs
WHEN NEW.requires_manual_review = 1 AND OLD.requires_manual_review = 0
  AND NOT EXISTS (SELECT 1 FROM reviews WHERE attempt_id = NEW.attempt_id)
BEGIN
  INSERT INTO review_queue (run_seq, run_id, template_id) VALUES (NEW.seq, NEW.run_id, NEW.template_id);
END;
CREATE TRIGGER runs_review_spared AFTER UPDATE OF requires_manual_review ON runs
WHEN NEW.requires_manual_review = 0 AND OLD.requires_manual_review = 1
BEGIN
  DELETE FROM review_queue WHERE run_seq = NEW.seq;
END;
CREATE TRIGGER reviews_close AFTER INSERT ON reviews
BEGIN
  DELETE FROM review_queue WHERE run_id = NEW.run_id;
END;

INSERT INTO review_queue (run_seq, run_id, template_id)
SELECT seq, run_id, template_id FROM runs WHERE requires_manual_review = 1;

