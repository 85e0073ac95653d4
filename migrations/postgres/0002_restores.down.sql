-- Takes the records of restores away. Where a restored store has pushed since, its results and archives have the same
-- keys as those of the log that it continues: then this fails and changes nothing.
CREATE OR REPLACE VIEW prompter.newest_results WITH (security_invoker = true) AS
  SELECT DISTINCT ON (org_id, run_id) * FROM prompter.run_results ORDER BY org_id, run_id, result_no DESC;
DROP TABLE prompter.restores;
ALTER TABLE prompter.raw_responses
  DROP CONSTRAINT raw_responses_pkey, ADD PRIMARY KEY (org_id, attempt_id);
ALTER TABLE prompter.template_archives
  DROP CONSTRAINT template_archives_pkey, ADD PRIMARY KEY (org_id, template_id);
ALTER TABLE prompter.run_results
  DROP CONSTRAINT run_results_pkey, ADD PRIMARY KEY (org_id, run_id, result_no);
