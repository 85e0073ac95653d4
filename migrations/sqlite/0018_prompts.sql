-- A prompt is a line of templates. `prompt_id` is the id of its first one: a child belongs to its parent's prompt unless it
-- is forked or in another workspace. `version_number` counts within the prompt. Both follow from sealed columns and the order of rows, and the
-- database refuses a row that says otherwise; so existing rows can get them without a new seal.
ALTER TABLE templates ADD COLUMN prompt_id TEXT NOT NULL DEFAULT '';
ALTER TABLE templates ADD COLUMN version_number INTEGER;
-- A fork starts a prompt of its own and keeps its parent.
ALTER TABLE templates ADD COLUMN fork INTEGER NOT NULL DEFAULT 0 CHECK (fork IN (0, 1));
-- A trial is a draft that was run: outside lists, labels, pins and the duplicate rule, and without a version number.
ALTER TABLE templates ADD COLUMN trial INTEGER NOT NULL DEFAULT 0 CHECK (trial IN (0, 1));
-- Null stands for none in all of these; messages are null where the two texts are the whole conversation.
ALTER TABLE templates ADD COLUMN tags TEXT;
ALTER TABLE templates ADD COLUMN messages TEXT;
ALTER TABLE templates ADD COLUMN tools TEXT;
ALTER TABLE templates ADD COLUMN tool_choice TEXT;
ALTER TABLE templates ADD COLUMN includes TEXT;

DROP TRIGGER templates_update_guard;

CREATE TEMP TABLE lines (template_id TEXT PRIMARY KEY, prompt_id TEXT NOT NULL) WITHOUT ROWID;
WITH RECURSIVE line (template_id, workspace_id, prompt_id) AS (
  SELECT template_id, workspace_id, template_id FROM templates WHERE parent_template_id IS NULL
  UNION ALL
  SELECT t.template_id, t.workspace_id,
    CASE t.workspace_id WHEN line.workspace_id THEN line.prompt_id ELSE t.template_id END
  FROM line JOIN templates t ON t.parent_template_id = line.template_id
)
INSERT INTO lines SELECT template_id, prompt_id FROM line;
CREATE TEMP TABLE placed (seq INTEGER PRIMARY KEY, prompt_id TEXT NOT NULL, version_number INTEGER NOT NULL);
INSERT INTO placed
  SELECT t.seq, l.prompt_id, row_number() OVER (PARTITION BY l.prompt_id ORDER BY t.seq)
  FROM templates t JOIN lines l ON l.template_id = t.template_id;
UPDATE templates SET prompt_id = p.prompt_id, version_number = p.version_number
  FROM placed p WHERE p.seq = templates.seq;
DROP TABLE placed;
DROP TABLE lines;

CREATE TRIGGER templates_update_guard BEFORE UPDATE ON templates
WHEN OLD.deleted_at IS NOT NULL
  OR NEW.deleted_at IS NULL
  OR NEW.seq IS NOT OLD.seq
  OR NEW.template_id IS NOT OLD.template_id
  OR NEW.org_id IS NOT OLD.org_id
  OR NEW.workspace_id IS NOT OLD.workspace_id
  OR NEW.name IS NOT OLD.name
  OR NEW.description IS NOT OLD.description
  OR NEW.system_instructions IS NOT OLD.system_instructions
  OR NEW.user_prompt_template IS NOT OLD.user_prompt_template
  OR NEW.country_set IS NOT OLD.country_set
  OR NEW.provider IS NOT OLD.provider
  OR NEW.model_id IS NOT OLD.model_id
  OR NEW.inference_params IS NOT OLD.inference_params
  OR NEW.response_schema IS NOT OLD.response_schema
  OR NEW.grounding_mode IS NOT OLD.grounding_mode
  OR NEW.als IS NOT OLD.als
  OR NEW.model_version_constraint IS NOT OLD.model_version_constraint
  OR NEW.fingerprint_allowlist IS NOT OLD.fingerprint_allowlist
  OR NEW.variables IS NOT OLD.variables
  OR NEW.version_label IS NOT OLD.version_label
  OR NEW.parent_template_id IS NOT OLD.parent_template_id
  OR NEW.message IS NOT OLD.message
  OR NEW.config_sha256 IS NOT OLD.config_sha256
  OR NEW.record_hmac IS NOT OLD.record_hmac
  OR NEW.hmac_key_id IS NOT OLD.hmac_key_id
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.created_by IS NOT OLD.created_by
  OR NEW.prompt_id IS NOT OLD.prompt_id
  OR NEW.version_number IS NOT OLD.version_number
  OR NEW.fork IS NOT OLD.fork
  OR NEW.trial IS NOT OLD.trial
  OR NEW.tags IS NOT OLD.tags
  OR NEW.messages IS NOT OLD.messages
  OR NEW.tools IS NOT OLD.tools
  OR NEW.tool_choice IS NOT OLD.tool_choice
  OR NEW.includes IS NOT OLD.includes
BEGIN SELECT RAISE(ABORT, 'immutable: templates'); END;

