import {
  AppError,
  batchSchema,
  DEFAULT_ORG_ID,
  notFound,
  runSchema,
  runSummarySchema,
  UNKNOWN_USAGE,
  type Batch,
  type Run,
  type RunSummary,
  type NamedTemplate,
  type Template,
} from '../../src-shared/domain';
import type { Core } from '../../src-main/ports';
import { createFakeLabels } from './fake-labels';
import { createFakeInsight } from './fake-insight';
import { createFakePrompts } from './fake-prompts';
import { createFakeVersions } from './fake-versions';
import { fakeEstimate } from './fake-estimate';
import { fakeAudit } from './fake-audit';
import { fakeCompose } from './fake-composed';
import { createFakeConnections } from './fake-connections';
import { createFakeContent } from './fake-content';
import { createFakeSync } from './fake-sync';
import { fakeBackups } from './fake-backups';
import { fakeReview } from './fake-review';
import { fakeStatus } from './fake-status';
import { fakeTemplate } from './fake-template';

export const NOW = '2026-11-20T08:00:00.000Z';
const SHA = 'a'.repeat(64);
export const RAW_BYTES = new TextEncoder().encode('{"output":"<script>alert(1)</script> é"}');

/** A core that keeps everything in memory and calls no model: what a host needs to be tried against. */
export interface FakeCore extends Core {
  /** Signals given to streams, so that a test sees whether they were told to end. */
  readonly streamSignals: AbortSignal[];
  /** What the next call of `templates.list` throws. */
  failNextList(error: unknown): void;
}

