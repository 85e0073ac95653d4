-- The list of prompts: a row each, derived from templates, prompt_changes and runs, so that a list of any length is sorted
-- and filtered out of an index. Kept by the triggers below; the sums of runs are kept with the other sums (rollups).
CREATE TABLE prompts (
  -- that of the prompt's first template
  seq              INTEGER PRIMARY KEY,
  prompt_id        TEXT NOT NULL UNIQUE,
  org_id           TEXT NOT NULL,
  workspace_id     TEXT NOT NULL,
  name             TEXT NOT NULL COLLATE NOCASE,
  active           INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  -- whether all of its versions are
  archived         INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
  versions         INTEGER NOT NULL DEFAULT 0,
  -- its newest version that is not archived, or else its newest; null while there are only trials
  latest_seq       INTEGER,
  -- runs that have ended, trials' included; cost is what real runs cost, of which `unpriced_runs` have no known cost
  runs             INTEGER NOT NULL DEFAULT 0,
  simulated_runs   INTEGER NOT NULL DEFAULT 0,
  unpriced_runs    INTEGER NOT NULL DEFAULT 0,
  cost_picodollars INTEGER NOT NULL DEFAULT 0,
  -- empty before the first
  last_run_at      TEXT NOT NULL DEFAULT ''
) STRICT;

