import { sql, type InferSelectModel } from 'drizzle-orm';
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import {
  evidenceGradeSchema,
  failureCodeSchema,
  finishReasonSchema,
  groundingModeSchema,
  jsonObjectSchema,
  keysOf,
  parseMethodSchema,
  responseApiSchema,
  runKindSchema,
  runToolCallSchema,
  runStatusSchema,
  versionEvidenceSchema,
  type RunStatus,
} from '../../../src-shared/domain';
import { bool, bytes, json, picodollars, word } from '../engine/columns';

export const priceSnapshots = sqliteTable('price_snapshots', {
  price_snapshot_id: integer().primaryKey(),
  sha256: text().notNull(),
  snapshot: json(jsonObjectSchema).notNull(),
});

/** What is asked: written once, before anything is sent, and never changed. */
const ASKED = {
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
  country: text(),
  brand_name: text(),
  grounding_mode: word(groundingModeSchema).notNull(),
  rendered_prompt: text().notNull(),
  rendered_prompt_sha256: text().notNull(),
  simulated: bool().notNull(),
  idempotency_key: text(),
  analysis_config: json(jsonObjectSchema).notNull(),
  model_version_constraint: text(),
  executed_at: text().notNull(),
};

/** What follows from the stored bytes: `runs/derive.ts` gives each, and a new attempt clears them. */
const DERIVED = {
  failure_code: word(failureCodeSchema),
  failure_message: text(),
  last_parse_attempt_at: text(),
  parse_error_message: text(),
  parse_method_used: word(parseMethodSchema),
  requires_manual_review: bool().notNull().default(false),
  output_json_valid: bool(),
  response_output_sha256: text(),
  provider_version_key: text(),
  evidence_grade: word(evidenceGradeSchema),
  evidence: json(versionEvidenceSchema),
  system_fingerprint: text(),
  finish_reason: word(finishReasonSchema.shape.unified),
  finish_reason_raw: text(),
  input_tokens: integer(),
  cached_input_tokens: integer(),
  cache_write_tokens: integer(),
  output_tokens: integer(),
  reasoning_tokens: integer(),
  search_requests: integer(),
  cost_picodollars: picodollars(),
  price_snapshot_id: integer(),
  latency_ms: real(),
  first_byte_ms: real(),
  grounded: bool(),
  why_not_grounded: text(),
  citations: json(z.array(jsonObjectSchema)),
  /** Null where the answer calls none. */
  tool_calls: json(z.array(runToolCallSchema)),
  thinking_text: text(),
};

export const runs = sqliteTable('runs', {
  seq: integer().primaryKey(),
  ...ASKED,
  status: word(runStatusSchema).notNull(),
  /** The attempt whose bytes are the answer. */
  attempt_id: text(),
  parse_attempts: integer().notNull().default(0),
  /** What answers of earlier attempts cost. */
  earlier_cost_picodollars: picodollars().notNull().default(0n),
  cached: bool().notNull().default(false),
  ...DERIVED,
  step2_tools_invoked: bool(),
  step2_source_ref: text(),
  als_block_text: text(),
  als_block_sha256: text(),
  als_variant_id: text(),
  seed_key_id: text(),
  provoker_value: text(),
  record_hmac: text(),
  hmac_key_id: text(),
  kind: word(runKindSchema)
    .notNull()
    .generatedAlwaysAs(
      sql`CASE WHEN instr(analysis_config, '"probe":true') > 0 THEN 'probe' ELSE 'run' END`,
      {
        mode: 'virtual',
      },
    ),
});

type RunColumns = InferSelectModel<typeof runs>;
/** A run as it is asked, before anything is sent. */
export type NewRun = Readonly<Pick<RunColumns, keyof typeof ASKED>>;
/** What an answer comes to. A re-parse makes the same values again. */
export type DerivedRun = Readonly<Pick<RunColumns, keyof typeof DERIVED>> & {
  readonly status: Extract<RunStatus, 'succeeded' | 'failed'>;
};

export const ASKED_COLUMNS = keysOf(ASKED);
export const DERIVED_COLUMNS = keysOf(DERIVED);
type NeverNull = {
  [Name in keyof typeof DERIVED]: null extends RunColumns[Name] ? never : Name;
}[keyof typeof DERIVED];
/** What a new attempt sets those to that are never null, as SQL. */
export const CLEARED: Readonly<Record<NeverNull, string> & Partial<Record<keyof typeof DERIVED, string>>> = {
  requires_manual_review: '0',
};

export const runSearchState = sqliteTable('run_search_state', {
  one: integer().primaryKey(),
  until: integer().notNull(),
});
export const runSearchWaiting = sqliteTable('run_search_waiting', { run_seq: integer().primaryKey() });

const streamHeadSchema: z.ZodType<StreamHead> = z.object({
  http_status: z.number().int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});
/** How a stream began. */
export interface StreamHead {
  readonly http_status: number;
  readonly headers: readonly (readonly [string, string])[];
}

export const attempts = sqliteTable('attempts', {
  seq: integer().primaryKey(),
  attempt_id: text().notNull(),
  run_id: text().notNull(),
  attempt_index: integer().notNull(),
  status: word(z.enum(['sending', 'answered', 'not_sent', 'outcome_unknown'])).notNull(),
  request_api: word(responseApiSchema),
  request_json: bytes(),
  /** How a stream began; null where no part of one was stored. */
  stream_head: json(streamHeadSchema),
  started_at: text().notNull(),
  ended_at: text(),
  failure: json(jsonObjectSchema),
});

export const rawResponses = sqliteTable('raw_responses', {
  seq: integer().primaryKey(),
  attempt_id: text().notNull(),
  http_status: integer().notNull(),
  headers: bytes().notNull(),
  content_type: text(),
  sha256: text().notNull(),
  size: integer().notNull(),
  complete: bool().notNull(),
  /** The provider echoed the key: it was overwritten with `*` before the bytes were kept. */
  redacted: bool().notNull().default(false),
  encoding: word(z.enum(['identity', 'zstd', 'parts'])).notNull(),
  stored_at: text().notNull(),
  /** Null where they are in `raw_parts`. */
  bytes: bytes(),
});

export const rawParts = sqliteTable(
  'raw_parts',
  {
    attempt_id: text().notNull(),
    part_index: integer().notNull(),
    redacted: bool().notNull(),
    encoding: word(z.enum(['identity', 'zstd'])).notNull(),
    bytes: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.attempt_id, table.part_index] })],
);
