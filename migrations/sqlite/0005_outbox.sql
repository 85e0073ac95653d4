-- What waits for the team database, written in the record's own commit. There is one writer, so `seq` is the order of the
-- commits; AUTOINCREMENT, so that no number is ever used again. Empty where no team database is set up.
-- Records never change, so they are read when they are pushed; `leaf_seq` is the record's entry in the audit log, whose
-- hash says that it is still what was committed (and that a result was not superseded in the meantime).
CREATE TABLE outbox (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  record_type TEXT NOT NULL,
  record_id   TEXT NOT NULL,
  leaf_seq    INTEGER NOT NULL
) STRICT;

-- Records that the team database did not take, apart, so that they hold up nobody. `seq` as it was in the outbox.
CREATE TABLE outbox_set_aside (
  seq         INTEGER PRIMARY KEY,
  record_type TEXT NOT NULL,
  record_id   TEXT NOT NULL,
  leaf_seq    INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  since       TEXT NOT NULL
) STRICT;

CREATE TABLE sync_state (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
