import { blob, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// The tables of `migrations/sqlite` as the query builder sees them: columns, types and nullability. The SQL is the
// truth (constraints, triggers and indexes are only there); a test keeps the two from drifting apart.
// Booleans stay 0 and 1, JSON stays text: the repositories map them.

export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  value: text().notNull(),
});

export const workspaces = sqliteTable(
  'workspaces',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    name: text().notNull(),
    created_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.workspace_id] })],
);

export const templates = sqliteTable('templates', {
  seq: integer().primaryKey(),
  template_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  name: text().notNull(),
  description: text(),
  system_instructions: text().notNull(),
  user_prompt_template: text().notNull(),
  country_set: text().notNull(),
  provider: text(),
  model_id: text().notNull(),
  inference_params: text().notNull(),
  response_schema: text(),
  grounding_mode: text().notNull(),
  als: integer().notNull(),
  model_version_constraint: text(),
  fingerprint_allowlist: text().notNull(),
  variables: text().notNull(),
  version_label: text(),
  parent_template_id: text(),
  message: text(),
  config_sha256: text().notNull(),
  record_hmac: text(),
  hmac_key_id: text(),
  created_at: text().notNull(),
  created_by: text(),
  deleted_at: text(),
});

export const promptVersions = sqliteTable('prompt_versions', {
  seq: integer().primaryKey(),
  version_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  model_id: text().notNull(),
  provider_version_key: text().notNull(),
  evidence_grade: text().notNull(),
  evidence: text().notNull(),
  first_seen_at: text().notNull(),
  last_seen_at: text().notNull(),
});

export const providers = sqliteTable('providers', {
  provider_id: text().primaryKey(),
  name: text().notNull(),
  protocol: text().notNull(),
  base_url: text(),
  needs_key: integer().notNull(),
  is_system: integer().notNull(),
  created_at: text().notNull(),
});

export const connections = sqliteTable('connections', {
  seq: integer().primaryKey(),
  connection_id: text().notNull(),
  org_id: text().notNull(),
  name: text().notNull(),
  provider: text().notNull(),
  base_url: text(),
  key_source: text().notNull(),
  key_ref: text(),
  key_env: text(),
  concurrency: integer().notNull(),
  created_at: text().notNull(),
  last_test_at: text(),
  last_test_ok: integer(),
  last_test_message: text(),
  deleted_at: text(),
});

export const models = sqliteTable(
  'models',
  {
    connection_id: text().notNull(),
    model_id: text().notNull(),
    display_name: text(),
    created_at: text(),
    retires_at: text(),
    fetched_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.connection_id, table.model_id] })],
);

export const batches = sqliteTable('batches', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  name: text(),
  status: text().notNull(),
  status_reason: text(),
  targets: text().notNull(),
  inputs_count: integer().notNull(),
  locales: text(),
  modes: text().notNull(),
  replicates: integer().notNull(),
  total: integer().notNull(),
  drift_policy: text().notNull(),
  concurrency: integer(),
  budget_picodollars: integer(),
  stream: integer().notNull(),
  timeout_seconds: real(),
  lock: text().notNull(),
  simulated: integer().notNull(),
  created_at: text().notNull(),
  started_at: text(),
  finished_at: text(),
  tally: text(),
});

export const batchInputs = sqliteTable(
  'batch_inputs',
  {
    batch_id: text().notNull(),
    input_index: integer().notNull(),
    variables: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.batch_id, table.input_index] })],
);

export const priceSnapshots = sqliteTable('price_snapshots', {
  price_snapshot_id: integer().primaryKey(),
  sha256: text().notNull(),
  snapshot: text().notNull(),
});

export const runs = sqliteTable('runs', {
  seq: integer().primaryKey(),
  run_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  batch_id: text(),
  batch_run_index: integer(),
  replicate_index: integer().notNull(),
  provider: text().notNull(),
  connection_id: text().notNull(),
  model_id: text().notNull(),
  status: text().notNull(),
  failure_code: text(),
  country: text(),
  brand_name: text(),
  grounding_mode: text().notNull(),
  rendered_prompt_sha256: text().notNull(),
  simulated: integer().notNull(),
  cached: integer().notNull().default(0),
  idempotency_key: text(),
  executed_at: text().notNull(),
  attempt_id: text(),
  parse_attempts: integer().notNull().default(0),
  last_parse_attempt_at: text(),
  parse_method_used: text(),
  requires_manual_review: integer().notNull().default(0),
  output_json_valid: integer(),
  response_output_sha256: text(),
  provider_version_key: text(),
  evidence_grade: text(),
  system_fingerprint: text(),
  finish_reason: text(),
  finish_reason_raw: text(),
  input_tokens: integer(),
  cached_input_tokens: integer(),
  cache_write_tokens: integer(),
  output_tokens: integer(),
  reasoning_tokens: integer(),
  search_requests: integer(),
  cost_picodollars: integer(),
  earlier_cost_picodollars: integer().notNull().default(0),
  price_snapshot_id: integer(),
  latency_ms: real(),
  first_byte_ms: real(),
  grounded: integer(),
  step2_tools_invoked: integer(),
  step2_source_ref: text(),
  als_block_sha256: text(),
  als_variant_id: text(),
  seed_key_id: text(),
  provoker_value: text(),
  record_hmac: text(),
  hmac_key_id: text(),
  failure_message: text(),
  parse_error_message: text(),
  why_not_grounded: text(),
  analysis_config: text().notNull(),
  evidence: text(),
  citations: text(),
  als_block_text: text(),
  rendered_prompt: text().notNull(),
  model_version_constraint: text(),
});

