-- What a connection's server understands of the wire protocol that it speaks: as the user set it, and as the connection
-- test found it. Null is not known: then it is asked like the protocol's own vendor.
CREATE TABLE connection_dialects (
  connection_id         TEXT PRIMARY KEY REFERENCES connections (connection_id),
  stream_options        TEXT CHECK (stream_options IN ('send', 'omit')),
  stream_options_found  TEXT CHECK (stream_options_found IN ('send', 'omit')),
  response_format       TEXT CHECK (response_format IN ('json_schema', 'json_object', 'none')),
  response_format_found TEXT CHECK (response_format_found IN ('json_schema', 'json_object', 'none'))
) STRICT, WITHOUT ROWID;
