import { UNKNOWN_USAGE } from '../../src-shared/domain';
import type { DerivedRun } from '../../src-main/store';

/** The derived columns of a successful answer; everything not given is unknown. */
export function derivedRun(given: Partial<DerivedRun> = {}): DerivedRun {
  return {
    status: 'succeeded',
    failure_code: null,
    failure_message: null,
    last_parse_attempt_at: '2026-12-01T00:00:00.000Z',
    parse_error_message: null,
    parse_method_used: 'direct',
    requires_manual_review: false,
    output_json_valid: null,
    response_output_sha256: null,
    provider_version_key: null,
    evidence_grade: null,
    evidence: null,
    system_fingerprint: null,
    finish_reason: null,
    finish_reason_raw: null,
    ...UNKNOWN_USAGE,
    cost_picodollars: null,
    price_snapshot_id: null,
    latency_ms: 1,
    first_byte_ms: 1,
    grounded: null,
    why_not_grounded: null,
    citations: null,
    tool_calls: null,
    thinking_text: null,
    ...given,
  };
}
