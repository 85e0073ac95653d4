import type { ReadDb } from './db';
import type { Counter } from './run-contribution';

/** Which sums are asked for; null takes all workspaces. */
export interface RollupFilter {
  readonly simulated: boolean;
  readonly workspace_id: string | null;
}

/** Hours from `from` up to but without `to`: a row for each series, or for all of them together. */
export interface RollupRead {
  readonly from: number;
  readonly to: number;
  readonly bySeries: boolean;
}

/** What the runs of a series have in common; empty where all are summed together. */
export interface SeriesKey {
  readonly template_id: string;
  readonly provider: string;
  readonly connection_id: string;
  readonly model_id: string;
}

/**
 * The series stands outside, so that each reads its own run of hours from the primary key and the groups come in order:
 * nothing is sorted.
 */
function statements(columns: string): { each: string; all: string } {
  const sources = `FROM rollup_series s CROSS JOIN run_hourly r ON r.series_id = s.series_id AND r.hour >= ? AND r.hour < ?
    WHERE s.simulated = ? AND (? IS NULL OR s.workspace_id = ?)`;
  return {
    each: `SELECT s.template_id, s.provider, s.connection_id, s.model_id, ${columns} ${sources} GROUP BY s.series_id`,
    all: `SELECT '' AS template_id, '' AS provider, '' AS connection_id, '' AS model_id, ${columns} ${sources}
      HAVING count(*) > 0`,
  };
}

function reader<Row extends SeriesKey>(columns: string) {
  const { each, all } = statements(columns);
  return (db: ReadDb, { simulated, workspace_id }: RollupFilter, { from, to, bySeries }: RollupRead): Row[] =>
    db
      .prepare<unknown[], Row>(bySeries ? each : all)
      .all(from, to, simulated ? 1 : 0, workspace_id, workspace_id);
}

type Sums<Name extends Counter> = SeriesKey & { [Each in Name]: number };
const summed = (counters: readonly Counter[]): string =>
  counters.map((name) => `sum(r.${name}) AS ${name}`).join(', ');

export const costSums = reader<Sums<'runs' | 'unpriced'> & { cost_text: string }>(
  `${summed(['runs', 'unpriced'])}, CAST(sum(r.cost_picodollars) AS TEXT) AS cost_text`,
);

export const OUTCOMES = [
  'runs',
  'succeeded',
  'failed',
  'outcome_unknown',
  'version_mismatch',
  'parse_failed',
  'answered',
  'fingerprinted',
] as const;
export const outcomeSums = reader<Sums<(typeof OUTCOMES)[number]>>(summed(OUTCOMES));

export const TOKENS = [
  'runs',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
] as const;
export const tokenSums = reader<Sums<(typeof TOKENS)[number]>>(summed(TOKENS));

/** Joined encodings are the sum of the histograms, and hold no zero byte: SQLite can join them like text. */
export const latencySums = reader<SeriesKey & { latency: Uint8Array }>(
  `CAST(group_concat(CAST(r.latency AS TEXT), '') AS BLOB) AS latency`,
);

/** Answers stored in the hours from `from` up to but without `to`. */
export function storageSum(db: ReadDb, from: number, to: number): { answers: number; bytes: number } {
  const sum = db
    .prepare<[number, number], { answers: number; bytes: number }>(
      `SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(bytes), 0) AS bytes
       FROM storage_hourly WHERE hour >= ? AND hour < ?`,
    )
    .get(from, to);
  return sum ?? { answers: 0, bytes: 0 };
}

/** Names to show for ids: of a template or connection, archived ones too; the id where there is none. */
export function nameOfTemplate(db: ReadDb, id: string): string {
  return (
    db.prepare<[string], { name: string }>(`SELECT name FROM templates WHERE template_id = ?`).get(id)
      ?.name ?? id
  );
}
export function nameOfConnection(db: ReadDb, id: string): string {
  return (
    db.prepare<[string], { name: string }>(`SELECT name FROM connections WHERE connection_id = ?`).get(id)
      ?.name ?? id
  );
}