export function createFakeCore(options: { rawContentType?: string } = {}): FakeCore {
  const templates = new Map<string, NamedTemplate>();
  const byKey = new Map<string, string>();
  const runs = new Map<string, Run>();
  const runsByKey = new Map<string, string>();
  const batches = new Map<string, Batch>();
  const streamSignals: AbortSignal[] = [];
  let nextFailure: { error: unknown } | undefined;
  let sampleOffered = true;
  let serial = 0;
  const id = (kind: string) => `${kind}-${++serial}`;
  const find = <T>(map: Map<string, T>, what: string, key: string): T => {
    const found = map.get(key);
    if (found === undefined) throw notFound(what, key);
    return found;
  };
  const page = <T>(items: T[], limit: number) => ({ items: items.slice(0, limit), next_cursor: null });
  const summary = (run: Run): RunSummary => runSummarySchema.parse(run);
  const listed = () =>
    [...runs.values()].map((run) => ({
      ...summary(run),
      template_name: find(templates, 'template', run.template_id).name,
      prompt_name: find(templates, 'template', run.template_id).prompt_name,
      version_number: find(templates, 'template', run.template_id).version_number,
      template_trial: find(templates, 'template', run.template_id).trial,
    }));

  const patchBatch = (batchId: string, change: Partial<Batch>): Batch => {
    const batch = { ...find(batches, 'batch', batchId), ...change };
    batches.set(batchId, batch);
    return batch;
  };
  const storeRun = (template: Template, change: Partial<Run>): Run => {
    const run = runSchema.parse({
      ...Object.fromEntries(Object.keys(runSchema.shape).map((key) => [key, null])),
      run_id: id('run'),
      kind: 'run',
      org_id: template.org_id,
      workspace_id: template.workspace_id,
      template_id: template.template_id,
      replicate_index: 0,
      provider: 'practice-openai',
      connection_id: 'connection-0',
      model_id: template.model_id,
      status: 'succeeded',
      grounding_mode: 'none',
      rendered_prompt: template.user_prompt_template,
      rendered_prompt_sha256: SHA,
      output_text: 'Hello, world',
      raw_response_sha256: SHA,
      parse_attempts: 1,
      requires_manual_review: false,
      processing_status: 'parsed',
      usage: UNKNOWN_USAGE,
      analysis_config: {},
      cached: false,
      simulated: true,
      executed_at: NOW,
      ...change,
    });
    runs.set(run.run_id, run);
    return run;
  };

  return {
    streamSignals,
    failNextList: (error) => {
      nextFailure = { error };
    },
    logger: { log: () => undefined },
    announce: () => null,
    audit: fakeAudit,
    sync: createFakeSync(),
    backups: fakeBackups,
    review: fakeReview,
    system: {
      status: async () =>
        fakeStatus({ templates: templates.size, runs: runs.size, sample_offered: sampleOffered }),
      async *changes(signal) {
        if (signal) streamSignals.push(signal);
        yield { entity: 'templates', ids: [...templates.keys()] };
        await aborted(signal);
      },
      installSample: () => ({ created: 0, template_ids: [...templates.keys()], samples: [] }),
      dismissSample: () => ({ sample_offered: (sampleOffered = false) }),
    },
    prompts: createFakePrompts(NOW, templates),
    templates: {
      create(input) {
        const { idempotency_key: key, ...given } = input;
        const known = key === undefined ? undefined : byKey.get(key);
        if (known !== undefined) return { template: find(templates, 'template', known), replayed: true };
        const twin = [...templates.values()].find(
          (template) =>
            template.user_prompt_template === (given.user_prompt_template ?? '') &&
            template.model_id === given.model_id &&
            template.workspace_id === given.workspace_id,
        );
        if (twin) {
          throw new AppError('TEMPLATE_DUPLICATE', `Identical to "${twin.name}".`, {
            data: {
              template_id: twin.template_id,
              name: twin.name,
              prompt_name: twin.prompt_name,
              version_number: twin.version_number,
              differences: [],
              diff: [],
            },
          });
        }
        const template = fakeTemplate(given, id('template'));
        templates.set(template.template_id, template);
        if (key !== undefined) byKey.set(key, template.template_id);
        return { template, replayed: false };
      },
      list(input) {
        if (nextFailure) {
          const { error } = nextFailure;
          nextFailure = undefined;
          throw error;
        }
        const items = [...templates.values()].filter((template) => template.name.includes(input.q ?? ''));
        const labelled = items.map((template) => ({
          ...template,
          labels: [],
          pinned_version_key: null,
          pins: [],
        }));
        return { ...page(labelled, input.limit), total: items.length };
      },
      get: ({ template_id }) => find(templates, 'template', template_id),
      diff({ from, to }) {
        const [a, b] = [from, to].map((templateId) => ({
          ...find(templates, 'template', templateId),
          labels: [],
          pinned_version_key: null,
          pins: [],
        }));
        if (!a || !b) throw notFound('template', from);
        return { from: a, to: b, same_configuration: from === to, texts: [], patch: [] };
      },
      checkDuplicate: () => ({
        exact_match: false,
        template_id: null,
        name: null,
        prompt_name: null,
        version_number: null,
        differences: [],
        config_sha256: SHA,
        near: [],
      }),
      render(input) {
        if (input.user_prompt_template?.includes('{{') && Object.keys(input.variables).length === 0) {
          throw new AppError('MISSING_VARIABLE', 'No value for "name".', { data: { variables: ['name'] } });
        }
        return {
          system: '',
          user: input.user_prompt_template ?? '',
          messages: [{ role: 'user', content: input.user_prompt_template ?? '' }],
          variables: [],
          optional_variables: [],
          rendered_prompt_sha256: SHA,
          token_estimate: 1,
        };
      },
      archive({ template_id }) {
        const template = { ...find(templates, 'template', template_id), deleted_at: NOW };
        templates.set(template_id, template);
        return template;
      },
      ...createFakeLabels(NOW),
      lineage({ template_id }) {
        find(templates, 'template', template_id);
        return { ancestors: [], children: [] };
      },
    },
    ...createFakeContent(NOW),
    versions: createFakeVersions((templateId) => find(templates, 'template', templateId), id),
    runs: {
      async start(input, { onStart, onText } = {}) {
        const known = input.idempotency_key === undefined ? undefined : runsByKey.get(input.idempotency_key);
        if (known !== undefined) return { run: find(runs, 'run', known), replayed: true };
        const template = find(templates, 'template', input.template_id);
        const run = storeRun(template, { idempotency_key: input.idempotency_key ?? null });
        onStart?.(run.run_id);
        onText?.('Hello, ');
        onText?.('world');
        if (input.idempotency_key !== undefined) runsByKey.set(input.idempotency_key, run.run_id);
        return { run, replayed: false };
      },
      compose: fakeCompose((templateId) => find(templates, 'template', templateId)),
      list: ({ limit }) => ({ ...page(listed(), limit), unsearched: 0 }),
      listOfTemplate({ template_id, limit }) {
        find(templates, 'template', template_id);
        return page(listed(), limit);
      },
      prepareSearch: () => Promise.resolve(),
      get: ({ run_id }) => find(runs, 'run', run_id),
      reparse: ({ run_id }) => find(runs, 'run', run_id),
      stop({ run_id }) {
        find(runs, 'run', run_id);
        return Promise.resolve({ stopped: false });
      },
      rebuild: () =>
        Promise.resolve({
          looked_at: runs.size,
          changed: 0,
          failed: 0,
          next_cursor: null,
          changes: [],
          failures: [],
        }),
      raw({ run_id }) {
        find(runs, 'run', run_id);
        return { bytes: RAW_BYTES, contentType: options.rawContentType ?? 'application/json' };
      },
    },
    batches: {
      async start(input) {
        const template = find(templates, 'template', input.template_id);
        const batch = batchSchema.parse({
          batch_id: id('batch'),
          org_id: DEFAULT_ORG_ID,
          workspace_id: template.workspace_id,
          template_id: template.template_id,
          template_name: template.name,
          prompt_name: template.prompt_name,
          name: input.name ?? null,
          status: 'completed',
          status_reason: null,
          targets: input.targets.map((target, target_index) => ({
            target_index,
            connection_id: target.connection_id ?? 'connection-0',
            connection_name: 'practice',
            provider: target.provider ?? 'practice-openai',
            model_id: target.model_id ?? template.model_id,
            inference_params: {},
            template_id: template.template_id,
            template_name: template.name,
            prompt_name: template.prompt_name,
            version_number: template.version_number,
            label: null,
            grounding_mode: null,
          })),
          left_out: [],
          variables: [],
          inputs_count: input.inputs.length,
          locales: null,
          modes: ['none'],
          replicates: input.replicates,
          total: input.inputs.length * input.targets.length * input.replicates,
          drift_policy: input.drift_policy,
          concurrency: null,
          budget_usd: null,
          stream: input.stream,
          timeout_seconds: null,
          lock: [],
          drift: [],
          counts: { pending: 0, running: 0, succeeded: 1, failed: 0, outcome_unknown: 0, cancelled: 0 },
          target_totals: [],
          simulated: true,
          created_at: NOW,
          started_at: NOW,
          finished_at: null,
        });
        batches.set(batch.batch_id, batch);
        storeRun(template, { batch_id: batch.batch_id, batch_run_index: 0 });
        return {
          batch_id: batch.batch_id,
          total: batch.total,
          lock: [],
          drift: [],
          estimate: fakeEstimate(batch.total),
          left_out: [],
        };
      },
      async estimate(input) {
        find(templates, 'template', input.template_id);
        return fakeEstimate(input.inputs.length);
      },
      list: (input) =>
        page(
          [...batches.values()].map((batch) => ({ ...batch, columns: batch.targets })),
          input.limit,
        ),
      get: ({ batch_id }) => find(batches, 'batch', batch_id),
      runs(input) {
        find(batches, 'batch', input.batch_id);
        return page(
          [...runs.values()].filter((run) => run.batch_id === input.batch_id).map(summary),
          input.limit,
        );
      },
      summary: async (input) => {
        find(batches, 'batch', input.batch_id);
        return { targets: [] };
      },
      rows(input) {
        find(batches, 'batch', input.batch_id);
        return { rows: [{ input_index: input.from, variables: {}, cells: [] }].slice(0, input.count) };
      },
      async *events({ batch_id }, signal) {
        const batch = find(batches, 'batch', batch_id);
        if (signal) streamSignals.push(signal);
        yield {
          type: 'progress',
          status: batch.status,
          status_reason: null,
          counts: batch.counts,
          target_totals: [],
        };
        yield { type: 'delta', batch_run_index: 0, text: 'Hello' };
        if (batch.status === 'running') await aborted(signal);
      },
      pause({ batch_id }) {
        const { status } = find(batches, 'batch', batch_id);
        if (status !== 'running')
          throw new AppError('BATCH_STATE', 'It is not running.', { data: { status } });
        return patchBatch(batch_id, { status: 'paused' });
      },
      resume: ({ batch_id }) => patchBatch(batch_id, { status: 'running' }),
      cancel: ({ batch_id }) => patchBatch(batch_id, { status: 'cancelled' }),
      retryFailed: ({ batch_id }) => patchBatch(batch_id, { status: 'running' }),
      settled: async () => {},
      onCell: () => () => {},
    },
    providers: {
      list: () => ({ items: [] }),
      models: async () => ({ items: [], fetched_at: NOW }),
    },
    connections: createFakeConnections(NOW),
    insight: createFakeInsight(),
    close: async () => {},
  };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal === undefined || signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
