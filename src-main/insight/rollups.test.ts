import { Decimal } from 'decimal.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedRun } from '../../test/support/derived-run';
import { newRun } from '../../test/support/new-run';
import { foldedSums, tablesOf } from '../../test/support/rollup-sums';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { type CostsAnswer, type FailureCode } from '../../src-shared/domain';
import { seedRunParents } from '../../test/support/run-parents';
import {
  endWithoutAnswer,
  finishRun,
  foldedUntil,
  insertRun,
  listRuns,
  markSendingAgain,
  putBack,
  rebuildRollups,
  type RunFilter,
  type Store,
  type WriteDb,
} from '../store';
import { createInsightService } from './service';

// Money needs more than 20 digits here.
const Exact = Decimal.clone({ precision: 60 });

type End =
  | {
      kind: 'answered';
      failure: FailureCode | null;
      cost: bigint | null;
      latency: number;
      tokens: number | null;
      text: boolean;
    }
  | { kind: 'unanswered'; status: 'failed' | 'outcome_unknown'; failure: FailureCode | null };
interface History {
  readonly template: number;
  readonly model: number;
  readonly simulated: boolean;
  readonly hour: number;
  /** What happens to the run, one commit or the next; `again` is a new attempt, `back` a turn in the queue. */
  readonly steps: readonly (End | { kind: 'again' } | { kind: 'back' } | { kind: 'rolled back'; end: End })[];
}

const end: fc.Arbitrary<End> = fc.oneof(
  fc.record({
    kind: fc.constant('answered' as const),
    failure: fc.constantFrom(null, null, null, 'version_mismatch', 'parse_failed', 'rate_limited'),
    cost: fc.option(fc.bigInt({ min: 0n, max: 2n ** 54n })),
    latency: fc.double({ min: 0.02, max: 900_000, noNaN: true }),
    tokens: fc.option(fc.nat(2_000_000)),
    text: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('unanswered' as const),
    status: fc.constantFrom('failed', 'outcome_unknown'),
    failure: fc.constantFrom(null, 'timeout', 'network_error'),
  }),
);
const history: fc.Arbitrary<History> = fc.record({
  template: fc.nat(1),
  model: fc.nat(2),
  simulated: fc.boolean(),
  hour: fc.nat(71),
  steps: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: end },
      { weight: 2, arbitrary: fc.constant({ kind: 'again' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'back' as const }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('rolled back' as const), end }) },
    ),
    { maxLength: 5 },
  ),
});

const MODELS = ['gpt-4o', 'claude-opus-5-5', 'gemini-3.8-flash'];
const FIRST = Date.parse('2026-10-30T00:00:00.000Z');

function apply(tx: WriteDb, runId: string, step: End): void {
  if (step.kind === 'unanswered') {
    const { status, failure } = step;
    endWithoutAnswer(tx, runId, { status, failure_code: failure, failure_message: null });
    return;
  }
  const { failure, cost, latency, tokens, text } = step;
  finishRun(
    tx,
    runId,
    derivedRun({
      status: failure === null ? 'succeeded' : 'failed',
      failure_code: failure,
      response_output_sha256: text ? '0'.repeat(64) : null,
      system_fingerprint: tokens === null ? null : 'fp_1',
      input_tokens: tokens,
      output_tokens: tokens,
      cost_picodollars: cost,
      latency_ms: latency,
      first_byte_ms: latency,
    }),
  );
}

class RolledBack extends Error {}

/** Plays histories, several runs to a commit as the group commit does it. */
function play(store: Store, histories: readonly History[]): void {
  const { template_ids, connection_id } = seedRunParents(store, 2);
  const ids = histories.map(() => testIds.uuid());
  const longest = Math.max(0, ...histories.map(({ steps }) => steps.length));
  store.write((tx) => {
    histories.forEach(({ template, model, simulated, hour }, index) => {
      insertRun(
        tx,
        newRun({
          run_id: ids[index] ?? '',
          template_id: template_ids[template] ?? '',
          connection_id,
          model_id: MODELS[model] ?? '',
          simulated,
          executed_at: new Date(FIRST + hour * 3_600_000 + index).toISOString(),
        }),
      );
    });
  });
  for (let round = 0; round < longest; round += 1) {
    store.write((tx) => {
      histories.forEach(({ steps }, index) => {
        const step = steps[round];
        const runId = ids[index] ?? '';
        if (!step || step.kind === 'rolled back') return;
        if (step.kind === 'again') markSendingAgain(tx, runId);
        else if (step.kind === 'back') putBack(tx, runId);
        else apply(tx, runId, step);
      });
    });
    histories.forEach(({ steps }, index) => {
      const step = steps[round];
      if (step?.kind !== 'rolled back') return;
      expect(() =>
        store.write((tx) => {
          apply(tx, ids[index] ?? '', step.end);
          throw new RolledBack();
        }),
      ).toThrow(RolledBack);
    });
  }
}

