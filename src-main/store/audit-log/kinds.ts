import type { RecordType } from '../../../src-shared/domain';
import type { Kind } from './kind';

const names = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Parts of a batch that have no id of their own. */
const BATCH_PART = {
  id: `batch_id || '/' || seq`,
  find: `seq = CAST(substr(wanted, instr(wanted, '/') + 1) AS INTEGER)`,
} as const;

const ANSWER =
  names(`attempt_id bytes_sha256 complete content_type headers_sha256 http_status redacted request_sha256
  sha256 size stored_at`);

/**
 * The kinds of records in the audit log, one entry each. All else follows from this: how they are read and written,
 * which rows need an entry, what is logged when a store gets its log, and what a team shares.
 */
export const KINDS = {
  template: {
    table: 'templates',
    id: 'template_id',
    versions: [
      {
        since: 4,
        columns: names(`als config_sha256 country_set created_at created_by description fingerprint_allowlist
          grounding_mode inference_params message model_id model_version_constraint name org_id parent_template_id
          provider response_schema system_instructions template_id user_prompt_template variables version_label
          workspace_id`),
      },
      {
        since: 18,
        adds: {
          fork: 0,
          includes: null,
          messages: null,
          tags: null,
          tool_choice: null,
          tools: null,
          trial: 0,
        },
      },
    ],
    sealed: true,
    since: 1,
    large:
      names(`inference_params message messages response_schema system_instructions tools user_prompt_template
      variables`),
    team: 'templates',
  },
  template_archived: {
    table: 'templates',
    id: 'template_id',
    where: 'deleted_at IS NOT NULL',
    versions: [{ since: 4, columns: names('deleted_at template_id') }],
    since: 1,
    team: 'template_archives',
  },
  prompt_change: {
    table: 'prompt_changes',
    id: 'change_id',
    versions: [
      {
        since: 18,
        columns: names('active change_id changed_at changed_by name org_id prompt_id workspace_id'),
      },
    ],
    since: 1,
    team: 'prompt_changes',
  },
  partial: {
    table: 'partials',
    id: 'partial_id',
    versions: [
      {
        since: 20,
        columns: names('created_at created_by name org_id partial_id text text_sha256 workspace_id'),
      },
    ],
    since: 1,
    large: ['text'],
  },
  // The bytes are covered by their hash, which is computed when the entry is checked.
  asset: {
    table: 'assets',
    id: 'asset_sha256',
    versions: [{ since: 20, columns: names('asset_sha256 bytes_sha256 created_at media_type size') }],
    computed: ['bytes_sha256'],
    since: 1,
  },
  label: {
    table: 'template_labels',
    id: 'move_id',
    versions: [
      { since: 6, columns: names('label move_id moved_at moved_by org_id template_id workspace_id') },
      { since: 18, adds: { prompt_id: null } },
    ],
    since: 1,
    team: 'template_labels',
  },
  label_rule: {
    table: 'label_rules',
    id: 'rule_id',
    versions: [{ since: 21, columns: names('changed_at changed_by labels org_id rule_id workspace_id') }],
    since: 1,
    large: ['labels'],
  },
  label_request: {
    table: 'label_requests',
    id: 'request_id',
    versions: [
      {
        since: 21,
        columns: names(
          'label note org_id prompt_id request_id requested_at requested_by template_id workspace_id',
        ),
      },
    ],
    since: 1,
    large: ['note'],
  },
  label_decision: {
    table: 'label_decisions',
    id: 'decision_id',
    versions: [
      {
        since: 21,
        columns: names('decided_at decided_by decision decision_id move_id reason request_id'),
      },
    ],
    since: 1,
    large: ['reason'],
  },
  pin: {
    table: 'template_pins',
    id: 'pin_id',
    versions: [
      {
        since: 4,
        columns: names(
          'note org_id pin_id pinned_at pinned_by provider_version_key template_id workspace_id',
        ),
      },
      { since: 18, adds: { model_id: null, provider: null } },
    ],
    since: 1,
    large: ['note'],
    team: 'template_pins',
  },
  connection: {
    table: 'connections',
    id: 'connection_id',
    versions: [
      {
        since: 4,
        columns: names('base_url concurrency connection_id created_at name org_id provider'),
      },
    ],
    since: 1,
  },
  connection_change: {
    table: 'connection_changes',
    id: 'change_id',
    versions: [{ since: 16, columns: names('base_url change_id changed_at concurrency connection_id name') }],
    since: 1,
  },
  connection_key: {
    table: 'connections',
    id: 'connection_id',
    optional: true,
    versions: [{ since: 4, columns: names('connection_id key_env key_ref key_source') }],
    state: 'connection_key',
    since: 1,
  },
  connection_archived: {
    table: 'connections',
    id: 'connection_id',
    where: 'deleted_at IS NOT NULL',
    versions: [{ since: 4, columns: names('connection_id deleted_at') }],
    since: 1,
  },
  budget: {
    table: 'budgets',
    id: `org_id || '/' || workspace_id`,
    order: 'org_id, workspace_id',
    versions: [
      { since: 4, columns: names('monthly_picodollars org_id updated_at warn_percent workspace_id') },
    ],
    state: 'budget',
    since: 1,
  },
  budget_removed: {
    table: null,
    id: 'workspace',
    versions: [{ since: 4, columns: names('budget workspace') }],
    computed: names('budget workspace'),
    state: 'budget',
    since: 1,
  },
  price_snapshot: {
    table: 'price_snapshots',
    id: 'sha256',
    order: 'price_snapshot_id',
    versions: [{ since: 4, columns: names('price_snapshot_id sha256 snapshot') }],
    since: 1,
    large: ['snapshot'],
  },
  batch: {
    table: 'batches',
    id: 'batch_id',
    versions: [
      {
        since: 4,
        columns:
          names(`batch_id budget_picodollars concurrency created_at drift_policy inputs_count inputs_sha256
          locales lock modes name org_id replicates simulated stream targets template_id timeout_seconds total
          workspace_id`),
      },
    ],
    computed: ['inputs_sha256'],
    since: 1,
  },
  batch_lock: {
    table: 'batch_locks',
    ...BATCH_PART,
    versions: [
      {
        since: 4,
        columns: names(
          'batch_id evidence evidence_grade expected provider_version_key run_id seen_at seq target_index',
        ),
      },
    ],
    since: 1,
  },
  batch_lock_accepted: {
    table: 'batch_locks',
    ...BATCH_PART,
    where: 'accepted_at IS NOT NULL',
    versions: [{ since: 4, columns: names('accepted_at batch_id seq') }],
    since: 1,
  },
  batch_status: {
    table: 'batch_status_changes',
    ...BATCH_PART,
    versions: [{ since: 9, columns: names('batch_id changed_at changed_by reason seq status') }],
    since: 1,
  },
  version: {
    table: 'prompt_versions',
    id: 'version_id',
    versions: [
      {
        since: 4,
        columns: names(`evidence evidence_grade first_seen_at model_id org_id provider provider_version_key
          template_id version_id workspace_id`),
      },
    ],
    since: 1,
    large: ['evidence'],
    team: 'prompt_versions',
  },
  drift: {
    table: 'drift_events',
    id: 'drift_id',
    versions: [
      {
        since: 4,
        columns:
          names(`after_evidence after_evidence_grade after_provider_version_key after_run_id before_evidence
          before_evidence_grade before_provider_version_key before_run_id connection_id drift_id model_id org_id
          provider seen_at template_id workspace_id`),
      },
    ],
    since: 1,
    large: names('after_evidence before_evidence'),
    team: 'drift_events',
  },
  run: {
    table: 'runs',
    id: 'run_id',
    versions: [
      {
        since: 4,
        columns: names(`analysis_config batch_id batch_run_index brand_name connection_id country executed_at
          grounding_mode idempotency_key model_id model_version_constraint org_id provider rendered_prompt
          rendered_prompt_sha256 replicate_index run_id simulated template_id workspace_id`),
      },
    ],
    sealed: true,
    since: 1,
    large: names('analysis_config rendered_prompt'),
    team: 'runs',
  },
  // Clears the run's result: from here on, the previous result no longer counts.
  retry: {
    table: null,
    id: 'run_id',
    versions: [{ since: 4, columns: ['run_id'] }],
    computed: ['run_id'],
    state: 'run',
    since: 1,
    team: 'run_results',
  },
  // The request and any partial stream are covered by the entry about the answer, if there is one.
  attempt: {
    table: 'attempts',
    id: 'attempt_id',
    where: `status IN ('not_sent', 'outcome_unknown')`,
    versions: [
      {
        since: 9,
        columns: names(
          'attempt_id attempt_index ended_at failure request_api run_id started_at status stream_head',
        ),
      },
    ],
    since: 2,
  },
  answer: {
    table: 'raw_responses',
    id: 'attempt_id',
    versions: [{ since: 4, columns: ANSWER }],
    computed: ANSWER,
    since: 1,
    team: 'raw_responses',
  },
  result: {
    table: 'runs',
    id: 'run_id',
    where: `status NOT IN ('pending', 'sending', 'raw_stored')`,
    versions: [
      {
        since: 4,
        columns: names(`als_block_sha256 als_block_text als_variant_id attempt_id cache_write_tokens cached
          cached_input_tokens citations cost_picodollars earlier_cost_picodollars evidence evidence_grade failure_code
          failure_message finish_reason finish_reason_raw first_byte_ms grounded input_tokens last_parse_attempt_at
          latency_ms output_json_valid output_tokens parse_attempts parse_error_message parse_method_used
          price_snapshot_id provider_version_key provoker_value reasoning_tokens requires_manual_review
          response_output_sha256 run_id search_requests seed_key_id status step2_source_ref step2_tools_invoked
          system_fingerprint why_not_grounded`),
      },
      { since: 19, adds: { thinking_text: null, tool_calls: null } },
    ],
    state: 'run',
    since: 1,
    large: names(`als_block_text citations evidence failure_message parse_error_message step2_source_ref
      step2_tools_invoked thinking_text tool_calls`),
    team: 'run_results',
  },
  review: {
    table: 'reviews',
    id: 'review_id',
    versions: [
      {
        since: 7,
        columns:
          names(`action attempt_id corrected_text created_at org_id previous_review_id raw_response_sha256
          reason review_id reviewed_by run_id template_id workspace_id`),
      },
    ],
    since: 1,
    large: names('corrected_text reason'),
    team: 'reviews',
  },
  restored: {
    table: 'settings',
    id: 'substr(key, 10)',
    find: `key = 'restored:' || wanted`,
    where: `key >= 'restored:' AND key < 'restored;'`,
    order: 'key',
    versions: [{ since: 4, columns: ['value'] }],
    text: true,
    since: 1,
    team: 'restores',
  },
} as const satisfies Kinds;

export type Kinds = Readonly<Record<RecordType, Kind>>;

/** Record types whose kind sets the given field. */
type With<Field extends keyof Kind> = {
  [Type in RecordType]: Field extends keyof (typeof KINDS)[Type] ? Type : never;
}[RecordType];

export type SharedType = With<'team'>;
export type ComputedType = With<'computed'>;
/** Kinds that are fully described by one row and what depends on it. */
export type RowType = Exclude<RecordType, 'answer'>;
