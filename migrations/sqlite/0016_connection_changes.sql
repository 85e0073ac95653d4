-- What a connection is called, where it leads and how many calls it takes at once can change: a row holds all of it from
-- then on, and the newest row of a connection counts. The connection's own row stays as it was made, so where calls went,
-- and since when, is never lost. An id is the connection's with the number of the change: `<connection_id>/1`.
CREATE TABLE connection_changes (
  seq           INTEGER PRIMARY KEY,
  change_id     TEXT NOT NULL UNIQUE,
  connection_id TEXT NOT NULL REFERENCES connections (connection_id),
  name          TEXT NOT NULL,
  base_url      TEXT,
  concurrency   INTEGER NOT NULL,
  changed_at    TEXT NOT NULL
) STRICT;
CREATE INDEX ix_connection_changes_connection ON connection_changes (connection_id, seq);
CREATE TRIGGER connection_changes_insert_guard BEFORE INSERT ON connection_changes
WHEN EXISTS (SELECT 1 FROM connection_changes WHERE change_id = NEW.change_id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'immutable: connection_changes'); END;
CREATE TRIGGER connection_changes_update_guard BEFORE UPDATE ON connection_changes
BEGIN SELECT RAISE(ABORT, 'immutable: connection_changes'); END;
CREATE TRIGGER connection_changes_delete_guard BEFORE DELETE ON connection_changes
BEGIN SELECT RAISE(ABORT, 'immutable: connection_changes'); END;
-- The name that has to be free is the newest one, which no index knows.
DROP INDEX ux_connections_name;
CREATE TRIGGER connections_name_guard BEFORE INSERT ON connections
WHEN EXISTS (
  SELECT 1 FROM connections c WHERE c.org_id = NEW.org_id AND c.deleted_at IS NULL AND NEW.name = coalesce(
    (SELECT n.name FROM connection_changes n WHERE n.connection_id = c.connection_id ORDER BY n.seq DESC LIMIT 1), c.name))
BEGIN SELECT RAISE(ABORT, 'taken: connections.name'); END;
CREATE TRIGGER connection_changes_name_guard BEFORE INSERT ON connection_changes
WHEN EXISTS (
  SELECT 1 FROM connections c JOIN connections own ON own.connection_id = NEW.connection_id AND own.org_id = c.org_id
  WHERE c.connection_id <> NEW.connection_id AND c.deleted_at IS NULL AND NEW.name = coalesce(
    (SELECT n.name FROM connection_changes n WHERE n.connection_id = c.connection_id ORDER BY n.seq DESC LIMIT 1), c.name))
BEGIN SELECT RAISE(ABORT, 'taken: connections.name'); END;
