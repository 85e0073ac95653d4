-- Lists of what is rare read it alone and never walk past all other runs. Entries cost bytes only for the rare runs:
-- of the statuses that stay, and of those that failed, by the time that their lists are sorted by.
DROP INDEX ix_runs_failed;
CREATE INDEX ix_runs_failed ON runs (executed_at) WHERE status = 'failed';
CREATE INDEX ix_runs_pending ON runs (seq) WHERE status = 'pending';
CREATE INDEX ix_runs_cancelled ON runs (seq) WHERE status = 'cancelled';
CREATE INDEX ix_runs_failure ON runs (failure_code, executed_at) WHERE failure_code IS NOT NULL;

-- How many runs wait for a review, and how the reviews that stand decided: every page of the queue says so. Kept by
-- triggers, as the queue is.
CREATE TABLE review_totals (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  open      INTEGER NOT NULL,
  accepted  INTEGER NOT NULL,
  corrected INTEGER NOT NULL,
  dismissed INTEGER NOT NULL
) STRICT;
INSERT INTO review_totals (one, open, accepted, corrected, dismissed)
SELECT 1, (SELECT count(*) FROM review_queue), coalesce(sum(action = 'accept'), 0),
  coalesce(sum(action = 'correct'), 0), coalesce(sum(action = 'dismiss'), 0)
FROM reviews
WHERE NOT EXISTS (SELECT 1 FROM reviews AS later WHERE later.previous_review_id = reviews.review_id);

CREATE TRIGGER review_queue_joined AFTER INSERT ON review_queue
BEGIN
  UPDATE review_totals SET open = open + 1;
END;
CREATE TRIGGER review_queue_left AFTER DELETE ON review_queue
BEGIN
  UPDATE review_totals SET open = open - 1;
END;
-- A review takes the place of the one before it.
CREATE TRIGGER reviews_counted AFTER INSERT ON reviews
BEGIN
  UPDATE review_totals SET accepted = accepted + (NEW.action = 'accept'),
    corrected = corrected + (NEW.action = 'correct'), dismissed = dismissed + (NEW.action = 'dismiss');
  UPDATE review_totals SET accepted = accepted - (former.action = 'accept'),
    corrected = corrected - (former.action = 'correct'), dismissed = dismissed - (former.action = 'dismiss')
  FROM (SELECT action FROM reviews WHERE review_id = NEW.previous_review_id) AS former;
END;
