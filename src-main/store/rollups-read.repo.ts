import type { ReadDb } from './db';
import type { Counter } from './run-contribution';

/** Which sums are asked for; null takes all workspaces. */
export interface RollupFilter {
  readonly simulated: boolean;
  readonly workspace_id: string | null;
}

/** What the runs of a series have in common. */
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
function statement(columns: string): string {
  return `SELECT s.template_id, s.provider, s.connection_id, s.model_id, ${columns}
    FROM rollup_series s CROSS JOIN run_hourly r ON r.series_id = s.series_id AND r.hour >= ? AND r.hour < ?
    WHERE s.simulated = ? AND (? IS NULL OR s.workspace_id = ?) GROUP BY s.series_id`;
}

function sums<const C extends readonly Counter[]>(counters: C, more = '') {
  const text = statement(counters.map((name) => `sum(r.${name}) AS ${name}`).join(', ') + more);
  type Sums = SeriesKey & { [Name in C[number]]: number };
  return <More>(db: ReadDb, filter: RollupFilter, from: number, to: number): (Sums & More)[] =>
    db.prepare<unknown[], Sums & More>(text).all(from, to, ...valuesOf(filter));
}

function valuesOf({ simulated, workspace_id }: RollupFilter) {
  return [simulated ? 1 : 0, workspace_id, workspace_id];
}

/** Sums by series of the hours from `from` up to but without `to`. */
const readCosts = sums(['runs', 'unpriced'], ', CAST(sum(r.cost_picodollars) AS TEXT) AS cost_text');
export const costSums = (db: ReadDb, filter: RollupFilter, from: number, to: number) =>
  readCosts<{ cost_text: string }>(db, filter, from, to);

const readOutcomes = sums([
  'runs',
  'succeeded',
  'failed',
  'outcome_unknown',
  'version_mismatch',
  'parse_failed',
  'answered',
  'fingerprinted',
]);
export const outcomeSums = (db: ReadDb, filter: RollupFilter, from: number, to: number) =>
  readOutcomes<unknown>(db, filter, from, to);

const readTokens = sums([
  'runs',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
]);
export const tokenSums = (db: ReadDb, filter: RollupFilter, from: number, to: number) =>
  readTokens<unknown>(db, filter, from, to);

// Joined encodings are the sum of the histograms, and they hold no zero byte: SQLite can join them like text.
const LATENCIES = statement(`CAST(group_concat(CAST(r.latency AS TEXT), '') AS BLOB) AS latency`);

/** Joined histograms by series. */
export function latencySums(
  db: ReadDb,
  filter: RollupFilter,
  from: number,
  to: number,
): (SeriesKey & { latency: Uint8Array })[] {
  return db
    .prepare<unknown[], SeriesKey & { latency: Uint8Array }>(LATENCIES)
    .all(from, to, ...valuesOf(filter));
}

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
