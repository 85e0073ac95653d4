-- The team's copy of the records. Runs as `prompter_owner`, which nobody signs in as; applications sign in as a role of
-- their organisation, which owns nothing and has the rights of `prompter_app`. `prompter.migration_audit` is there already.
--
-- A record is its canonical JSON: `record`, whose SHA-256 is `record_sha256`, which is also what the audit log's leaf
-- says of it (`audit_leaves.content_sha256`). JSON as text keeps what `jsonb` refuses (NUL, half a surrogate pair) or
-- rewrites. What is asked often stands beside it in columns named as everywhere else. Nothing is ever updated or deleted:
-- what can change locally comes as a record of its own (an archive, a further result of a run).
--
-- No record refers to another by a foreign key: one that could not be taken must not hold up those that belong to it.
-- Keys begin with `org_id`, because unique indexes see the rows of every organisation.

CREATE TABLE prompter.team (
  team_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO prompter.team DEFAULT VALUES;

-- Which organisation somebody who signs in belongs to. Only the owner sees and changes it.
CREATE TABLE prompter.memberships (
  role_name  name PRIMARY KEY,
  org_id     text NOT NULL CHECK (org_id <> ''),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The organisation of this transaction: the one that it names, if the role that signed in belongs to it. `session_user`
-- does not change with SET ROLE. A setting that was reset reads as the empty string; null equals nothing, so both see
-- no row.
CREATE FUNCTION prompter.current_org() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  RETURN (
    SELECT m.org_id FROM prompter.memberships m
    WHERE m.role_name = session_user AND m.org_id = NULLIF(current_setting('prompter.org_id', true), '')
  );

-- What an application must know before it starts.
CREATE FUNCTION prompter.about(OUT team_id uuid, OUT schema_version integer, OUT org_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
  SELECT
    (SELECT t.team_id FROM prompter.team t),
    (SELECT max(a.version) FROM prompter.migration_audit a),
    (SELECT m.org_id FROM prompter.memberships m WHERE m.role_name = session_user);
END;

CREATE TABLE prompter.templates (
  org_id          text NOT NULL,
  template_id     text NOT NULL,
  installation_id text NOT NULL,
  workspace_id    text NOT NULL,
  config_sha256   text NOT NULL,
  created_at      text NOT NULL,
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, template_id)
);

CREATE TABLE prompter.template_archives (
  org_id          text NOT NULL,
  template_id     text NOT NULL,
  installation_id text NOT NULL,
  deleted_at      text NOT NULL,
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, template_id)
);

CREATE TABLE prompter.template_pins (
  org_id               text NOT NULL,
  pin_id               text NOT NULL,
  installation_id      text NOT NULL,
  workspace_id         text NOT NULL,
  template_id          text NOT NULL,
  pinned_at            text NOT NULL,
  record               text NOT NULL,
  record_sha256        text NOT NULL,
  PRIMARY KEY (org_id, pin_id)
);

-- Each move of a label; the newest of a label counts. A null template: it was taken away.
CREATE TABLE prompter.template_labels (
  org_id          text NOT NULL,
  move_id         text NOT NULL,
  installation_id text NOT NULL,
  workspace_id    text NOT NULL,
  label           text NOT NULL,
  template_id     text,
  moved_at        text NOT NULL,
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, move_id)
);

CREATE TABLE prompter.prompt_versions (
  org_id               text NOT NULL,
  version_id           text NOT NULL,
  installation_id      text NOT NULL,
  workspace_id         text NOT NULL,
  template_id          text NOT NULL,
  provider             text NOT NULL,
  model_id             text NOT NULL,
  evidence_grade       text NOT NULL,
  first_seen_at        text NOT NULL,
  record               text NOT NULL,
  record_sha256        text NOT NULL,
  PRIMARY KEY (org_id, version_id)
);

CREATE TABLE prompter.drift_events (
  org_id          text NOT NULL,
  drift_id        text NOT NULL,
  installation_id text NOT NULL,
  workspace_id    text NOT NULL,
  template_id     text NOT NULL,
  provider        text NOT NULL,
  model_id        text NOT NULL,
  seen_at         text NOT NULL,
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, drift_id)
);

-- What was asked.
CREATE TABLE prompter.runs (
  org_id                 text NOT NULL,
  run_id                 text NOT NULL,
  installation_id        text NOT NULL,
  workspace_id           text NOT NULL,
  template_id            text NOT NULL,
  batch_id               text,
  provider               text NOT NULL,
  model_id               text NOT NULL,
  simulated              bigint NOT NULL,
  executed_at            text NOT NULL,
  rendered_prompt_sha256 text NOT NULL,
  record                 text NOT NULL,
  record_sha256          text NOT NULL,
  PRIMARY KEY (org_id, run_id)
);

