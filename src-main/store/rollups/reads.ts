import { templateTitle } from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { templateHeads } from '../templates/names';
import { addEncoded, addHistogram, countOf, emptyHistogram, type Histogram } from './latency-histogram';
import type { SeriesOf, SubjectKind } from './levels';
import { HOUR, type Piece, type Span } from './spans';
import type { Counter } from './run-contribution';

/** Which sums to read; null means all workspaces. */
export interface RollupFilter {
  readonly simulated: boolean;
  readonly workspace_id: string | null;
}

/** What a sum is grouped by, across the requested workspaces; `provider` is set only for a model. */
export interface SubjectName {
  readonly key: string;
  readonly provider: string;
}

/** How to read and add up one measure. */
export interface SumReader<Sum> extends Arithmetic<Sum> {
  /** Totals per subject of a kind, ordered by subject key. */
  eachSubject(
    db: ReadDb,
    filter: RollupFilter,
    kind: SubjectKind,
    piece: Piece,
    take: (subject: SubjectName, add: (to: Sum) => void) => void,
  ): void;
  /** One subject's total in each of many pieces of one span, by index in the list. */
  eachPiece(
    db: ReadDb,
    subjectId: number,
    pieces: PieceList,
    take: (index: number, add: (to: Sum) => void) => void,
  ): void;
  /** Rows of hours not folded yet, from `from` (inclusive) to `to` (exclusive). */
  eachOpenHour(
    db: ReadDb,
    filter: RollupFilter,
    hours: { from: number; to: number },
    take: (of: SeriesOf & { hour: number }, add: (to: Sum) => void) => void,
  ): void;
}

const LENGTH_BITS = 6;
const LONGEST = (1 << LENGTH_BITS) - 1;

/** Pieces of one span, each packed into one number: SQLite unpacks that far faster than an array. */
export interface PieceList {
  readonly span: Span;
  readonly packed: string;
}

/**
 * Packs pieces of one span into a list that SQLite can iterate.
 * @throws if a piece is longer than a chart slot can be
 */
export function packPieces(pieces: readonly Piece[]): PieceList {
  const packed = pieces.map(({ from, to }) => {
    if (to - from > LONGEST) throw new Error(`A piece of ${to - from} is too long to be packed.`);
    return from * (LONGEST + 1) + (to - from);
  });
  return { span: pieces[0]?.span ?? HOUR, packed: JSON.stringify(packed) };
}

interface Arithmetic<Sum> {
  empty(): Sum;
  /** Adds a sum to another, or subtracts it from one that contains it. */
  add(to: Sum, other: Sum, sign: 1 | -1): void;
  isNothing(sum: Sum): boolean;
}

interface Columns<Sum> {
  readonly table: 'rollup_sums' | 'rollup_latencies';
  readonly summed: string;
  readonly plain: string;
  readonly arithmetic: Arithmetic<Sum>;
  /** Adds a row's columns, starting at index `at`. */
  addRow(to: Sum, row: readonly unknown[], at: number): void;
}

/**
 * Subjects are the outer loop: each reads its own time range from the primary key, and groups come out in order without
 * sorting.
 */
function createReader<Sum>({ table, summed, plain, arithmetic, addRow }: Columns<Sum>): SumReader<Sum> {
  const each = `SELECT s.key, s.provider, ${summed} FROM rollup_subjects s CROSS JOIN ${table} r
      ON r.subject_id = s.subject_id AND r.span = ? AND r.start >= ? AND r.start < ?
    WHERE s.kind = ? AND s.simulated = ? AND (? IS NULL OR s.workspace_id = ?) GROUP BY s.key, s.provider`;
  // SQLite knows that rowids are in order, so it does not sort.
  const one = `SELECT p.rowid, ${summed} FROM json_each(?) p CROSS JOIN ${table} r
      ON r.subject_id = ? AND r.span = ? AND r.start >= p.value >> ${LENGTH_BITS}
        AND r.start < (p.value >> ${LENGTH_BITS}) + (p.value & ${LONGEST})
    GROUP BY p.rowid`;
  const open = `SELECT r.hour, s.template_id, s.provider, s.connection_id, s.model_id, s.batch_id, s.workspace_id, s.org_id,
      s.simulated, ${plain} FROM run_hourly r CROSS JOIN rollup_series s USING (series_id)
    WHERE r.hour >= ? AND r.hour < ? AND s.simulated = ? AND (? IS NULL OR s.workspace_id = ?)`;
  return {
    ...arithmetic,
    eachSubject(db, { simulated, workspace_id }, kind, { span, from, to }, take) {
      const rows = db
        .prepare<unknown[], [string, string, ...unknown[]]>(each)
        .raw()
        .all(span, from, to, kind, simulated ? 1 : 0, workspace_id, workspace_id);
      for (const row of rows) take({ key: row[0], provider: row[1] }, (sum) => addRow(sum, row, 2));
    },
    eachPiece(db, subjectId, { span, packed }, take) {
      const rows = db.prepare<unknown[], [number, ...unknown[]]>(one).raw().all(packed, subjectId, span);
      for (const row of rows) take(row[0], (sum) => addRow(sum, row, 1));
    },
    eachOpenHour(db, { simulated, workspace_id }, { from, to }, take) {
      const rows = db
        .prepare<unknown[], OpenRow>(open)
        .raw()
        .all(from, to, simulated ? 1 : 0, workspace_id, workspace_id);
      for (const row of rows) {
        const [hour, template_id, provider, connection_id, model_id, batch_id, workspace, org_id] = row;
        const of = { template_id, provider, connection_id, model_id, batch_id, org_id };
        take({ ...of, hour, workspace_id: workspace, simulated: row[8] }, (sum) => addRow(sum, row, 9));
      }
    },
  };
}
type OpenRow = [number, string, string, string, string, string, string, string, number, ...unknown[]];

