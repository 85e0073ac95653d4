import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRun } from '../../../test/support/new-run';
import { seedRunParents } from '../../../test/support/run-parents';
import { derivedRun } from '../../../test/support/derived-run';
import { openTempStore, testIds } from '../../../test/support/temp-store';
import {
  finishRun,
  getLeaf,
  insertRun,
  lastLeafSeq,
  listRuns,
  markSendingAgain,
  RECORDS,
  reviewTotals,
  runsRawStored,
  runTotals,
  type ReadDb,
  type RunFilter,
  type Store,
} from '..';

function storeWithRuns(count: number, simulated = false): { store: Store; runIds: string[] } {
  const store = openTempStore();
  const { template_ids, connection_id } = seedRunParents(store, 1);
  const runIds = Array.from({ length: count }, () => testIds.uuid());
  store.write((tx) => {
    for (const run_id of runIds)
      insertRun(
        tx,
        newRun({ run_id, template_id: template_ids[0] ?? '', connection_id, provider: 'openai', simulated }),
      );
  });
  return { store, runIds };
}

describe('the entry of a result in the audit log', () => {
  it('is of what the run holds, whatever it was answered', () => {
    const { store, runIds } = storeWithRuns(1);
    const [runId = ''] = runIds;
    // Half a surrogate pair has no UTF-8: SQLite keeps something else.
    const text = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('a\ud800')), { nil: null });
    const count = fc.option(fc.nat(), { nil: null });
    const latency = fc.double({ min: 0, max: 1e9, noNaN: true });
    const answered = fc.record({
      failure_message: text,
      why_not_grounded: text,
      system_fingerprint: text,
      finish_reason: fc.option(fc.constant('stop' as const), { nil: null }),
      finish_reason_raw: text,
      citations: fc.option(fc.array(fc.record({ url: fc.string() })), { nil: null }),
      tool_calls: fc.option(
        fc.array(fc.record({ id: fc.option(fc.string()), name: fc.string(), arguments: fc.string() })),
        { nil: null },
      ),
      thinking_text: text,
      requires_manual_review: fc.boolean(),
      grounded: fc.option(fc.boolean(), { nil: null }),
      cost_picodollars: fc.option(fc.bigInt({ min: 0n, max: 2n ** 56n }), { nil: null }),
      latency_ms: latency,
      first_byte_ms: latency,
      input_tokens: count,
    });
    // One transaction: what is asked is what it writes, not that it lasts.
    store.write((tx) => {
      const property = fc.property(answered, fc.boolean(), (result, again) => {
        if (again) markSendingAgain(tx, runId);
        finishRun(tx, runId, derivedRun(result));
        const leaf = getLeaf(tx, lastLeafSeq(tx));
        expect(leaf?.record_type).toBe('result');
        expect(leaf?.content_sha256).toBe(hash('sha256', RECORDS.content(tx, 'result', runId) ?? ''));
      });
      fc.assert(property, { numRuns: 60 });
    });
  });
});

describe('the spend of a month', () => {
  it('is what its runs cost, also when they are derived again or sent again', () => {
    const { store, runIds } = storeWithRuns(3);
    const [first = '', second = ''] = runIds;
    store.write((tx) => {
      finishRun(tx, first, derivedRun({ cost_picodollars: 5n }));
      finishRun(tx, second, derivedRun());
    });
    expect(runTotals(store.read, '2026-11')).toMatchObject({ spend_picodollars: 5n, unpriced: 1 });
    // Read again with another price: the same answer is not paid twice.
    store.write((tx) => finishRun(tx, first, derivedRun({ cost_picodollars: 7n })));
    expect(runTotals(store.read, '2026-11')).toMatchObject({ spend_picodollars: 7n, unpriced: 1 });
    // Sent again: both answers are paid.
    store.write((tx) => markSendingAgain(tx, first));
    expect(runTotals(store.read, '2026-11')).toMatchObject({ spend_picodollars: 7n, unpriced: 1 });
    store.write((tx) => finishRun(tx, first, derivedRun({ cost_picodollars: 2n ** 55n })));
    expect(runTotals(store.read, '2026-11')).toMatchObject({
      spend_picodollars: 2n ** 55n + 7n,
      unpriced: 1,
      runs: 3,
    });
    expect(runTotals(store.read, '2026-12')).toMatchObject({ spend_picodollars: 0n, unpriced: 0 });
  });

  it('leaves out what was simulated', () => {
    const { store, runIds } = storeWithRuns(1, true);
    store.write((tx) => finishRun(tx, runIds[0] ?? '', derivedRun({ cost_picodollars: 5n })));
    expect(runTotals(store.read, '2026-11')).toMatchObject({ spend_picodollars: 0n, unpriced: 0 });
  });
});

