import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { canonicalJsonOfValue } from '../../src-shared/domain/canonical';
import {
  budgetRemovedContent,
  PLAIN_ROW_TYPES,
  plainRowOf,
  type ContentRow,
  type PlainRowType,
} from './audit-rows';
import type { ReadDb, RecordKey } from './db';

/** What a leaf can be about. One record has several over time: what was asked, what was answered, that it was archived. */
export const RECORD_TYPES = [
  'template',
  'template_archived',
  'label',
  'connection',
  'connection_archived',
  'version',
  'run',
  'retry',
  'result',
  'answer',
  ...PLAIN_ROW_TYPES,
  'budget_removed',
  'restored',
  'review',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** Entries that say how something stands, by what they are about: of each record only the last one has to hold. */
const STATES: Partial<Record<RecordType, string>> = {
  result: 'run',
  retry: 'run',
  budget: 'budget',
  budget_removed: 'budget',
  connection_key: 'connection_key',
};
export function stateOf(type: RecordType): string | null {
  return STATES[type] ?? null;
}

export interface Seal {
  readonly record_hmac: string | null;
  readonly hmac_key_id: string | null;
}

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

/** Money as text: whole picodollars can be beyond what a double holds. */
const RUN_RESULT_SQL = `SELECT als_block_sha256, als_block_text, als_variant_id, attempt_id, cache_write_tokens, cached, cached_input_tokens, citations,
  CAST(cost_picodollars AS TEXT) AS cost_picodollars,
  CAST(earlier_cost_picodollars AS TEXT) AS earlier_cost_picodollars, evidence, evidence_grade, failure_code,
  failure_message, finish_reason, finish_reason_raw, first_byte_ms, grounded, input_tokens, last_parse_attempt_at,
  latency_ms, output_json_valid, output_tokens, parse_attempts, parse_error_message, parse_method_used,
  price_snapshot_id, provider_version_key, provoker_value, reasoning_tokens, requires_manual_review, response_output_sha256, run_id,
  search_requests, seed_key_id, status, step2_source_ref, step2_tools_invoked, system_fingerprint, why_not_grounded
  FROM runs WHERE run_id = ?`;
const TEMPLATE_SQL = `SELECT ${TEMPLATE.join(', ')}, record_hmac, hmac_key_id FROM templates WHERE template_id = ?`;
const RUN_SQL = `SELECT ${RUN.join(', ')}, record_hmac, hmac_key_id FROM runs WHERE run_id = ?`;
const CONNECTION_SQL = `SELECT ${CONNECTION.join(', ')} FROM connections WHERE connection_id = ?`;
const VERSION_SQL = `SELECT ${VERSION.join(', ')} FROM prompt_versions WHERE version_id = ?`;
const REVIEW_SQL = `SELECT ${REVIEW.join(', ')} FROM reviews WHERE review_id = ?`;
const TEMPLATE_ARCHIVED_SQL = `SELECT deleted_at, template_id FROM templates WHERE template_id = ?`;
const RESTORED_SQL = `SELECT value FROM settings WHERE key = 'restored:' || ?`;
const LABEL_SQL = `SELECT label, move_id, moved_at, moved_by, org_id, template_id, workspace_id FROM template_labels
  WHERE move_id = ?`;
const CONNECTION_ARCHIVED_SQL = `SELECT connection_id, deleted_at FROM connections WHERE connection_id = ?`;

/** The canonical JSON of the immutable side of a template, of which `record_hmac` is made. */
export function templateBody(row: ContentRow): string {
  return bodyOf(row, TEMPLATE);
}

/** The canonical JSON of what was asked in a run, of which `record_hmac` is made. */
export function runBody(row: ContentRow): string {
  return bodyOf(row, RUN);
}

export function sealOf(body: string, key: RecordKey | null): Seal {
  return key === null
    ? { record_hmac: null, hmac_key_id: null }
    : {
        record_hmac: createHmac('sha256', imported(key.key)).update(body).digest('hex'),
        hmac_key_id: key.id,
      };
}

const KEY_OBJECTS = new WeakMap<Uint8Array, KeyObject>();

/** Importing a key costs several times what a seal under it does. */
function imported(key: Uint8Array): KeyObject {
  const known = KEY_OBJECTS.get(key) ?? createSecretKey(key);
  KEY_OBJECTS.set(key, known);
  return known;
}

/** What a leaf's `content_sha256` is of: the record with its HMAC beside it. */
export function sealedContent(body: string, seal: Seal): string {
  return `{"hmac_key_id":${valueText(seal.hmac_key_id)},"record":${body},"record_hmac":${valueText(seal.record_hmac)}}`;
}

export interface AnswerFacts {
  readonly attempt_id: string;
  readonly http_status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly content_type: string | null;
  readonly sha256: string;
  readonly size: number;
  readonly complete: boolean;
  readonly redacted: boolean;
  readonly stored_at: string;
  /** Of the bytes as they rest; `sha256` is of those that came, before an echoed key was overwritten. */
  readonly bytes_sha256: string;
  readonly request_body: string | null;
}

export function answerContent(answer: AnswerFacts): string {
  const { headers, request_body, ...facts } = answer;
  const row = {
    ...facts,
    complete: Number(facts.complete),
    redacted: Number(facts.redacted),
    headers_sha256: hash('sha256', JSON.stringify(headers)),
    request_sha256: request_body === null ? null : hash('sha256', request_body),
  };
  return bodyOf(row, Object.keys(row).toSorted());
}

/** A retry clears the run's result: from here the last result does not stand any more. */
export function retryContent(runId: string): string {
  return canonicalJsonOfValue({ run_id: runId });
}

/** A kind of record that rests in one row. */
export type RowType = Exclude<RecordType, 'answer'>;

/** What the row holds now, as canonical JSON; null where there is no such record. */
export function rowContentOf(db: ReadDb, type: RowType, id: string): string | null {
  switch (type) {
    case 'template':
      return sealedRow(db, TEMPLATE_SQL, id, templateBody);
    case 'run':
      return sealedRow(db, RUN_SQL, id, runBody);
    case 'connection':
      return whole(rowOf(db, CONNECTION_SQL, id));
    case 'version':
      return whole(rowOf(db, VERSION_SQL, id));
    case 'template_archived':
      return whole(rowOf(db, TEMPLATE_ARCHIVED_SQL, id));
    case 'label':
      return whole(rowOf(db, LABEL_SQL, id));
    case 'connection_archived':
      return whole(rowOf(db, CONNECTION_ARCHIVED_SQL, id));
    case 'result':
      return whole(rowOf(db, RUN_RESULT_SQL, id));
    case 'review':
      return whole(rowOf(db, REVIEW_SQL, id));
    case 'retry':
      return retryContent(id);
    case 'restored':
      return db.prepare<[string], { value: string }>(RESTORED_SQL).get(id)?.value ?? null;
    case 'budget_removed':
      return budgetRemovedContent(db, id);
    default:
      return whole(plainRowOf(db, type satisfies PlainRowType, id));
  }
}

/** Whether the record's HMAC is what its key gives; null where it has none, or the key is not at hand. */
export function hmacHolds(
  content: string,
  keyOf: (id: string) => RecordKey | null,
): { holds: boolean | null; keyId: string | null } {
  const [, keyId, body, hmac] =
    /^\{"hmac_key_id":(?:"([^"]+)"|null),"record":(.*),"record_hmac":(?:"([^"]*)"|null)\}$/s.exec(content) ??
    [];
  if (body === undefined) return { holds: null, keyId: null };
  // Half a seal was never written by Prompter.
  if ((keyId === undefined) !== (hmac === undefined)) return { holds: false, keyId: keyId ?? null };
  const key = keyId === undefined ? null : keyOf(keyId);
  return { holds: key === null ? null : sealOf(body, key).record_hmac === hmac, keyId: keyId ?? null };
}

function sealedRow(db: ReadDb, sql: string, id: string, body: (row: ContentRow) => string): string | null {
  const row = rowOf(db, sql, id);
  if (!row) return null;
  const text = (value: ContentRow[string] | undefined): string | null =>
    value === null || value === undefined ? null : String(value);
  return sealedContent(body(row), {
    record_hmac: text(row['record_hmac']),
    hmac_key_id: text(row['hmac_key_id']),
  });
}

function rowOf(db: ReadDb, sql: string, id: string): ContentRow | undefined {
  return db.prepare<[string], ContentRow>(sql).get(id);
}

function whole(row: ContentRow | undefined): string | null {
  return row ? bodyOf(row, Object.keys(row).toSorted()) : null;
}

/**
 * The canonical JSON of a flat row. What `canonicalJsonOfValue` gives, at a fraction of its time: each run has three
 * entries, and this is most of what they cost. `columns` are sorted.
 */
function bodyOf(row: ContentRow, columns: readonly string[]): string {
  let text = '{';
  for (const column of columns) {
    text += `${text === '{' ? '' : ','}"${column}":${valueText(row[column] ?? null)}`;
  }
  return `${text}}`;
}

function valueText(value: string | number | null): string {
  if (value === null) return 'null';
  // As SQLite keeps it: half a surrogate pair has no UTF-8.
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  return Number.isSafeInteger(value) ? String(value) : canonicalJsonOfValue(value);
}
