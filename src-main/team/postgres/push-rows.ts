import type { Queued } from '../../store';
import { binaryArray, type ColumnType } from './binary-array';
import { AUDIT_LEAF, type TeamTable } from './kinds';
import type { TeamRow, Unit } from './records';
import type { Session } from './session';
import { isAboutData, refusalOf, sqlState } from './team-error';

export interface Refused {
  readonly queued: Queued;
  readonly reason: string;
  /** The team database holds a different record under this id, which somebody has to look into. */
  readonly differs: boolean;
}

export interface Outcome {
  readonly taken: readonly Queued[];
  readonly refused: readonly Refused[];
}

/** The records of one transaction, encoded ahead of time while the server is busy. */
export interface Parcel {
  /** The audit log that holds the records' entries. */
  readonly log: string;
  readonly units: readonly Unit[];
  readonly groups: readonly Group[];
}

interface Group {
  readonly table: TeamTable;
  readonly rows: readonly TeamRow[];
  /** Its columns, in the order of `namesOf`. */
  readonly arrays: readonly Buffer[];
}

export function parcelOf(log: string, units: readonly Unit[]): Parcel {
  const byTable = Map.groupBy(
    units.flatMap((unit) => unit.rows),
    (row) => row.table,
  );
  return {
    log,
    units,
    groups: [...byTable].map(([table, rows]) => ({
      table,
      rows,
      arrays: namesOf(table).map((name) => column(table, rows, name)),
    })),
  };
}

/**
 * Pushes records, each stored at most once however often it is sent. Calls `settle` after every committed transaction.
 * Rejected records are isolated by halving, so they do not block the others.
 */
export async function pushParcel(
  session: Session,
  orgId: string,
  parcel: Parcel,
  settle: (outcome: Outcome) => void,
): Promise<void> {
  const { log, units } = parcel;
  const [first] = units;
  if (!first) return;
  const pushUnits = (some: readonly Unit[], hear = settle): Promise<void> =>
    pushParcel(session, orgId, parcelOf(log, some), hear);
  try {
    const differing = await pushTogether(session, orgId, parcel);
    settle(outcomeOf(units, differing));
  } catch (error) {
    if (!isAboutData(error)) throw error;
    if (units.length > 1) {
      const half = Math.ceil(units.length / 2);
      await pushUnits(units.slice(0, half));
      await pushUnits(units.slice(half));
      return;
    }
    // The audit entry itself is probably fine, and the log must not miss one because of a record.
    if (first.rows.length > 1) {
      for (const row of first.rows) await pushUnits([{ ...first, rows: [row] }], () => undefined);
    }
    settle({ taken: [], refused: [{ queued: first.queued, reason: refusalOf(error), differs: false }] });
  }
}

const DIFFERENT = 'The team database has a different record under this id.';
const FORKED =
  "The team database has a different entry under this number of this store's audit log: an old copy of the store was put " +
  'back without "prompter restore", or a copy of it is in use elsewhere.';

function outcomeOf(units: readonly Unit[], differing: ReadonlySet<TeamRow>): Outcome {
  const taken: Queued[] = [];
  const refused: Refused[] = [];
  for (const { queued, rows, problem } of units) {
    const different = rows.filter((row) => differing.has(row));
    if (different.length > 0) {
      const isForked = different.some(({ table }) => table === AUDIT_LEAF.table);
      refused.push({ queued, reason: isForked ? FORKED : DIFFERENT, differs: true });
    } else if (problem !== null) refused.push({ queued, reason: problem, differs: false });
    else taken.push(queued);
  }
  return { taken, refused };
}

/** SQL to start a transaction that names the organisation for this transaction only. */
export function beginFor(session: Session, orgId: string): string {
  return `SELECT set_config('prompter.org_id', ${session.literal(orgId)}, true)`;
}

/** The values of `org_id` and `installation_id`. */
type Owner = readonly [orgId: string, log: string];

