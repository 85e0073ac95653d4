-- The audit log: one leaf per record, written in the record's own commit; its place in the tree is `seq` - 1. The salt
-- lets a record's content be erased one day while its leaf stays without telling what it was. Each cell of a comparison
-- adds three leaves, so they are kept small: hashes as bytes, a UUID as its 16 bytes, time in milliseconds since 1970,
-- no actor where it is the user of this installation. A leaf's own hash is worked out from its columns whenever the tree is;
-- `leaf_check`, its first four bytes, only names an entry that was changed.
CREATE TABLE audit_leaves (
  seq            INTEGER PRIMARY KEY,
  record_type    TEXT NOT NULL,
  record_id      ANY NOT NULL,
  content_sha256 BLOB NOT NULL CHECK (length(content_sha256) = 32),
  salt           BLOB NOT NULL CHECK (length(salt) = 16),
  created_at     INTEGER NOT NULL,
  actor          TEXT,
  leaf_check     BLOB NOT NULL CHECK (length(leaf_check) = 4)
) STRICT;
CREATE TRIGGER audit_leaves_insert_guard BEFORE INSERT ON audit_leaves
WHEN EXISTS (SELECT 1 FROM audit_leaves WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: audit_leaves'); END;
CREATE TRIGGER audit_leaves_update_guard BEFORE UPDATE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'immutable: audit_leaves'); END;
CREATE TRIGGER audit_leaves_delete_guard BEFORE DELETE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'immutable: audit_leaves'); END;

-- `edge` holds the roots of the perfect subtrees: the next checkpoint starts from it and not from the first leaf.
CREATE TABLE audit_checkpoints (
  size         INTEGER PRIMARY KEY,
  root         TEXT NOT NULL,
  edge         TEXT NOT NULL,
  note         TEXT NOT NULL,
  verifier_key TEXT NOT NULL,
  -- signed by a key that lived in memory only, where there was no keychain
  ephemeral    INTEGER NOT NULL CHECK (ephemeral IN (0, 1)),
  created_at   TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoints_insert_guard BEFORE INSERT ON audit_checkpoints
WHEN EXISTS (SELECT 1 FROM audit_checkpoints WHERE size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'immutable: audit_checkpoints'); END;
CREATE TRIGGER audit_checkpoints_update_guard BEFORE UPDATE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'immutable: audit_checkpoints'); END;
CREATE TRIGGER audit_checkpoints_delete_guard BEFORE DELETE ON audit_checkpoints
BEGIN SELECT RAISE(ABORT, 'immutable: audit_checkpoints'); END;

-- A run's HMAC is set when the run is inserted, like a template's.
CREATE TRIGGER runs_hmac_guard BEFORE UPDATE OF record_hmac, hmac_key_id ON runs
BEGIN SELECT RAISE(ABORT, 'immutable: runs'); END;