interface Row {
  template_id: string;
  model_id: string;
  simulated: number;
  status: string;
  failure_code: string | null;
  executed_at: string;
  cost: string | null;
  earlier: string;
  input_tokens: number | null;
  response_output_sha256: string | null;
  latency_ms: number | null;
}
const UNBILLED = new Set(['rate_limited', 'timeout', 'network_error']);

/** The same sums from the runs themselves, by other means. */
function recount(store: Store, simulated: boolean, keep: (row: Row) => boolean) {
  const rows = store.read
    .prepare<[number], Row>(
      `SELECT *, CAST(cost_picodollars AS TEXT) AS cost, CAST(earlier_cost_picodollars AS TEXT) AS earlier
       FROM runs WHERE simulated = ?`,
    )
    .all(simulated ? 1 : 0)
    .filter(keep);
  const ended = rows.filter(({ status }) => ['succeeded', 'failed', 'outcome_unknown'].includes(status));
  const dollars = rows.reduce(
    (sum, { cost, earlier }) => sum.plus(new Exact(cost ?? 0).plus(earlier).div('1e12')),
    new Exact(0),
  );
  const unpriced = ended.filter(
    ({ cost, status, failure_code, input_tokens, response_output_sha256 }) =>
      cost === null &&
      // What came before an error is paid.
      (response_output_sha256 !== null ||
        (input_tokens ?? 0) > 0 ||
        !(status === 'failed' && UNBILLED.has(failure_code ?? ''))),
  ).length;
  const latencies = ended.flatMap(({ latency_ms }) => latency_ms ?? []).toSorted((a, b) => a - b);
  return {
    costs: {
      runs: ended.length,
      unpriced,
      cost_usd: dollars.isZero() && unpriced > 0 ? null : dollars.toFixed(),
    },
    outcomes: {
      runs: ended.length,
      succeeded: ended.filter(({ status }) => status === 'succeeded').length,
      failed: ended.filter(({ status }) => status === 'failed').length,
      outcome_unknown: ended.filter(({ status }) => status === 'outcome_unknown').length,
    },
    input_tokens: ended.reduce((sum, run) => sum + (run.input_tokens ?? 0), 0),
    answered: latencies.length,
    p95: latencies[Math.ceil(latencies.length * 0.95) - 1] ?? null,
    p50: latencies[Math.ceil(latencies.length * 0.5) - 1] ?? null,
  };
}

const QUERY = {
  from: '2026-10-30',
  to: '2026-11-01',
  time_zone: 'UTC',
  group_by: 'day',
  simulated: false,
} as const;

/** Percentiles come to a microsecond, which is more than that of the shortest latencies. */
function within1Percent(actual: number | null, exact: number | null): void {
  if (actual === null || exact === null) expect(actual).toBe(exact);
  else expect(Math.abs(actual - exact)).toBeLessThan(0.01 * exact + 0.001);
}

