-- A trial belongs to the prompt that it was made in: the same configuration tried for two prompts is two records.
DROP INDEX ux_templates_trial;
CREATE UNIQUE INDEX ux_templates_trial ON templates (org_id, workspace_id, config_sha256, prompt_id)
  WHERE deleted_at IS NULL AND trial = 1;