-- What prompts are filtered by: the labels that point somewhere, the tags of the latest version, and the models of the
-- versions that are not archived (of all of them where all are).
CREATE TABLE prompt_facets (
  kind        TEXT NOT NULL CHECK (kind IN ('label', 'tag', 'model')),
  value       TEXT NOT NULL,
  prompt_seq  INTEGER NOT NULL REFERENCES prompts (seq),
  -- where a label points
  template_id TEXT,
  PRIMARY KEY (kind, value, prompt_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_prompt_facets_prompt ON prompt_facets (prompt_seq, kind);

-- A template's share of the sums above.
CREATE TABLE template_totals (
  template_id      TEXT PRIMARY KEY,
  runs             INTEGER NOT NULL,
  simulated_runs   INTEGER NOT NULL,
  unpriced_runs    INTEGER NOT NULL,
  cost_picodollars INTEGER NOT NULL,
  last_run_at      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A prompt is found by its name and the texts of its latest version, whose seq is the row's.
CREATE VIRTUAL TABLE prompts_fts USING fts5 (
  name, description, model_id, user_prompt_template, system_instructions,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);

CREATE TRIGGER prompts_latest AFTER UPDATE OF latest_seq, name ON prompts
WHEN NEW.latest_seq IS NOT OLD.latest_seq OR NEW.name IS NOT OLD.name
BEGIN
  DELETE FROM prompts_fts WHERE rowid = OLD.latest_seq;
  INSERT INTO prompts_fts (rowid, name, description, model_id, user_prompt_template, system_instructions)
  SELECT t.seq, NEW.name, t.description, t.model_id,
    CASE WHEN t.messages IS NULL THEN t.user_prompt_template ELSE
      (SELECT group_concat(j.value, char(10)) FROM json_tree(t.messages) j
       WHERE j.type = 'text' AND j.key IN ('content', 'text', 'placeholder')) END,
    t.system_instructions
  FROM templates t WHERE t.seq = NEW.latest_seq;
  -- The plus leaves the kind to the index by prompt: by the primary key, all facets of a kind would be read.
  DELETE FROM prompt_facets WHERE prompt_seq = NEW.seq AND +kind = 'tag';
  INSERT INTO prompt_facets (kind, value, prompt_seq)
  SELECT DISTINCT 'tag', j.value, NEW.seq FROM templates t, json_each(t.tags) j WHERE t.seq = NEW.latest_seq;
END;

CREATE TRIGGER templates_prompt AFTER INSERT ON templates
BEGIN
  INSERT INTO prompts (seq, prompt_id, org_id, workspace_id, name)
  SELECT NEW.seq, NEW.prompt_id, NEW.org_id, NEW.workspace_id, NEW.name WHERE NEW.prompt_id = NEW.template_id;
  DELETE FROM prompt_facets WHERE +kind = 'model' AND NEW.trial = 0
    AND prompt_seq = (SELECT seq FROM prompts WHERE prompt_id = NEW.prompt_id AND archived = 1);
  UPDATE prompts SET
    versions = versions + 1, latest_seq = NEW.seq, archived = 0,
    name = coalesce((SELECT c.name FROM prompt_changes c WHERE c.prompt_id = NEW.prompt_id ORDER BY c.seq DESC LIMIT 1),
      NEW.name)
  WHERE prompt_id = NEW.prompt_id AND NEW.trial = 0;
  INSERT OR IGNORE INTO prompt_facets (kind, value, prompt_seq)
  SELECT 'model', NEW.model_id, seq FROM prompts WHERE prompt_id = NEW.prompt_id AND NEW.trial = 0;
END;

CREATE TRIGGER templates_prompt_archived AFTER UPDATE OF deleted_at ON templates WHEN NEW.trial = 0
BEGIN
  UPDATE prompts SET (archived, latest_seq) = (
    SELECT count(*) FILTER (WHERE v.deleted_at IS NULL) = 0,
      coalesce(max(v.seq) FILTER (WHERE v.deleted_at IS NULL), max(v.seq))
    FROM templates v WHERE v.prompt_id = NEW.prompt_id AND v.trial = 0)
  WHERE prompt_id = NEW.prompt_id;
  UPDATE prompts SET name = coalesce(
    (SELECT c.name FROM prompt_changes c WHERE c.prompt_id = NEW.prompt_id ORDER BY c.seq DESC LIMIT 1),
    (SELECT t.name FROM templates t WHERE t.seq = prompts.latest_seq))
  WHERE prompt_id = NEW.prompt_id;
  DELETE FROM prompt_facets
    WHERE +kind = 'model' AND prompt_seq = (SELECT seq FROM prompts WHERE prompt_id = NEW.prompt_id);
  INSERT INTO prompt_facets (kind, value, prompt_seq)
  SELECT DISTINCT 'model', v.model_id, p.seq FROM prompts p JOIN templates v ON v.prompt_id = p.prompt_id AND v.trial = 0
  WHERE p.prompt_id = NEW.prompt_id AND (v.deleted_at IS NULL OR p.archived = 1);
END;

CREATE TRIGGER prompt_changes_prompt AFTER INSERT ON prompt_changes
BEGIN
  UPDATE prompts SET
    active = NEW.active,
    name = coalesce(NEW.name, (SELECT t.name FROM templates t WHERE t.seq = prompts.latest_seq), name)
  WHERE prompt_id = NEW.prompt_id;
END;

CREATE TRIGGER template_labels_prompt AFTER INSERT ON template_labels
BEGIN
  DELETE FROM prompt_facets WHERE kind = 'label' AND value = NEW.label
    AND prompt_seq = (SELECT seq FROM prompts WHERE prompt_id = NEW.prompt_id);
  INSERT INTO prompt_facets (kind, value, prompt_seq, template_id)
  SELECT 'label', NEW.label, seq, NEW.template_id FROM prompts
  WHERE prompt_id = NEW.prompt_id AND NEW.template_id IS NOT NULL;
END;

INSERT INTO prompts (seq, prompt_id, org_id, workspace_id, name, active, archived, versions)
SELECT f.seq, f.prompt_id, f.org_id, f.workspace_id, f.name, coalesce(c.active, 1), coalesce(v.live = 0, 0),
  coalesce(v.versions, 0)
FROM templates f
LEFT JOIN (SELECT prompt_id, count(*) AS versions, count(*) FILTER (WHERE deleted_at IS NULL) AS live
  FROM templates WHERE trial = 0 GROUP BY prompt_id) v ON v.prompt_id = f.prompt_id
LEFT JOIN prompt_changes c ON c.seq = (SELECT max(n.seq) FROM prompt_changes n WHERE n.prompt_id = f.prompt_id)
WHERE f.template_id = f.prompt_id;
-- By an update, so that its trigger indexes texts and tags.
UPDATE prompts SET latest_seq = v.latest, name = coalesce(
    (SELECT c.name FROM prompt_changes c WHERE c.prompt_id = prompts.prompt_id ORDER BY c.seq DESC LIMIT 1),
    (SELECT t.name FROM templates t WHERE t.seq = v.latest))
FROM (SELECT prompt_id, coalesce(max(seq) FILTER (WHERE deleted_at IS NULL), max(seq)) AS latest
  FROM templates WHERE trial = 0 GROUP BY prompt_id) v
WHERE v.prompt_id = prompts.prompt_id;
INSERT INTO prompt_facets (kind, value, prompt_seq)
SELECT DISTINCT 'model', v.model_id, p.seq FROM prompts p JOIN templates v ON v.prompt_id = p.prompt_id AND v.trial = 0
WHERE v.deleted_at IS NULL OR p.archived = 1;
-- A label of a workspace, from before labels belonged to prompts, counts in the prompt that it points to unless it has
-- moved there since.
INSERT INTO prompt_facets (kind, value, prompt_seq, template_id)
SELECT 'label', m.label, p.seq, m.template_id FROM template_labels m
JOIN templates t ON t.template_id = m.template_id JOIN prompts p ON p.prompt_id = t.prompt_id
WHERE m.prompt_id IS NULL
  AND m.seq = (SELECT max(n.seq) FROM template_labels n WHERE n.label = m.label AND n.workspace_id = m.workspace_id
    AND n.org_id = m.org_id AND n.prompt_id IS NULL)
  AND NOT EXISTS (SELECT 1 FROM template_labels n WHERE n.label = m.label AND n.prompt_id = p.prompt_id);
INSERT INTO prompt_facets (kind, value, prompt_seq, template_id)
SELECT 'label', m.label, p.seq, m.template_id FROM template_labels m JOIN prompts p ON p.prompt_id = m.prompt_id
WHERE m.template_id IS NOT NULL AND m.seq = (SELECT max(n.seq) FROM template_labels n
  WHERE n.prompt_id = m.prompt_id AND n.label = m.label);

-- One for each order of the list. The first has everything that is counted.
CREATE INDEX ix_prompts_changed ON prompts (latest_seq, archived, active, workspace_id);
CREATE INDEX ix_prompts_name ON prompts (name, seq);
CREATE INDEX ix_prompts_last_run ON prompts (last_run_at, seq);
CREATE INDEX ix_prompts_runs ON prompts (runs, seq);
CREATE INDEX ix_prompts_cost ON prompts (cost_picodollars, seq);
CREATE INDEX ix_prompts_versions ON prompts (versions, seq);

INSERT OR IGNORE INTO settings (key, value) SELECT 'rollups.outdated', '1' WHERE EXISTS (SELECT 1 FROM runs);

-- Approval of a label's moves by a second person.
-- Labels of a workspace that a second person has to approve: a row holds all of them from then on, and the newest counts.
CREATE TABLE label_rules (
  seq          INTEGER PRIMARY KEY,
  rule_id      TEXT NOT NULL UNIQUE,
  org_id       TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  labels       TEXT NOT NULL,
  changed_at   TEXT NOT NULL,
  changed_by   TEXT
) STRICT;
CREATE INDEX ix_label_rules_workspace ON label_rules (workspace_id, org_id, seq);

-- A move that somebody wants, and of whom. A null template asks to take the label away.
CREATE TABLE label_requests (
  seq          INTEGER PRIMARY KEY,
  request_id   TEXT NOT NULL UNIQUE,
  org_id       TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  prompt_id    TEXT NOT NULL REFERENCES templates (template_id),
  label        TEXT NOT NULL,
  template_id  TEXT REFERENCES templates (template_id),
  note         TEXT,
  requested_at TEXT NOT NULL,
  requested_by TEXT NOT NULL
) STRICT;
CREATE INDEX ix_label_requests_prompt ON label_requests (prompt_id, seq);

-- What became of it: approved by another person, with the move that it made; refused, or taken back, with the reason.
CREATE TABLE label_decisions (
  seq         INTEGER PRIMARY KEY,
  decision_id TEXT NOT NULL UNIQUE,
  request_id  TEXT NOT NULL UNIQUE REFERENCES label_requests (request_id),
  decision    TEXT NOT NULL CHECK (decision IN ('approved', 'refused', 'withdrawn')),
  reason      TEXT,
  move_id     TEXT UNIQUE REFERENCES template_labels (move_id),
  decided_at  TEXT NOT NULL,
  decided_by  TEXT NOT NULL,
  CHECK ((decision = 'approved') = (move_id IS NOT NULL))
) STRICT;

-- Whoever asks does not approve, however the name is written.
CREATE TRIGGER label_decisions_second_guard BEFORE INSERT ON label_decisions
WHEN NEW.decision = 'approved' AND lower(trim(NEW.decided_by)) =
  (SELECT lower(trim(r.requested_by)) FROM label_requests r WHERE r.request_id = NEW.request_id)
BEGIN SELECT RAISE(ABORT, 'same person: label_decisions'); END;

CREATE TRIGGER label_rules_insert_guard BEFORE INSERT ON label_rules
WHEN EXISTS (SELECT 1 FROM label_rules WHERE rule_id = NEW.rule_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: label_rules'); END;
CREATE TRIGGER label_rules_update_guard BEFORE UPDATE ON label_rules
BEGIN SELECT RAISE(ABORT, 'immutable: label_rules'); END;
CREATE TRIGGER label_rules_delete_guard BEFORE DELETE ON label_rules
BEGIN SELECT RAISE(ABORT, 'immutable: label_rules'); END;

CREATE TRIGGER label_requests_insert_guard BEFORE INSERT ON label_requests
WHEN EXISTS (SELECT 1 FROM label_requests WHERE request_id = NEW.request_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: label_requests'); END;
CREATE TRIGGER label_requests_update_guard BEFORE UPDATE ON label_requests
BEGIN SELECT RAISE(ABORT, 'immutable: label_requests'); END;
CREATE TRIGGER label_requests_delete_guard BEFORE DELETE ON label_requests
BEGIN SELECT RAISE(ABORT, 'immutable: label_requests'); END;

CREATE TRIGGER label_decisions_insert_guard BEFORE INSERT ON label_decisions
WHEN EXISTS (SELECT 1 FROM label_decisions WHERE decision_id = NEW.decision_id OR request_id = NEW.request_id
  OR move_id = NEW.move_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: label_decisions'); END;
CREATE TRIGGER label_decisions_update_guard BEFORE UPDATE ON label_decisions
BEGIN SELECT RAISE(ABORT, 'immutable: label_decisions'); END;
CREATE TRIGGER label_decisions_delete_guard BEFORE DELETE ON label_decisions
BEGIN SELECT RAISE(ABORT, 'immutable: label_decisions'); END;
