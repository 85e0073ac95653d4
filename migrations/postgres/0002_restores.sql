-- A restored backup goes on as another audit log, which continues the copy's: `installation_id` is the name of the log
-- that has the record's entry, and a log says one thing under one number. What was given up stays, as evidence. A run
-- that both logs went on with has results in both; so may a template have been archived twice, and the answer to a
-- call that was under way when the backup was made be whole in one and cut off in the other.
ALTER TABLE prompter.run_results
  DROP CONSTRAINT run_results_pkey, ADD PRIMARY KEY (org_id, run_id, result_no, installation_id);
ALTER TABLE prompter.template_archives
  DROP CONSTRAINT template_archives_pkey, ADD PRIMARY KEY (org_id, template_id, installation_id);
ALTER TABLE prompter.raw_responses
  DROP CONSTRAINT raw_responses_pkey, ADD PRIMARY KEY (org_id, attempt_id, installation_id);

-- Where a log forked: `log` continues the first `continues_entries` entries of `continues_log`. `previous_log` is that of
-- the store which was replaced; null where there was none, as on another machine.
CREATE TABLE prompter.restores (
  org_id            text NOT NULL,
  restore_id        text NOT NULL,
  installation_id   text NOT NULL,
  restored_at       text NOT NULL,
  log               text,
  continues_log     text,
  continues_entries bigint,
  previous_log      text,
  record            text NOT NULL,
  record_sha256     text NOT NULL,
  PRIMARY KEY (org_id, restore_id),
  CONSTRAINT restores_record_sha256 CHECK (record_sha256 = encode(sha256(convert_to(record, 'UTF8')), 'hex'))
);
ALTER TABLE prompter.restores ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompter.restores FORCE ROW LEVEL SECURITY;
CREATE POLICY restores_select ON prompter.restores AS PERMISSIVE FOR SELECT TO prompter_app
  USING (org_id = (SELECT prompter.current_org()));
CREATE POLICY restores_insert ON prompter.restores AS PERMISSIVE FOR INSERT TO prompter_app
  WITH CHECK (org_id = (SELECT prompter.current_org()));
GRANT SELECT, INSERT ON prompter.restores TO prompter_app;

-- The newest result of each run, without what was given up: entries of a replaced log that no log in use continues.
-- Numbers go on where a log continues another, so the highest is the newest.
CREATE OR REPLACE VIEW prompter.newest_results WITH (security_invoker = true) AS
  WITH RECURSIVE continued (org_id, log, ancestor, entries) AS (
    SELECT org_id, log, continues_log, continues_entries FROM prompter.restores WHERE continues_log <> log
    UNION
    SELECT c.org_id, c.log, r.continues_log, least(c.entries, r.continues_entries)
    FROM continued c JOIN prompter.restores r ON r.org_id = c.org_id AND r.log = c.ancestor AND r.continues_log <> r.log
  ), replaced AS (
    SELECT DISTINCT org_id, previous_log AS log FROM prompter.restores WHERE previous_log IS NOT NULL
  ), given_up AS (
    SELECT r.org_id, r.log, coalesce(max(c.entries), 0) AS beyond
    FROM replaced r LEFT JOIN continued c ON c.org_id = r.org_id AND c.ancestor = r.log
      AND NOT EXISTS (SELECT FROM replaced s WHERE s.org_id = c.org_id AND s.log = c.log)
    GROUP BY r.org_id, r.log
  )
  SELECT DISTINCT ON (n.org_id, n.run_id) n.*
  FROM prompter.run_results n LEFT JOIN given_up g ON g.org_id = n.org_id AND g.log = n.installation_id
  WHERE g.beyond IS NULL OR n.result_no <= g.beyond
  ORDER BY n.org_id, n.run_id, n.result_no DESC;