describe('the hourly sums after any history', () => {
  it('count an answer that took longer than any bucket reaches as one of the longest', () => {
    const store = openTempStore();
    const answeredIn = (latency: number): History => ({
      template: 0,
      model: 0,
      simulated: false,
      hour: 0,
      steps: [{ kind: 'answered', failure: null, cost: null, latency, tokens: null, text: true }],
    });
    const elevenDays = 11 * 86_400_000;
    play(store, [answeredIn(100), answeredIn(100 * elevenDays), answeredIn(10_000 * elevenDays)]);
    const { answered, p50_ms } = createInsightService({ store, clock: createTestClock() }).latency(
      QUERY,
    ).totals;
    expect(answered).toBe(3);
    expect(p50_ms).toBeGreaterThan(elevenDays);
  });

  it('are what an independent recount of the runs finds, in every grouping, and what a rebuild makes', () => {
    fc.assert(
      fc.property(fc.array(history, { minLength: 1, maxLength: 60 }), (histories) => {
        const store = openTempStore();
        play(store, histories);
        const insight = createInsightService({ store, clock: createTestClock() });
        for (const simulated of [false, true]) {
          const query = { ...QUERY, simulated };
          const all = recount(store, simulated, () => true);
          expect(insight.costs(query).totals).toEqual(all.costs);
          expect(insight.errors(query).totals).toMatchObject(all.outcomes);
          expect(insight.tokens(query).totals.input_tokens).toBe(all.input_tokens);
          const latency = insight.latency(query).totals;
          expect(latency.answered).toBe(all.answered);
          within1Percent(latency.p50_ms, all.p50);
          within1Percent(latency.p95_ms, all.answered < 20 ? null : all.p95);
          for (const { key, label, stack, stack_label, ...sums } of insight.costs({
            ...query,
            stack_by: 'model',
          }).rows) {
            const group = recount(
              store,
              simulated,
              (row) => row.executed_at.startsWith(key) && row.model_id === stack,
            );
            expect(sums).toEqual(group.costs);
            expect([label, stack_label]).toEqual([key, stack]);
          }
          for (const { key, answered, p50_ms } of insight.latency({ ...query, group_by: 'template' }).rows) {
            const group = recount(store, simulated, (row) => row.template_id === key);
            expect(answered).toBe(group.answered);
            within1Percent(p50_ms, group.p50);
          }
        }
        expect(stackedSums(insight.costs({ ...QUERY, stack_by: 'model', stack_top: 1 }))).toEqual(
          stackedSums(insight.costs({ ...QUERY, stack_by: 'model' })),
        );
        // Days that begin at half past six in the evening, UTC; every number leads to the runs that it counts.
        const days = insight.costs({ ...QUERY, time_zone: 'Asia/Kolkata' });
        for (const { key, label: _, stack: __, stack_label: ___, ...sums } of days.rows) {
          const slot = days.slots.indexOf(key);
          const [from = '', to = ''] = days.boundaries.slice(slot, slot + 2);
          const inside = (row: Row) => from <= row.executed_at && row.executed_at < to;
          expect(sums).toEqual(recount(store, false, inside).costs);
          const times = { from, to, simulated: false };
          expect(countRuns(store, { ...times, counted: 'ended' })).toBe(sums.runs);
          expect(countRuns(store, { ...times, counted: 'unpriced' })).toBe(sums.unpriced);
        }
        expect(promptTotals(store)).toEqual(recountedTotals(store));
        const before = foldedSums(store, Infinity);
        const kept = tablesOf(store);
        const folded = foldedUntil(store.read);
        store.write(rebuildRollups);
        expect(tablesOf(store)).toEqual(kept);
        expect(promptTotals(store)).toEqual(recountedTotals(store));
        // An hour that was changed and changed back counts as over in the one and not in the other.
        const both = Math.min(folded, foldedUntil(store.read));
        expect(foldedSums(store, both)).toEqual(before.filter(({ start }) => start < both));
        store.close();
      }),
      { numRuns: 40 },
    );
  });
});

/** Each day's cost and runs, whatever they are divided into. */
function stackedSums({ rows }: CostsAnswer): Record<string, string> {
  const days: Record<string, { cost: Decimal; runs: number }> = {};
  for (const { key, cost_usd, runs } of rows) {
    const day = (days[key] ??= { cost: new Exact(0), runs: 0 });
    day.cost = day.cost.plus(cost_usd ?? 0);
    day.runs += runs;
  }
  return Object.fromEntries(
    Object.entries(days).map(([key, { cost, runs }]) => [key, `${cost.toFixed()} of ${runs}`]),
  );
}

/** Through the pages of the list, three at a time. */
function countRuns(store: Store, filter: RunFilter): number {
  let count = 0;
  let cursor: number | null = null;
  do {
    const page: ReturnType<typeof listRuns> = listRuns(store.read, filter, { cursor, limit: 3 });
    count += page.items.length;
    cursor = page.next;
  } while (cursor !== null);
  return count;
}

/** What the list of prompts and their history say of runs, by template and by prompt; both templates are of one prompt. */
function promptTotals(store: Store): unknown {
  const sums = `runs, simulated_runs, unpriced_runs, CAST(cost_picodollars AS TEXT) AS cost, last_run_at`;
  return [
    ...store.read
      .prepare(
        `SELECT ${sums} FROM template_totals WHERE runs <> 0 OR cost_picodollars <> 0 ORDER BY template_id`,
      )
      .all(),
    store.read.prepare(`SELECT ${sums} FROM prompts`).get(),
  ];
}

function recountedTotals(store: Store): unknown {
  const ids = store.read
    .prepare<[], string>(`SELECT template_id FROM templates ORDER BY template_id`)
    .pluck()
    .all();
  const totals = (keep: (row: Row) => boolean) => {
    const real = recount(store, false, keep);
    const simulated = recount(store, true, keep);
    return {
      runs: real.costs.runs + simulated.costs.runs,
      simulated_runs: simulated.costs.runs,
      unpriced_runs: real.costs.unpriced,
      cost: new Exact(real.costs.cost_usd ?? 0).times('1e12').toFixed(),
      last_run_at:
        store.read
          .prepare<[], Row>(`SELECT * FROM runs WHERE status IN ('succeeded', 'failed', 'outcome_unknown')`)
          .all()
          .filter(keep)
          .map(({ executed_at }) => executed_at)
          .toSorted()
          .at(-1) ?? '',
    };
  };
  return [
    ...ids
      .map((id) => totals((row) => row.template_id === id))
      .filter(({ runs, cost }) => runs !== 0 || cost !== '0'),
    totals(() => true),
  ];
}
