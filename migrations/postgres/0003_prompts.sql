-- What prompts are called and whether they may be used, each change as a row. What a template, label or pin gained since
-- is in its `record`.
CREATE TABLE prompter.prompt_changes (
  org_id          text NOT NULL,
  change_id       text NOT NULL,
  installation_id text NOT NULL,
  workspace_id    text NOT NULL,
  prompt_id       text NOT NULL,
  changed_at      text NOT NULL,
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, change_id),
  CONSTRAINT prompt_changes_record_sha256
    CHECK (record_sha256 = encode(sha256(convert_to(record, 'UTF8')), 'hex'))
);
ALTER TABLE prompter.prompt_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE prompter.prompt_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY prompt_changes_select ON prompter.prompt_changes AS PERMISSIVE FOR SELECT TO prompter_app
  USING (org_id = (SELECT prompter.current_org()));
CREATE POLICY prompt_changes_insert ON prompter.prompt_changes AS PERMISSIVE FOR INSERT TO prompter_app
  WITH CHECK (org_id = (SELECT prompter.current_org()));
GRANT SELECT, INSERT ON prompter.prompt_changes TO prompter_app;