export const attempts = sqliteTable('attempts', {
  seq: integer().primaryKey(),
  attempt_id: text().notNull(),
  run_id: text().notNull(),
  attempt_index: integer().notNull(),
  status: text().notNull(),
  request_api: text(),
  request_json: blob({ mode: 'buffer' }),
  stream_head: text(),
  started_at: text().notNull(),
  ended_at: text(),
  failure: text(),
});

export const rawResponses = sqliteTable('raw_responses', {
  seq: integer().primaryKey(),
  attempt_id: text().notNull(),
  http_status: integer().notNull(),
  headers: blob({ mode: 'buffer' }).notNull(),
  content_type: text(),
  sha256: text().notNull(),
  size: integer().notNull(),
  complete: integer().notNull(),
  redacted: integer().notNull().default(0),
  encoding: text().notNull(),
  stored_at: text().notNull(),
  bytes: blob({ mode: 'buffer' }),
});

export const rawParts = sqliteTable(
  'raw_parts',
  {
    attempt_id: text().notNull(),
    part_index: integer().notNull(),
    redacted: integer().notNull(),
    encoding: text().notNull(),
    bytes: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.attempt_id, table.part_index] })],
);

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    org_id: text().notNull(),
    scope: text().notNull(),
    key: text().notNull(),
    request_sha256: text().notNull(),
    record_id: text().notNull(),
    created_at: text().notNull(),
    expires_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.scope, table.key] })],
);

export const migrationAudit = sqliteTable('migration_audit', {
  version: integer().primaryKey(),
  name: text().notNull(),
  sha256: text().notNull(),
  applied_at: text().notNull(),
  app_version: text().notNull(),
  duration_ms: real().notNull(),
});

export const providerVersionCache = sqliteTable(
  'provider_version_cache',
  {
    connection_id: text().notNull(),
    model_id: text().notNull(),
    provider: text().notNull(),
    run_id: text().notNull(),
    template_id: text().notNull(),
    provider_version_key: text().notNull(),
    evidence_grade: text().notNull(),
    evidence: text().notNull(),
    etag: text().notNull(),
    observed_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.connection_id, table.model_id] })],
);

export const versionSightings = sqliteTable(
  'version_sightings',
  {
    template_id: text().notNull(),
    connection_id: text().notNull(),
    model_id: text().notNull(),
    provider_version_key: text().notNull(),
    evidence_grade: text().notNull(),
    evidence: text().notNull(),
    run_id: text().notNull(),
    seen_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.template_id, table.connection_id, table.model_id] })],
);

export const driftEvents = sqliteTable('drift_events', {
  seq: integer().primaryKey(),
  drift_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  connection_id: text().notNull(),
  model_id: text().notNull(),
  before_provider_version_key: text().notNull(),
  before_evidence_grade: text().notNull(),
  before_evidence: text().notNull(),
  before_run_id: text().notNull(),
  after_provider_version_key: text().notNull(),
  after_evidence_grade: text().notNull(),
  after_evidence: text().notNull(),
  after_run_id: text().notNull(),
  seen_at: text().notNull(),
});

export const templatePins = sqliteTable('template_pins', {
  seq: integer().primaryKey(),
  pin_id: text().notNull(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider_version_key: text(),
  note: text(),
  pinned_at: text().notNull(),
  pinned_by: text(),
});

export const batchLocks = sqliteTable('batch_locks', {
  seq: integer().primaryKey(),
  batch_id: text().notNull(),
  target_index: integer().notNull(),
  provider_version_key: text().notNull(),
  evidence_grade: text().notNull(),
  evidence: text().notNull(),
  run_id: text().notNull(),
  expected: text(),
  seen_at: text().notNull(),
  accepted_at: text(),
});

export const rollupSeries = sqliteTable('rollup_series', {
  series_id: integer().primaryKey(),
  org_id: text().notNull(),
  workspace_id: text().notNull(),
  template_id: text().notNull(),
  provider: text().notNull(),
  connection_id: text().notNull(),
  model_id: text().notNull(),
  simulated: integer().notNull(),
});

export const runHourly = sqliteTable(
  'run_hourly',
  {
    series_id: integer().notNull(),
    hour: integer().notNull(),
    runs: integer().notNull(),
    succeeded: integer().notNull(),
    failed: integer().notNull(),
    outcome_unknown: integer().notNull(),
    unpriced: integer().notNull(),
    version_mismatch: integer().notNull(),
    parse_failed: integer().notNull(),
    answered: integer().notNull(),
    fingerprinted: integer().notNull(),
    cost_picodollars: integer().notNull(),
    input_tokens: integer().notNull(),
    cached_input_tokens: integer().notNull(),
    cache_write_tokens: integer().notNull(),
    output_tokens: integer().notNull(),
    reasoning_tokens: integer().notNull(),
    search_requests: integer().notNull(),
    latency: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.series_id, table.hour] })],
);

export const workspaceSpend = sqliteTable(
  'workspace_spend',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    month: text().notNull(),
    unpriced: integer().notNull(),
    cost_picodollars: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.month, table.org_id, table.workspace_id] })],
);

export const storageHourly = sqliteTable('storage_hourly', {
  hour: integer().primaryKey(),
  answers: integer().notNull(),
  bytes: integer().notNull(),
});

export const budgets = sqliteTable(
  'budgets',
  {
    org_id: text().notNull(),
    workspace_id: text().notNull(),
    monthly_picodollars: integer().notNull(),
    warn_percent: integer().notNull(),
    updated_at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.org_id, table.workspace_id] })],
);