CREATE UNIQUE INDEX ux_templates_version ON templates (prompt_id, version_number) WHERE version_number IS NOT NULL;
CREATE INDEX ix_templates_prompt ON templates (prompt_id, seq);
CREATE TRIGGER templates_place_guard BEFORE INSERT ON templates
WHEN NOT EXISTS (SELECT 1 FROM templates WHERE template_id = NEW.template_id OR seq = NEW.seq)
  AND (NEW.prompt_id IS NOT CASE
    WHEN NEW.parent_template_id IS NULL OR NEW.fork = 1 THEN NEW.template_id
    ELSE (SELECT CASE p.workspace_id WHEN NEW.workspace_id THEN p.prompt_id ELSE NEW.template_id END
      FROM templates p WHERE p.template_id = NEW.parent_template_id) END
  OR NEW.version_number IS NOT CASE WHEN NEW.trial = 0
    THEN 1 + coalesce((SELECT max(v.version_number) FROM templates v
      WHERE v.prompt_id = NEW.prompt_id AND v.version_number IS NOT NULL), 0) END)
BEGIN SELECT RAISE(ABORT, 'misplaced: templates'); END;

-- The duplicate rule is about versions. A trial of the same configuration is the same record.
DROP INDEX ux_templates_config;
CREATE UNIQUE INDEX ux_templates_config ON templates (org_id, workspace_id, config_sha256)
  WHERE deleted_at IS NULL AND trial = 0;
CREATE UNIQUE INDEX ux_templates_trial ON templates (org_id, workspace_id, config_sha256)
  WHERE deleted_at IS NULL AND trial = 1;
DROP INDEX ix_templates_workspace;
CREATE INDEX ix_templates_workspace ON templates (workspace_id, seq) WHERE deleted_at IS NULL AND trial = 0;
DROP INDEX ix_templates_active;
CREATE INDEX ix_templates_active ON templates (seq) WHERE deleted_at IS NULL AND trial = 0;

-- Of a conversation, every text is found; of a trial, none.
DROP TRIGGER templates_fts_insert;
CREATE TRIGGER templates_fts_insert AFTER INSERT ON templates WHEN NEW.trial = 0
BEGIN
  INSERT INTO templates_fts (rowid, name, description, model_id, user_prompt_template, system_instructions)
  VALUES (NEW.seq, NEW.name, NEW.description, NEW.model_id,
    CASE WHEN NEW.messages IS NULL THEN NEW.user_prompt_template ELSE
      (SELECT group_concat(j.value, char(10)) FROM json_tree(NEW.messages) j
       WHERE j.type = 'text' AND j.key IN ('content', 'text', 'placeholder')) END,
    NEW.system_instructions);
END;

-- A label belongs to a prompt. A move from before this has none and spoke of the workspace: it counts in the prompt that it
-- points to until the label moves there.
ALTER TABLE template_labels ADD COLUMN prompt_id TEXT;
CREATE INDEX ix_template_labels_prompt ON template_labels (prompt_id, label, seq) WHERE prompt_id IS NOT NULL;
CREATE INDEX ix_template_labels_workspace ON template_labels (label, workspace_id, org_id, seq) WHERE prompt_id IS NULL;
CREATE TRIGGER template_labels_prompt_guard BEFORE INSERT ON template_labels
WHEN NEW.prompt_id IS NULL OR (NEW.template_id IS NOT NULL AND NOT EXISTS
  (SELECT 1 FROM templates t WHERE t.template_id = NEW.template_id AND t.prompt_id = NEW.prompt_id AND t.trial = 0))
BEGIN SELECT RAISE(ABORT, 'misplaced: template_labels'); END;

-- What a prompt is called and whether it may be used can change: a row holds both from then on, and the newest row counts.
-- Without one, a prompt is called as its newest version, and is active.
CREATE TABLE prompt_changes (
  seq          INTEGER PRIMARY KEY,
  change_id    TEXT NOT NULL UNIQUE,
  org_id       TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  prompt_id    TEXT NOT NULL REFERENCES templates (template_id),
  name         TEXT,
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  changed_at   TEXT NOT NULL,
  changed_by   TEXT
) STRICT;
CREATE INDEX ix_prompt_changes_prompt ON prompt_changes (prompt_id, seq);
CREATE TRIGGER prompt_changes_insert_guard BEFORE INSERT ON prompt_changes
WHEN EXISTS (SELECT 1 FROM prompt_changes WHERE change_id = NEW.change_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: prompt_changes'); END;
CREATE TRIGGER prompt_changes_update_guard BEFORE UPDATE ON prompt_changes
BEGIN SELECT RAISE(ABORT, 'immutable: prompt_changes'); END;
CREATE TRIGGER prompt_changes_delete_guard BEFORE DELETE ON prompt_changes
BEGIN SELECT RAISE(ABORT, 'immutable: prompt_changes'); END;

-- A pin is about one model, at one provider where it names it. A pin from before this names none: it is about the model
-- whose version it is.
ALTER TABLE template_pins ADD COLUMN provider TEXT;
ALTER TABLE template_pins ADD COLUMN model_id TEXT;
CREATE INDEX ix_template_pins_model ON template_pins (template_id, model_id, seq);
CREATE TRIGGER template_pins_model_guard BEFORE INSERT ON template_pins
WHEN NEW.model_id IS NULL
BEGIN SELECT RAISE(ABORT, 'misplaced: template_pins'); END;
