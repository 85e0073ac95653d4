import type { NewRun } from '../../src-main/store';

/** A run before its call. */
export function newRun(
  given: Pick<NewRun, 'run_id' | 'template_id' | 'connection_id'> & Partial<NewRun>,
): NewRun {
  return {
    org_id: 'default',
    workspace_id: 'default',
    batch_id: null,
    batch_run_index: null,
    replicate_index: 0,
    provider: 'practice-openai',
    model_id: 'm',
    country: null,
    brand_name: null,
    grounding_mode: 'none',
    rendered_prompt: 'x',
    rendered_prompt_sha256: 'a'.repeat(64),
    simulated: false,
    idempotency_key: null,
    analysis_config: {},
    model_version_constraint: null,
    executed_at: '2026-11-30T23:59:59.999Z',
    ...given,
  };
}
