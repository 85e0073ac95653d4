import { uuidIds } from '../../src-main/core';
import { finishRun, insertConnection, insertRun, listTemplates, type Store } from '../../src-main/store';
import { seedTemplates } from './seed-templates';
import { derivedRun } from '../support/derived-run';

const ROWS_PER_COMMIT = 1_000;

/** Fills a store with answered runs, spread over days, templates and models, through the engine's own functions. */
export function seedRuns(
  store: Store,
  plan: { count: number; templates: number; models: number; days: number; from: string },
): void {
  seedTemplates(store, { count: plan.templates, ids: uuidIds });
  const { items } = listTemplates(store.read, { include_archived: true }, { limit: plan.templates });
  const connection_id = uuidIds.uuid();
  const first = Date.parse(plan.from);
  const step = (plan.days * 86_400_000) / plan.count;
  store.write((tx) =>
    insertConnection(tx, {
      connection_id,
      org_id: 'default',
      name: 'bench',
      provider: 'openai',
      base_url: null,
      key_source: 'none',
      key_ref: null,
      key_env: null,
      concurrency: 1,
      created_at: `${plan.from}T00:00:00.000Z`,
      last_test_at: null,
      last_test_ok: null,
      last_test_message: null,
      deleted_at: null,
    }),
  );
  for (let from = 0; from < plan.count; from += ROWS_PER_COMMIT) {
    store.write((tx) => {
      for (let index = from; index < Math.min(from + ROWS_PER_COMMIT, plan.count); index += 1) {
        const run_id = uuidIds.uuid();
        const executed_at = new Date(first + index * step).toISOString();
        insertRun(tx, {
          run_id,
          org_id: 'default',
          workspace_id: 'default',
          template_id: items[index % plan.templates]?.template_id ?? '',
          batch_id: null,
          batch_run_index: null,
          replicate_index: 0,
          provider: 'openai',
          connection_id,
          model_id: `model-${index % plan.models}`,
          country: null,
          brand_name: null,
          grounding_mode: 'none',
          rendered_prompt: 'Read the text below with care and answer only from what it says.',
          rendered_prompt_sha256: 'a'.repeat(64),
          simulated: false,
          idempotency_key: null,
          model_version_constraint: null,
          analysis_config: {},
          executed_at,
        });
        finishRun(
          tx,
          run_id,
          derivedRun({
            last_parse_attempt_at: executed_at,
            response_output_sha256: 'b'.repeat(64),
            provider_version_key: 'fp_1',
            evidence_grade: 'fingerprint',
            system_fingerprint: 'fp_1',
            input_tokens: 500,
            output_tokens: 400,
            cost_picodollars: 37_500_000n + BigInt(index),
            latency_ms: 300 + ((index * 7919) % 4000),
            first_byte_ms: 100,
          }),
        );
      }
    });
  }
}
