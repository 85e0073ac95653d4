-- The runs behind "so many are unpriced" are found without walking past those that have a price. The columns are what such
-- a list is narrowed by, so that only its own runs are read.
CREATE INDEX ix_runs_unpriced ON runs (executed_at, status, failure_code, template_id, model_id, connection_id)
  WHERE cost_picodollars IS NULL AND status IN ('succeeded', 'failed', 'outcome_unknown');