/** Sums side by side, in the order of the columns that their reader selects. */
export type Counts = Float64Array;

function countsOf(width: number, summed: string, plain: string): SumReader<Counts> {
  return createReader<Counts>({
    table: 'rollup_sums',
    summed,
    plain,
    arithmetic: {
      empty: () => new Float64Array(width),
      add(to, other, sign) {
        for (let index = 0; index < width; index += 1) {
          to[index] = (to[index] ?? 0) + sign * (other[index] ?? 0);
        }
      },
      isNothing: (sum) => sum.every((value) => value === 0),
    },
    addRow(to, row, at) {
      for (let index = 0; index < width; index += 1) {
        to[index] = (to[index] ?? 0) + Number(row[at + index]);
      }
    },
  });
}

function countersReader(counters: readonly Counter[]): SumReader<Counts> {
  const list = (of: (name: Counter) => string): string => counters.map(of).join(', ');
  return countsOf(
    counters.length,
    list((name) => `sum(r.${name})`),
    list((name) => `r.${name}`),
  );
}

const MILLION = 1_000_000;

/** Runs, unpriced runs, and cost in two halves: a JavaScript number is exact only up to 2^53 picodollars, $9,007. */
export const costReader = countsOf(
  4,
  `sum(r.runs), sum(r.unpriced), sum(r.cost_picodollars / ${MILLION}), sum(r.cost_picodollars % ${MILLION})`,
  `r.runs, r.unpriced, r.cost_picodollars / ${MILLION}, r.cost_picodollars % ${MILLION}`,
);

export function costOf(sum: Counts): bigint {
  return BigInt(sum[2] ?? 0) * BigInt(MILLION) + BigInt(sum[3] ?? 0);
}

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
export const outcomesReader = countersReader(OUTCOMES);

export const TOKENS = [
  'runs',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'search_requests',
] as const;
export const tokensReader = countersReader(TOKENS);

/**
 * Concatenated encodings are the sum of their histograms. They contain no zero byte, so SQLite can join them like text.
 */
export const latencyReader = createReader<Histogram>({
  table: 'rollup_latencies',
  summed: `CAST(group_concat(CAST(r.latency AS TEXT), '') AS BLOB)`,
  plain: `r.latency`,
  arithmetic: { empty: emptyHistogram, add: addHistogram, isNothing: (sum) => countOf(sum) === 0 },
  addRow(to, row, at) {
    const bytes = row[at];
    if (bytes instanceof Uint8Array) addEncoded(to, bytes);
  },
});

/** The subjects of a kind, one per requested workspace. */
export function subjectsOfKind(
  db: ReadDb,
  { simulated, workspace_id }: RollupFilter,
  kind: SubjectKind,
): (SubjectName & { subject_id: number })[] {
  return db
    .prepare<unknown[], SubjectName & { subject_id: number }>(
      `SELECT subject_id, key, provider FROM rollup_subjects
       WHERE kind = ? AND simulated = ? AND (? IS NULL OR workspace_id = ?)`,
    )
    .all(kind, simulated ? 1 : 0, workspace_id, workspace_id);
}

/** Answers stored from hour `from` (inclusive) to `to` (exclusive). */
export function storageSum(db: ReadDb, from: number, to: number): { answers: number; bytes: number } {
  const sum = db
    .prepare<[number, number], { answers: number; bytes: number }>(
      `SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(bytes), 0) AS bytes
       FROM storage_hourly WHERE hour >= ? AND hour < ?`,
    )
    .get(from, to);
  return sum ?? { answers: 0, bytes: 0 };
}

/** Display names of templates, connections and batches, archived ones included; the id if there is none. */
export function nameOfTemplate(db: ReadDb, id: string): string {
  const template = templateHeads(db, [id]).get(id);
  return template === undefined ? id : templateTitle(template);
}
const CONNECTION_NAME = `SELECT coalesce(
    (SELECT name FROM connection_changes n WHERE n.connection_id = c.connection_id ORDER BY n.seq DESC LIMIT 1), name
  ) AS name FROM connections c WHERE connection_id = ?`;
export function nameOfConnection(db: ReadDb, id: string): string {
  return nameFrom(db, CONNECTION_NAME, id);
}
export function nameOfBatch(db: ReadDb, id: string): string {
  return nameFrom(db, `SELECT name FROM batches WHERE batch_id = ?`, id);
}
function nameFrom(db: ReadDb, sql: string, id: string): string {
  return db.prepare<[string], { name: string | null }>(sql).get(id)?.name ?? id;
}
