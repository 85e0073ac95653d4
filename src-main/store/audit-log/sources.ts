import { flatJson, type FlatWriter } from './flat-json';

/** Where a kind of record rests that is logged as columns of one row, and how its content is written. */
export interface AuditSource {
  /** What of it is logged; what is not named may change in the life of a record. */
  readonly columns: readonly string[];
  /** Which row an id is of. */
  readonly key: string;
  /** Whether the record's HMAC rests beside it and is logged with it. */
  readonly sealed: boolean;
  /** One row by its id. */
  readonly one: string;
  /** Rows by a JSON array of ids, in any order and without large ones: as many as are asked for fit into memory. */
  readonly many: string;
  readonly write: FlatWriter;
}

/** Together; above it a row comes by itself. */
const LARGE_BYTES = 64 * 1024;

/** Sorted, as the canonical form has them. What is not named here may change in the life of a record. */
const TEMPLATE = [
  'als',
  'config_sha256',
  'country_set',
  'created_at',
  'created_by',
  'description',
  'fingerprint_allowlist',
  'grounding_mode',
  'inference_params',
  'message',
  'model_id',
  'model_version_constraint',
  'name',
  'org_id',
  'parent_template_id',
  'provider',
  'response_schema',
  'system_instructions',
  'template_id',
  'user_prompt_template',
  'variables',
  'version_label',
  'workspace_id',
] as const;
const RUN = [
  'analysis_config',
  'batch_id',
  'batch_run_index',
  'brand_name',
  'connection_id',
  'country',
  'executed_at',
  'grounding_mode',
  'idempotency_key',
  'model_id',
  'model_version_constraint',
  'org_id',
  'provider',
  'rendered_prompt',
  'rendered_prompt_sha256',
  'replicate_index',
  'run_id',
  'simulated',
  'template_id',
  'workspace_id',
] as const;
const CONNECTION = [
  'base_url',
  'concurrency',
  'connection_id',
  'created_at',
  'name',
  'org_id',
  'provider',
] as const;
const CONNECTION_CHANGE = [
  'base_url',
  'change_id',
  'changed_at',
  'concurrency',
  'connection_id',
  'name',
] as const;
const VERSION = [
  'evidence',
  'evidence_grade',
  'first_seen_at',
  'model_id',
  'org_id',
  'provider',
  'provider_version_key',
  'template_id',
  'version_id',
  'workspace_id',
] as const;
const REVIEW = [
  'action',
  'attempt_id',
  'corrected_text',
  'created_at',
  'org_id',
  'previous_review_id',
  'raw_response_sha256',
  'reason',
  'review_id',
  'reviewed_by',
  'run_id',
  'template_id',
  'workspace_id',
] as const;

const TEMPLATE_ARCHIVED = ['deleted_at', 'template_id'] as const;
const LABEL = ['label', 'move_id', 'moved_at', 'moved_by', 'org_id', 'template_id', 'workspace_id'] as const;
const CONNECTION_ARCHIVED = ['connection_id', 'deleted_at'] as const;
const RUN_RESULT = [
  'als_block_sha256',
  'als_block_text',
  'als_variant_id',
  'attempt_id',
  'cache_write_tokens',
  'cached',
  'cached_input_tokens',
  'citations',
  'cost_picodollars',
  'earlier_cost_picodollars',
  'evidence',
  'evidence_grade',
  'failure_code',
  'failure_message',
  'finish_reason',
  'finish_reason_raw',
  'first_byte_ms',
  'grounded',
  'input_tokens',
  'last_parse_attempt_at',
  'latency_ms',
  'output_json_valid',
  'output_tokens',
  'parse_attempts',
  'parse_error_message',
  'parse_method_used',
  'price_snapshot_id',
  'provider_version_key',
  'provoker_value',
  'reasoning_tokens',
  'requires_manual_review',
  'response_output_sha256',
  'run_id',
  'search_requests',
  'seed_key_id',
  'status',
  'step2_source_ref',
  'step2_tools_invoked',
  'system_fingerprint',
  'why_not_grounded',
] as const;

/** Whole picodollars can be beyond what a double holds. */
const AS_TEXT: ReadonlySet<string> = new Set(['cost_picodollars', 'earlier_cost_picodollars']);

export const AUDIT_SOURCES = {
  template: source('templates', 'template_id', TEMPLATE, {
    sealed: true,
    large: [
      'inference_params',
      'message',
      'response_schema',
      'system_instructions',
      'user_prompt_template',
      'variables',
    ],
  }),
  template_archived: source('templates', 'template_id', TEMPLATE_ARCHIVED),
  label: source('template_labels', 'move_id', LABEL),
  connection: source('connections', 'connection_id', CONNECTION),
  connection_change: source('connection_changes', 'change_id', CONNECTION_CHANGE),
  connection_archived: source('connections', 'connection_id', CONNECTION_ARCHIVED),
  version: source('prompt_versions', 'version_id', VERSION, { large: ['evidence'] }),
  run: source('runs', 'run_id', RUN, { sealed: true, large: ['analysis_config', 'rendered_prompt'] }),
  result: source('runs', 'run_id', RUN_RESULT, {
    large: [
      'als_block_text',
      'citations',
      'evidence',
      'failure_message',
      'parse_error_message',
      'step2_source_ref',
      'step2_tools_invoked',
    ],
  }),
  review: source('reviews', 'review_id', REVIEW, { large: ['corrected_text', 'reason'] }),
} as const satisfies Readonly<Record<string, AuditSource>>;

/** @param columns sorted, as the canonical form has them */
function source(
  table: string,
  key: string,
  columns: readonly string[],
  { sealed = false, large = [] }: { sealed?: boolean; large?: readonly string[] } = {},
): AuditSource {
  const read = [...columns, ...(sealed ? ['record_hmac', 'hmac_key_id'] : [])]
    .map((column) => (AS_TEXT.has(column) ? `CAST(${column} AS TEXT) AS ${column}` : column))
    .join(', ');
  const select = `SELECT ${read} FROM ${table} WHERE ${key}`;
  const bytes = large.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ');
  return {
    columns,
    key,
    sealed,
    one: `${select} = ?`,
    many: `${select} IN (SELECT value FROM json_each(?))${bytes && ` AND ${bytes} <= ${LARGE_BYTES}`}`,
    write: flatJson(columns),
  };
}
