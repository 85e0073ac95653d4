-- Labels are pointers that move (draft, production): a row says where a label of a workspace points from now on, and the
-- newest row of a label counts. A null template says that the label was taken away. So where a label pointed, and since
-- when, is never lost.
CREATE TABLE template_labels (
  seq          INTEGER PRIMARY KEY,
  move_id      TEXT NOT NULL UNIQUE,
  org_id       TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  label        TEXT NOT NULL,
  template_id  TEXT REFERENCES templates (template_id),
  moved_at     TEXT NOT NULL,
  moved_by     TEXT
) STRICT;
CREATE INDEX ix_template_labels_label ON template_labels (label, workspace_id, org_id, seq);
CREATE INDEX ix_template_labels_template ON template_labels (template_id);
CREATE TRIGGER template_labels_insert_guard BEFORE INSERT ON template_labels
WHEN EXISTS (SELECT 1 FROM template_labels WHERE move_id = NEW.move_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: template_labels'); END;
CREATE TRIGGER template_labels_update_guard BEFORE UPDATE ON template_labels
BEGIN SELECT RAISE(ABORT, 'immutable: template_labels'); END;
CREATE TRIGGER template_labels_delete_guard BEFORE DELETE ON template_labels
BEGIN SELECT RAISE(ABORT, 'immutable: template_labels'); END;