/** Pushes all rows in one transaction. @returns the rows whose content differs in the team database */
async function pushTogether(
  session: Session,
  orgId: string,
  { log, units, groups }: Parcel,
): Promise<ReadonlySet<TeamRow>> {
  if (groups.length === 0) return new Set();
  const owner = [orgId, log] as const;
  const bytes = units.reduce((sum, unit) => sum + unit.bytes, 0);
  const transaction = <T>(work: () => Promise<T>): Promise<T> =>
    session.transaction(beginFor(session, orgId), work, bytes);
  try {
    // Assumes that all are new, as they are unless a push went unacknowledged: checking first costs a third more.
    await transaction(() => insertAll(session, owner, groups, 'all are new'));
    return new Set();
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
  }
  const inserted = await transaction(() => insertAll(session, owner, groups, 'some are known'));
  // An existing row was pushed without being acknowledged, or belongs to somebody else.
  const known = groups.filter(({ rows }, index) => inserted[index] !== rows.length);
  if (known.length === 0) return new Set();
  return transaction(async () => {
    const differing = new Set<TeamRow>();
    for (const { table, rows } of known) {
      for (const row of await differingRows(session, owner, table, rows)) differing.add(row);
    }
    return differing;
  });
}

/** PostgreSQL manual, appendix A. */
const UNIQUE_VIOLATION = '23505';

/**
 * One statement for all tables. The server starts only when everything has arrived: if the line dies midway, no row is
 * written yet that would block the next push. (While a message is incomplete, no server timeout ends its transaction.)
 * @returns how many rows of each table are new
 */
async function insertAll(
  session: Session,
  owner: Owner,
  groups: readonly Group[],
  expected: 'all are new' | 'some are known',
): Promise<number[]> {
  const values: unknown[] = [...owner];
  const parts = groups.map(({ table, arrays }, index) => {
    const names = namesOf(table);
    const places = names.map((name, at) => `$${values.push(arrays[at])}::${typeOf(table, name)}[]`);
    const onKnown =
      expected === 'all are new' ? '' : `ON CONFLICT (org_id, ${table.key.join(', ')}) DO NOTHING`;
    return `new_${index} AS (INSERT INTO prompter.${table.name} (org_id, installation_id, ${names.join(', ')})
      SELECT $1::text, $2::text, t.* FROM unnest(${places.join(', ')}) AS t (${names.join(', ')})
      ${onKnown} RETURNING 1)`;
  });
  const counts = groups.map((_, index) => `(SELECT count(*)::int FROM new_${index}) AS n${index}`);
  const { rows } = await session.query(`WITH ${parts.join(', ')} SELECT ${counts.join(', ')}`, values);
  return groups.map((_, index) => Number(rows[0]?.[`n${index}`]));
}

/** Compares hashes only; other columns are derived from the record. */
async function differingRows(
  session: Session,
  [orgId, log]: Owner,
  table: TeamTable,
  rows: readonly TeamRow[],
): Promise<TeamRow[]> {
  const own = table.key.filter((name) => name !== 'installation_id');
  const given = [...own, 'record_sha256'];
  const arrays = given.map((name, index) => `$${index + 2}::${typeOf(table, name)}[]`);
  const perInstallation = own.length < table.key.length;
  const { rows: found } = await session.query(
    `SELECT g.row_no::int AS row_no FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS g (${given.join(', ')}, row_no)
     LEFT JOIN prompter.${table.name} t ON t.org_id = $1 AND ${own.map((name) => `t.${name} = g.${name}`).join(' AND ')}
       ${perInstallation ? `AND t.installation_id = $${given.length + 2}` : ''}
     WHERE t.record_sha256 IS DISTINCT FROM g.record_sha256`,
    [orgId, ...given.map((name) => column(table, rows, name)), ...(perInstallation ? [log] : [])],
  );
  return found.flatMap(({ row_no }) => rows[Number(row_no) - 1] ?? []);
}

/** Safe to interpolate: names come only from `kinds.ts`. */
const namesOf = (table: TeamTable): string[] => [...Object.keys(table.columns), 'record', 'record_sha256'];
const typeOf = (table: TeamTable, name: string): ColumnType => table.columns[name] ?? 'text';

function column(table: TeamTable, rows: readonly TeamRow[], name: string): Buffer {
  const index = namesOf(table).indexOf(name);
  return binaryArray(
    typeOf(table, name),
    rows.map((row) => row.values[index] ?? null),
  );
}
