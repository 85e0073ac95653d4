import { usdFromPicodollars } from '../../src-shared/domain';
import type { ModelUsage } from '../ports';
import {
  addEncoded,
  costSums,
  emptyHistogram,
  latencySums,
  outcomeSums,
  quantileOf,
  tokenSums,
  type Histogram,
  type ReadDb,
  type SeriesKey,
} from '../store';

const HOUR_MS = 3_600_000;
/** Latency quantiles are of late: over a lifetime they would not move any more. */
const LATENCY_HOURS = 24;

interface Sums {
  runs: number;
  succeeded: number;
  failed: number;
  outcome_unknown: number;
  version_mismatch: number;
  parse_failed: number;
  unpriced: number;
  cost: bigint;
  input_tokens: number;
  output_tokens: number;
  readonly latency: Histogram;
}

/** What was used since the store began, by model. */
export function lifetimeUsage(db: ReadDb, now: number): ModelUsage[] {
  const end = Math.floor(now / HOUR_MS) + 1;
  return [false, true].flatMap((simulated) => {
    const filter = { simulated, workspace_id: null };
    const always = { from: 0, to: Number.MAX_SAFE_INTEGER, bySeries: true };
    const models = new Map<string, { key: SeriesKey; sums: Sums }>();
    const of = (key: SeriesKey): Sums => {
      const id = `${key.provider}\n${key.model_id}`;
      let model = models.get(id);
      if (!model) models.set(id, (model = { key, sums: noSums() }));
      return model.sums;
    };
    for (const row of costSums(db, filter, always)) {
      const sums = of(row);
      sums.unpriced += row.unpriced;
      sums.cost += BigInt(row.cost_text);
    }
    for (const row of outcomeSums(db, filter, always)) {
      const sums = of(row);
      sums.runs += row.runs;
      sums.succeeded += row.succeeded;
      sums.failed += row.failed;
      sums.outcome_unknown += row.outcome_unknown;
      sums.version_mismatch += row.version_mismatch;
      sums.parse_failed += row.parse_failed;
    }
    for (const row of tokenSums(db, filter, always)) {
      const sums = of(row);
      sums.input_tokens += row.input_tokens;
      sums.output_tokens += row.output_tokens;
    }
    for (const row of latencySums(db, filter, { from: end - LATENCY_HOURS, to: end, bySeries: true })) {
      addEncoded(of(row).latency, row.latency);
    }
    return [...models.values()].map(({ key, sums: { cost, latency, ...counts } }) => ({
      provider: key.provider,
      model_id: key.model_id,
      simulated,
      ...counts,
      cost_usd: usdFromPicodollars(cost),
      p50_ms: quantileOf(latency, 0.5),
      p95_ms: quantileOf(latency, 0.95),
    }));
  });
}

function noSums(): Sums {
  return {
    runs: 0,
    succeeded: 0,
    failed: 0,
    outcome_unknown: 0,
    version_mismatch: 0,
    parse_failed: 0,
    unpriced: 0,
    cost: 0n,
    input_tokens: 0,
    output_tokens: 0,
    latency: emptyHistogram(),
  };
}
