import type { WriteDb } from '../engine/db';
import { addToBucket, bucketOf } from './latency-histogram';
import { ADD_SUMS, COUNTER_COLUMNS, COUNTER_PLACES, mergedLatency, noChange } from './changes';
import { foldHours, type HourChange, type SeriesOf } from './levels';
import { hourOf } from './spans';
import { COUNTERS, countersOf, type CountedRun, type RollupChanges } from './run-contribution';
import { createPendingTotals } from './template-totals';
import { isCounted, monthOf } from '../../../src-shared/domain';

const HOUR_MS = 3_600_000;

export interface PendingRollups extends RollupChanges {
  /**
   * Writes the sums in the transaction whose changes they reflect. With statistics off, only the spend is kept, which
   * budgets depend on, and the store notes that the other sums are out of date.
   */
  flush(tx: WriteDb, options?: { readonly statistics: boolean }): void;
}

/** The setting that says that runs were stored without statistics; a rebuild of the sums removes it. */
export const STATISTICS_PAUSED = 'rollups.paused';

/**
 * Collects a transaction's changes, so that runs that share a commit and an hour share one write
 * (docs/performance.md#commits). Each change subtracts the run's old contribution and adds the new one, which keeps the
 * sums exact through retries, repairs and re-derivation.
 */
export function createPendingRollups(): PendingRollups {
  const changes = new Map<string, HourChange>();
  /** Probes cost money like runs but are not counted as runs. */
  const probes = new Map<string, HourChange>();
  const stored = new Map<number, { answers: number; bytes: number }>();
  const totals = createPendingTotals();

  const count = (run: CountedRun, sign: 1 | -1): void => {
    const ended = isCounted(run.status);
    if (!ended && run.cost_picodollars === null && run.earlier_cost_picodollars === 0n) return;
    const isProbe = run.kind === 'probe';
    const change = changeFor(isProbe ? probes : changes, run);
    change.cost += BigInt(sign) * ((run.cost_picodollars ?? 0n) + run.earlier_cost_picodollars);
    if (!ended || isProbe) return;
    countersOf(run).forEach((value, index) => {
      change.counters[index] = (change.counters[index] ?? 0) + sign * value;
    });
    if (run.latency_ms !== null) addToBucket(change.latency, bucketOf(run.latency_ms), sign);
  };

  const changeFor = (among: Map<string, HourChange>, run: CountedRun): HourChange => {
    const hour = hourOf(run.executed_at);
    const key = `${hour}\n${run.simulated}\n${run.template_id}\n${run.connection_id}\n${run.provider}\n${run.batch_id ?? ''}\n${run.workspace_id}\n${run.org_id}\n${run.model_id}`;
    let change = among.get(key);
    if (!change) among.set(key, (change = { ...noChange(), of: seriesOf(run), hour }));
    return change;
  };

  return {
    run(before, after) {
      if ((after ?? before)?.kind !== 'probe') totals.run(before, after);
      if (before) count(before, -1);
      if (after) count(after, 1);
    },
    answer(storedAt, bytes) {
      const hour = hourOf(storedAt);
      const sum = stored.get(hour) ?? { answers: 0, bytes: 0 };
      stored.set(hour, { answers: sum.answers + 1, bytes: sum.bytes + bytes });
    },
    flush(tx, { statistics } = { statistics: true }) {
      for (const change of [...changes.values(), ...probes.values()])
        if (change.of.simulated === 0) writeSpend(tx, change);
      if (statistics) {
        for (const change of changes.values()) writeHour(tx, change);
        foldHours(tx, [...changes.values()]);
        totals.flush(tx);
        for (const [hour, sum] of stored) writeStorage(tx, hour, sum);
      } else if (changes.size + stored.size > 0) {
        tx.prepare(`INSERT INTO settings (key, value) VALUES (?, '1') ON CONFLICT DO NOTHING`).run(
          STATISTICS_PAUSED,
        );
      }
      changes.clear();
      probes.clear();
      stored.clear();
      totals.clear();
    },
  };
}

function seriesOf(run: CountedRun): SeriesOf {
  const { org_id, workspace_id, template_id, provider, connection_id, model_id } = run;
  const batch_id = run.batch_id ?? '';
  const simulated = Number(run.simulated);
  return { org_id, workspace_id, template_id, provider, connection_id, model_id, batch_id, simulated };
}

function writeStorage(
  tx: WriteDb,
  hour: number,
  { answers, bytes }: { answers: number; bytes: number },
): void {
  tx.prepare(
    `INSERT INTO storage_hourly (hour, answers, bytes) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET answers = answers + excluded.answers, bytes = bytes + excluded.bytes`,
  ).run(hour, answers, bytes);
}

const UPSERT = `INSERT INTO run_hourly (hour, series_id, cost_picodollars, latency, ${COUNTER_COLUMNS})
  VALUES (?, ?, ?, ?, ${COUNTER_PLACES})
  ON CONFLICT DO UPDATE SET latency = excluded.latency, ${ADD_SUMS}`;
const FIND_LATENCY = `SELECT latency FROM run_hourly WHERE hour = ? AND series_id = ?`;

function writeHour(tx: WriteDb, { of, hour, counters, cost, latency }: HourChange): void {
  const key = [hour, internSeries(tx, of)];
  const merged = mergedLatency(tx, FIND_LATENCY, key, latency);
  tx.prepare(UPSERT).run(...key, cost, merged, ...counters);
}

function internSeries(tx: WriteDb, run: SeriesOf): number {
  const key = [
    run.template_id,
    run.connection_id,
    run.model_id,
    run.batch_id,
    run.provider,
    run.workspace_id,
    run.org_id,
    run.simulated,
  ];
  const known = tx
    .prepare<unknown[], { id: number }>(
      `SELECT series_id AS id FROM rollup_series WHERE template_id = ? AND connection_id = ? AND model_id = ?
         AND batch_id = ? AND provider = ? AND workspace_id = ? AND org_id = ? AND simulated = ?`,
    )
    .get(...key);
  if (known) return known.id;
  return Number(
    tx
      .prepare(
        `INSERT INTO rollup_series (template_id, connection_id, model_id, batch_id, provider, workspace_id, org_id, simulated)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(...key).lastInsertRowid,
  );
}

const UNPRICED = COUNTERS.indexOf('unpriced');

function writeSpend(tx: WriteDb, { of, hour, counters, cost }: HourChange): void {
  const unpriced = counters[UNPRICED] ?? 0;
  if (cost === 0n && unpriced === 0) return;
  const month = monthOf(hour * HOUR_MS);
  tx.prepare(
    `INSERT INTO workspace_spend (org_id, workspace_id, month, unpriced, cost_picodollars) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET unpriced = unpriced + excluded.unpriced,
       cost_picodollars = cost_picodollars + excluded.cost_picodollars`,
  ).run(of.org_id, of.workspace_id, month, unpriced, cost);
}