-- What came of it. A retry or another reading of the bytes adds a row with a higher number, which is the number of its
-- entry in the audit log of the installation that ran it; after a `retry` nothing stands until the next `result`.
CREATE TABLE prompter.run_results (
  org_id                 text NOT NULL,
  run_id                 text NOT NULL,
  result_no              bigint NOT NULL,
  installation_id        text NOT NULL,
  kind                   text NOT NULL CHECK (kind IN ('result', 'retry')),
  attempt_id             text,
  status                 text,
  failure_code           text,
  evidence_grade         text,
  response_output_sha256 text,
  input_tokens           bigint,
  output_tokens          bigint,
  cost_picodollars       bigint,
  latency_ms             double precision,
  record                 text NOT NULL,
  record_sha256          text NOT NULL,
  PRIMARY KEY (org_id, run_id, result_no)
);

CREATE VIEW prompter.newest_results WITH (security_invoker = true) AS
  SELECT DISTINCT ON (org_id, run_id) * FROM prompter.run_results ORDER BY org_id, run_id, result_no DESC;

-- The provider's bytes, `headers` as JSON, and the request that they answer. `sha256` is of the bytes that came,
-- `bytes_sha256` of those that are kept: they differ where a key in them was overwritten.
CREATE TABLE prompter.raw_responses (
  org_id          text NOT NULL,
  attempt_id      text NOT NULL,
  installation_id text NOT NULL,
  run_id          text NOT NULL,
  http_status     bigint NOT NULL,
  sha256          text NOT NULL,
  size            bigint NOT NULL,
  complete        boolean NOT NULL,
  stored_at       text NOT NULL,
  headers         text NOT NULL,
  request         bytea,
  bytes           bytea NOT NULL,
  bytes_sha256    text NOT NULL CHECK (bytes_sha256 = encode(sha256(bytes), 'hex')),
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, attempt_id)
);

-- What somebody decided about an output that could not be read; a correction is a record of its own, the bytes stay.
CREATE TABLE prompter.reviews (
  org_id              text NOT NULL,
  review_id           text NOT NULL,
  installation_id     text NOT NULL,
  workspace_id        text NOT NULL,
  run_id              text NOT NULL,
  action              text NOT NULL,
  raw_response_sha256 text NOT NULL,
  created_at          text NOT NULL,
  record              text NOT NULL,
  record_sha256       text NOT NULL,
  PRIMARY KEY (org_id, review_id)
);

-- Entries of each installation's audit log; `record` is what is hashed into the tree.
CREATE TABLE prompter.audit_leaves (
  org_id          text NOT NULL,
  installation_id text NOT NULL,
  seq             bigint NOT NULL,
  record_type     text NOT NULL,
  record_id       text NOT NULL,
  content_sha256  text NOT NULL,
  created_at      text NOT NULL,
  record          text NOT NULL,
  record_sha256   text NOT NULL,
  PRIMARY KEY (org_id, installation_id, seq)
);

-- One permissive policy per verb that is granted; without one, nothing is allowed. FORCE, so that the owner is no
-- exception. The sub-select is evaluated once per statement, not per row.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['templates', 'template_archives', 'template_pins', 'template_labels', 'prompt_versions', 'drift_events',
    'runs', 'run_results', 'raw_responses', 'reviews', 'audit_leaves']
  LOOP
    EXECUTE format('ALTER TABLE prompter.%I ADD CONSTRAINT %I
      CHECK (record_sha256 = encode(sha256(convert_to(record, ''UTF8'')), ''hex''))', name, name || '_record_sha256');
    EXECUTE format('ALTER TABLE prompter.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE prompter.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON prompter.%I AS PERMISSIVE FOR SELECT TO prompter_app
      USING (org_id = (SELECT prompter.current_org()))', name || '_select', name);
    EXECUTE format('CREATE POLICY %I ON prompter.%I AS PERMISSIVE FOR INSERT TO prompter_app
      WITH CHECK (org_id = (SELECT prompter.current_org()))', name || '_insert', name);
    EXECUTE format('GRANT SELECT, INSERT ON prompter.%I TO prompter_app', name);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION prompter.current_org(), prompter.about() FROM PUBLIC;
GRANT USAGE ON SCHEMA prompter TO prompter_app;
GRANT SELECT ON prompter.newest_results TO prompter_app;
GRANT EXECUTE ON FUNCTION prompter.current_org(), prompter.about() TO prompter_app;
