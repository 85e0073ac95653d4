import type { ReadDb } from '../engine/db';
import { COUNTED } from '../runs/list';

export interface ProbeSums {
  readonly calls: number;
  readonly unpriced: number;
  readonly picodollars: bigint;
}

/**
 * The cost of probes in a span of time (`from` inclusive, `to` exclusive). They are few, with an index of their own.
 */
export function sumProbes(
  db: ReadDb,
  of: {
    readonly from: string;
    readonly to: string;
    readonly simulated: boolean;
    readonly workspace_id: string | null;
  },
): ProbeSums {
  const row = db
    .prepare<
      [string, string, number, string | null, string | null],
      { calls: number; unpriced: number; cost: string }
    >(
      `SELECT count(*) AS calls, coalesce(sum(${COUNTED.unpriced}), 0) AS unpriced,
         CAST(coalesce(sum(coalesce(cost_picodollars, 0) + earlier_cost_picodollars), 0) AS TEXT) AS cost
       FROM runs INDEXED BY ix_runs_probes
       WHERE kind = 'probe' AND executed_at >= ? AND executed_at < ? AND simulated = ?
         AND (? IS NULL OR workspace_id = ?) AND ${COUNTED.ended}`,
    )
    .get(of.from, of.to, of.simulated ? 1 : 0, of.workspace_id, of.workspace_id);
  return { calls: row?.calls ?? 0, unpriced: row?.unpriced ?? 0, picodollars: BigInt(row?.cost ?? '0') };
}