/** How SQLite goes about every statement that `use` prepares. */
function plansOf(store: Store, use: (db: ReadDb) => void): string[] {
  const texts: string[] = [];
  const recording: ReadDb = {
    ...store.read,
    prepare: <Params extends unknown[], Row>(sql: string) => {
      texts.push(sql);
      return store.read.prepare<Params, Row>(sql);
    },
  };
  use(recording);
  return texts.flatMap((sql) =>
    store.read
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(sql.match(/\?/g)?.map(() => null) ?? []))
      .map(({ detail }) => detail),
  );
}

describe('what is asked all the time', () => {
  it('never walks through all runs', () => {
    const { store } = storeWithRuns(1);
    const plans = plansOf(store, (db) => {
      runTotals(db, '2026-11');
      runsRawStored(db);
      for (const status of ['failed', 'outcome_unknown', 'raw_stored', 'pending', 'cancelled'] as const)
        listRuns(db, { status }, { cursor: null, limit: 1 });
      reviewTotals(db);
    });
    expect(plans.length).toBeGreaterThan(5);
    expect(
      plans.filter((plan) =>
        /^SCAN (runs|reviews|review_queue)\b(?! USING (COVERING )?INDEX ix_)/.test(plan),
      ),
    ).toEqual([]);
  });
});

describe('a list of runs that failed, or have no price', () => {
  const code = { failure_code: 'timeout' } as const;
  it.each<[string, RunFilter]>([
    ['of one code', code],
    ['of one code and template', { ...code, template_id: 't' }],
    ['of one code and model', { ...code, model_id: 'm' }],
    ['of one code, connection and time', { ...code, connection_id: 'c1', from: '2026-01-01T00:00:00.000Z' }],
    ['of one code and status', { ...code, status: 'failed' }],
    ['of all codes and a time', { status: 'failed', to: '2027-01-01T00:00:00.000Z' }],
    ['of all codes and a model', { status: 'failed', model_id: 'm' }],
  ])('%s reads no other runs, and sorts nothing', (_, filter) => {
    const { store } = storeWithRuns(1);
    for (const cursor of [null, 1]) {
      const plans = plansOf(store, (db) => listRuns(db, filter, { cursor, limit: 1 }));
      expect(plans.join('\n')).toMatch(/^(SCAN|SEARCH) runs USING INDEX ix_runs_fail(ed|ure)\b/);
      expect(plans.join('\n')).not.toContain('TEMP B-TREE');
    }
  });

  it.each<[string, RunFilter]>([
    ['of all models', { counted: 'unpriced' }],
    [
      'of one model, connection and time',
      { counted: 'unpriced', model_id: 'm', connection_id: 'c1', from: '2026' },
    ],
    ['of one template that succeeded', { counted: 'unpriced', template_id: 't', status: 'succeeded' }],
  ])('without a price, %s, reads no others', (_, filter) => {
    const { store } = storeWithRuns(1);
    for (const cursor of [null, 1]) {
      const plans = plansOf(store, (db) => listRuns(db, filter, { cursor, limit: 1 }));
      expect(plans.join('\n')).toMatch(/^(SCAN|SEARCH) runs USING INDEX ix_runs_unpriced\b/);
    }
  });

  it('gives every run once, page by page, the newest first', () => {
    const { store, runIds } = storeWithRuns(9);
    store.write((tx) => {
      for (const [index, runId] of runIds.entries())
        finishRun(tx, runId, {
          ...derivedRun(),
          status: index % 3 === 0 ? 'succeeded' : 'failed',
          failure_code: index % 3 === 0 ? null : index % 3 === 1 ? 'timeout' : 'parse_failed',
        });
    });
    const all = (filter: RunFilter): string[] => {
      const found: string[] = [];
      for (let cursor: number | null = null; ;) {
        const page = listRuns(store.read, filter, { cursor, limit: 2 });
        found.push(...page.items.map(({ run_id }) => run_id));
        if (page.next === null) return found;
        cursor = page.next;
      }
    };
    const failed = runIds.filter((_, index) => index % 3 !== 0).toReversed();
    expect(all({ status: 'failed' })).toEqual(failed);
    expect(all({ status: 'failed', model_id: 'm' })).toEqual(failed);
    expect(all(code)).toEqual(runIds.filter((_, index) => index % 3 === 1).toReversed());
    expect(all({ ...code, status: 'succeeded' })).toEqual([]);
  });
});
