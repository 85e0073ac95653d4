-- Files that prompts are sent with, by the SHA-256 of their bytes: each is stored once and never changes.
CREATE TABLE assets (
  seq          INTEGER PRIMARY KEY,
  asset_sha256 TEXT NOT NULL UNIQUE,
  media_type   TEXT NOT NULL,
  size         INTEGER NOT NULL CHECK (size = length(bytes)),
  created_at   TEXT NOT NULL,
  bytes        BLOB NOT NULL
) STRICT;
CREATE TRIGGER assets_insert_guard BEFORE INSERT ON assets
WHEN EXISTS (SELECT 1 FROM assets WHERE asset_sha256 = NEW.asset_sha256 OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: assets'); END;
CREATE TRIGGER assets_update_guard BEFORE UPDATE ON assets
BEGIN SELECT RAISE(ABORT, 'immutable: assets'); END;
CREATE TRIGGER assets_delete_guard BEFORE DELETE ON assets
BEGIN SELECT RAISE(ABORT, 'immutable: assets'); END;

-- Texts that many prompts use by name. A text is never changed: of a name, the newest row counts, and a template keeps the
-- hash of the one that it was frozen with.
CREATE TABLE partials (
  seq          INTEGER PRIMARY KEY,
  partial_id   TEXT NOT NULL UNIQUE,
  org_id       TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name         TEXT NOT NULL,
  text         TEXT NOT NULL,
  text_sha256  TEXT NOT NULL,
  created_at   TEXT NOT NULL,
  created_by   TEXT
) STRICT;
CREATE INDEX ix_partials_name ON partials (org_id, workspace_id, name, seq);
CREATE INDEX ix_partials_text ON partials (text_sha256);
CREATE TRIGGER partials_insert_guard BEFORE INSERT ON partials
WHEN EXISTS (SELECT 1 FROM partials WHERE partial_id = NEW.partial_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: partials'); END;
CREATE TRIGGER partials_update_guard BEFORE UPDATE ON partials
BEGIN SELECT RAISE(ABORT, 'immutable: partials'); END;
CREATE TRIGGER partials_delete_guard BEFORE DELETE ON partials
BEGIN SELECT RAISE(ABORT, 'immutable: partials'); END;
