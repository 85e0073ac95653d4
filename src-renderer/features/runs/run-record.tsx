import type { Run } from '../../../src-shared/domain';
import { ExactTime, Fact, Facts, Mono, Section } from '../../ui';

/**
 * The name of each run field in the record; null if another part of the page shows it, if it repeats the answer in
 * another form, or if it only places the run among others. A new field does not compile until it is listed.
 */
const FIELD_NAMES: Readonly<Record<keyof Run, string | null>> = {
  run_id: 'Run id',
  raw_stored_at: 'Raw stored',
  response_api: 'API',
  connection_id: 'Connection id',
  country: 'Country',
  brand_name: 'Brand',
  model_version_constraint: 'Version pin',
  idempotency_key: 'Idempotency key',
  als_variant_id: 'ALS variant',
  als_block_sha256: 'ALS block SHA-256',
  seed_key_id: 'Seed key id',
  provoker_value: 'Provoker',
  step2_source_ref: 'Source of step 2',
  hmac_key_id: 'HMAC key id',
  record_hmac: 'Record HMAC',
  kind: null,
  org_id: null,
  workspace_id: null,
  template_id: null,
  batch_id: null,
  batch_run_index: null,
  replicate_index: null,
  provider: null,
  model_id: null,
  status: null,
  failure_code: null,
  failure_message: null,
  grounding_mode: null,
  request_json: null,
  response_json: null,
  rendered_prompt: null,
  rendered_prompt_sha256: null,
  output_text: null,
  output_json: null,
  output_json_valid: null,
  tool_calls: null,
  thinking_text: null,
  response_output_sha256: null,
  raw_response_sha256: null,
  raw_response_size: null,
  raw_response_path: null,
  parse_attempts: null,
  last_parse_attempt_at: null,
  parse_error_message: null,
  parse_method_used: null,
  requires_manual_review: null,
  review_action: null,
  processing_status: null,
  provider_version_key: null,
  evidence_grade: null,
  evidence: null,
  system_fingerprint: null,
  finish_reason: null,
  usage: null,
  cost_usd: null,
  cost_unknown_because: null,
  price_snapshot: null,
  latency_ms: null,
  first_byte_ms: null,
  queue_ms: null,
  grounded: null,
  why_not_grounded: null,
  citations: null,
  step2_tools_invoked: null,
  als_block_text: null,
  analysis_config: null,
  cached: null,
  simulated: null,
  practice_answer: null,
  executed_at: null,
};

/** The fields of a run that the rest of its page does not show. */
export function RunRecord({ run }: { readonly run: Run }) {
  const values: Readonly<Record<string, unknown>> = run;
  return (
    <Section title="Record">
      <Facts>
        {Object.entries(FIELD_NAMES).map(([field, name]) => {
          const value = values[field];
          if (name === null || value === null) return null;
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          return (
            <Fact key={field} name={name} copy={text}>
              {field.endsWith('_at') ? <ExactTime iso={text} /> : <Mono>{text}</Mono>}
            </Fact>
          );
        })}
      </Facts>
    </Section>
  );
}
