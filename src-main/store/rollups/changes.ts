import type { WriteDb } from '../engine/db';
import { addEncodedSparse, addToBucket, encodeHistogram, type SparseHistogram } from './latency-histogram';
import { COUNTERS } from './run-contribution';

/** What to add to a row: counters in the order of `COUNTERS`, money, latencies. */
export interface SumsChange {
  readonly counters: number[];
  cost: bigint;
  readonly latency: SparseHistogram;
}

export function noChange(): SumsChange {
  return { counters: COUNTERS.map(() => 0), cost: 0n, latency: new Map() };
}

export function addChange(to: SumsChange, { counters, cost, latency }: SumsChange): void {
  counters.forEach((value, index) => {
    to.counters[index] = (to.counters[index] ?? 0) + value;
  });
  to.cost += cost;
  for (const [bucket, count] of latency) addToBucket(to.latency, bucket, count);
}

export const COUNTER_COLUMNS = COUNTERS.join(', ');
export const COUNTER_PLACES = COUNTERS.map(() => '?').join(', ');
/** Adds counters and cost to an existing row, in an upsert. */
export const ADD_SUMS = ['cost_picodollars', ...COUNTERS]
  .map((name) => `${name} = ${name} + excluded.${name}`)
  .join(', ');

/** A row's latencies with a change added, encoded; `find` selects the stored encoding by `key`. */
export function mergedLatency(
  tx: WriteDb,
  find: string,
  key: readonly number[],
  latency: SparseHistogram,
): Uint8Array {
  const known = tx.prepare<number[], { latency: Uint8Array }>(find).get(...key);
  if (!known) return encodeHistogram(latency);
  const merged: SparseHistogram = new Map(latency);
  addEncodedSparse(merged, known.latency);
  return encodeHistogram(merged);
}
