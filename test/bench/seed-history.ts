import { uuidIds } from '../../src-main/core';
import {
  insertBatch,
  insertConnection,
  listTemplates,
  rebuildRollups,
  type Store,
} from '../../src-main/store';
import { seedTemplates } from './seed-templates';

const DAY_MS = 86_400_000;
const ROWS_PER_COMMIT = 20_000;
const BATCH_RUNS = 400;
const MODELS: readonly (readonly [model: string, provider: string])[] = [
  ['gpt-4o', 'openai'],
  ['gpt-4o-mini', 'openai'],
  ['claude-sonnet-4-5', 'anthropic'],
  ['claude-haiku-4-5', 'anthropic'],
  ['gemini-2.5-pro', 'google'],
  ['gemini-2.5-flash', 'google'],
  ['llama3.1:8b', 'ollama'],
  ['qwen3:14b', 'ollama'],
];

export interface HistoryPlan {
  readonly runs: number;
  readonly templates: number;
  readonly days: number;
  /** The first day (UTC). */
  readonly from: string;
}

/**
 * A realistic year of a team: more than half of the runs in batches of one template against every model, the others
 * single; some templates far more frequent than others, and more runs by day than by night. Written directly, since
 * the engine's functions would take minutes, and summed by the rebuild that a migration starts.
 */
export function seedHistory(store: Store, plan: HistoryPlan): { rebuildMs: number } {
  const random = mulberry32(7);
  seedTemplates(store, { count: plan.templates, ids: uuidIds });
  const templates = listTemplates(
    store.read,
    { include_archived: true },
    { limit: plan.templates },
  ).items.map(({ template_id }) => template_id);
  const connections = seedConnections(store, `${plan.from}T00:00:00.000Z`);
  const perDay = Math.ceil(plan.runs / plan.days);
  const first = Date.parse(plan.from);
  let written = 0;
  let pending: RunOf[] = [];
  const commit = (): void => {
    store.write((tx) => {
      const insert = tx.prepare(INSERT);
      for (const run of pending) insert.run(...valuesOf(run, random, (written += 1)));
    });
    pending = [];
  };
  for (let day = 0; day < plan.days; day += 1) {
    const midnight = first + day * DAY_MS;
    const today: RunOf[] = [];
    while (today.length + BATCH_RUNS < perDay * 0.6) {
      today.push(...batchOf(store, { midnight, templates, connections, random }));
    }
    while (today.length < perDay) {
      const at = midnight + hourOfDay(random) * 3_600_000 + random() * 3_600_000;
      today.push({
        at,
        template: skewed(templates, random),
        model: Math.floor(random() * MODELS.length),
        connections,
        batch: null,
      });
    }
    pending.push(...today.toSorted((a, b) => a.at - b.at).slice(0, plan.runs - written - pending.length));
    if (pending.length >= ROWS_PER_COMMIT) commit();
  }
  commit();
  const startedAt = performance.now();
  store.write(rebuildRollups);
  return { rebuildMs: performance.now() - startedAt };
}

interface RunOf {
  readonly at: number;
  readonly template: string;
  readonly model: number;
  readonly connections: readonly string[];
  readonly batch: { id: string; index: number } | null;
}

interface Day {
  readonly midnight: number;
  readonly templates: readonly string[];
  readonly connections: readonly string[];
  readonly random: () => number;
}

function batchOf(store: Store, { midnight, templates, connections, random }: Day): RunOf[] {
  const batch_id = uuidIds.uuid();
  const template = skewed(templates, random);
  const start = midnight + hourOfDay(random) * 3_600_000;
  store.write((tx) =>
    insertBatch(
      tx,
      {
        batch_id,
        org_id: 'default',
        workspace_id: 'default',
        template_id: template,
        name: null,
        targets: [],
        left_out: [],
        inputs_count: 0,
        locales: null,
        modes: ['none'],
        replicates: 1,
        total: BATCH_RUNS,
        drift_policy: 'record',
        concurrency: null,
        budget_picodollars: null,
        stream: false,
        timeout_seconds: null,
        lock: [],
        simulated: false,
        created_at: new Date(start).toISOString(),
      },
      [],
    ),
  );
  return Array.from({ length: BATCH_RUNS }, (_, index) => ({
    at: start + index * 9_000,
    template,
    model: index % MODELS.length,
    connections,
    batch: { id: batch_id, index },
  }));
}

function seedConnections(store: Store, created_at: string): string[] {
  return ['openai', 'anthropic', 'google', 'ollama'].map((provider) => {
    const connection_id = uuidIds.uuid();
    store.write((tx) =>
      insertConnection(tx, {
        connection_id,
        org_id: 'default',
        name: `bench ${provider}`,
        provider,
        base_url: null,
        key_source: 'none',
        key_ref: null,
        key_env: null,
        concurrency: 1,
        created_at,
        last_test_at: null,
        last_test_ok: null,
        last_test_message: null,
        deleted_at: null,
      }),
    );
    return connection_id;
  });
}

const COLUMNS = [
  'run_id',
  'org_id',
  'workspace_id',
  'template_id',
  'batch_id',
  'batch_run_index',
  'replicate_index',
  'provider',
  'connection_id',
  'model_id',
  'status',
  'failure_code',
  'grounding_mode',
  'rendered_prompt_sha256',
  'simulated',
  'executed_at',
  'system_fingerprint',
  'input_tokens',
  'output_tokens',
  'cost_picodollars',
  'latency_ms',
  'analysis_config',
  'rendered_prompt',
] as const;
const INSERT = `INSERT INTO runs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;

function valuesOf(run: RunOf, random: () => number, index: number): unknown[] {
  const [model, provider] = MODELS[run.model] ?? ['', ''];
  const failed = random() < 0.03;
  const input = 200 + Math.floor(random() * 3_000);
  const output = 50 + Math.floor(random() * 1_200);
  const price = 150_000 * (run.model + 1);
  const unpriced = failed || run.model === MODELS.length - 1;
  return [
    uuidIds.uuid(),
    'default',
    'default',
    run.template,
    run.batch?.id ?? null,
    run.batch?.index ?? null,
    0,
    provider,
    run.connections[run.model >> 1],
    model,
    failed ? 'failed' : 'succeeded',
    failed ? (index % 2 === 0 ? 'timeout' : 'parse_failed') : null,
    'none',
    'a'.repeat(64),
    0,
    new Date(run.at).toISOString(),
    run.model < 2 ? 'fp_1' : null,
    input,
    output,
    unpriced ? null : input * price + output * price * 4,
    failed && index % 2 === 0 ? null : 300 * Math.exp(random() * 3),
    '{}',
    'Read the text below with care and answer only from what it says.',
  ];
}

/** Most runs fall between 8:00 and 20:00. */
function hourOfDay(random: () => number): number {
  return random() < 0.85 ? 8 + Math.floor(random() * 12) : Math.floor(random() * 23);
}

function skewed<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(items.length * random() ** 3)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}

/** A deterministic random-number generator. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
