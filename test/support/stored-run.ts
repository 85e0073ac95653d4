import { UNKNOWN_USAGE, type RunSummary } from '../../src-shared/domain';

/** A cell's run as the core returns it. */
export function storedRun(index: number, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    run_id: `run-${index}`,
    kind: 'run',
    template_id: 't',
    batch_id: 'b',
    batch_run_index: index,
    replicate_index: 0,
    provider: 'practice-openai',
    connection_id: 'c',
    model_id: 'm',
    status: 'succeeded',
    failure_code: null,
    failure_message: null,
    output_text: `answer ${index}`,
    tool_calls: null,
    thinking_text: null,
    output_json_valid: null,
    response_output_sha256: 'same',
    raw_response_sha256: 'raw',
    provider_version_key: null,
    evidence_grade: 'none',
    review_action: null,
    finish_reason: null,
    usage: UNKNOWN_USAGE,
    cost_usd: null,
    latency_ms: 100,
    first_byte_ms: null,
    simulated: true,
    executed_at: '2026-05-20T10:00:00.000Z',
    ...changes,
  };
}
