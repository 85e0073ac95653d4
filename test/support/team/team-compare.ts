import { hash } from 'node:crypto';
import {
  getLeaf,
  getRawResponse,
  getSetting,
  lastLeafSeq,
  type AuditLeaf,
  type Store,
} from '../../../src-main/store';
import { logSpans } from '../../../src-main/audit';
import type { TeamDatabase } from '../../../src-main/team/postgres';
import { asAdmin } from './postgres-server';

/** The team database's table and id column for each record type that has audit entries. */
const TABLES: Readonly<Record<string, readonly [table: string, id: string]>> = {
  template: ['templates', 'template_id'],
  template_archived: ['template_archives', 'template_id'],
  version: ['prompt_versions', 'version_id'],
  run: ['runs', 'run_id'],
  answer: ['raw_responses', 'attempt_id'],
};

type Row = Readonly<Record<string, unknown>>;

/**
 * Records of this store that are missing, duplicated or different in the team database, in words; read bypassing the
 * engine and compared with the hashes committed with the records.
 */
export function differences(store: Store, admin: TeamDatabase): Promise<string[]> {
  return asAdmin(admin, async (client) => {
    const found: string[] = [];
    const logs = logSpans(store.read, getSetting(store.read, 'audit.origin') ?? '', null);
    const leaves = leavesOf(store);
    const numbers = new Map(
      leaves.map(({ record_type, record_id, seq }) => [`${record_type} ${record_id}`, seq]),
    );
    /** Rows of this store's log; of a log it continues, only those whose entries it has. */
    const all = async (table: string, numberOf: (row: Row) => unknown): Promise<Row[]> => {
      const kept: Row[] = [];
      for (const { log, to } of logs) {
        const { rows } = await client.query<Row>(
          `SELECT * FROM prompter.${table} WHERE installation_id = $1`,
          [log],
        );
        kept.push(...rows.filter((row) => to === null || Number(numberOf(row) ?? Infinity) <= to));
      }
      return kept;
    };
    const ofType = (table: string, type: string, id: string): Promise<Row[]> =>
      all(table, (row) => numbers.get(`${type} ${String(row[id])}`));
    for (const [type, [table, id]] of Object.entries(TABLES)) {
      const local = leaves.filter((leaf) => leaf.record_type === type);
      const remote = await ofType(table, type, id);
      found.push(
        ...compare(
          type,
          local.map((leaf) => [leaf.record_id, leaf.content_sha256]),
          remote,
          id,
        ),
      );
      for (const row of type === 'answer' ? remote : []) {
        const bytes = getRawResponse(store.read, String(row['attempt_id']))?.bytes;
        if (!bytes || !(row['bytes'] instanceof Buffer) || !row['bytes'].equals(bytes)) {
          found.push(`other bytes of answer ${String(row['attempt_id'])}`);
        }
      }
    }
    found.push(
      ...results(
        leaves,
        await all('run_results', (row) => row['result_no']),
        await all('newest_results', (row) => row['result_no']),
      ),
    );
    const remoteLeaves = await all('audit_leaves', (row) => row['seq']);
    found.push(
      ...compare(
        'audit_leaf',
        leaves.map((leaf) => [String(leaf.seq), leaf.leaf_sha256]),
        remoteLeaves.map((row) => ({ ...row, record_sha256: hash('sha256', `\0${String(row['record'])}`) })),
        'seq',
      ),
    );
    for (const [type, local, table, id] of [
      ['pin', 'template_pins', 'template_pins', 'pin_id'],
      ['drift', 'drift_events', 'drift_events', 'drift_id'],
    ] as const) {
      const rows = store.read.prepare<[], Row>(`SELECT * FROM ${local}`).all();
      const remote = (await ofType(table, type, id)).map((row) => ({
        ...row,
        record_sha256: canonical(String(row['record'])),
      }));
      found.push(
        ...compare(
          type,
          rows.map(({ seq: _, ...row }) => [String(row[id]), canonical(row)]),
          remote,
          id,
        ),
      );
    }
    return found;
  });
}

function leavesOf(store: Store): AuditLeaf[] {
  const last = lastLeafSeq(store.read);
  return Array.from({ length: last }, (_, index) => getLeaf(store.read, index + 1)).filter(
    (leaf) => leaf !== undefined,
  );
}

function compare(
  type: string,
  local: readonly (readonly [id: string, hash: string])[],
  remote: readonly Row[],
  id: string,
): string[] {
  const found: string[] = [];
  const there = new Map(remote.map((row) => [String(row[id]), String(row['record_sha256'])]));
  if (there.size !== remote.length) found.push(`${type}: ${remote.length - there.size} more than once`);
  for (const [recordId, sha256] of local) {
    if (!there.has(recordId)) found.push(`${type} ${recordId} is missing`);
    else if (there.get(recordId) !== sha256) found.push(`${type} ${recordId} is different`);
  }
  const here = new Set(local.map(([recordId]) => recordId));
  found.push(
    ...[...there.keys()].filter((key) => !here.has(key)).map((key) => `${type} ${key} came from nowhere`),
  );
  return found;
}

/** Every retry and the current result must be present; superseded results may be. */
function results(leaves: readonly AuditLeaf[], remote: readonly Row[], newest: readonly Row[]): string[] {
  const found: string[] = [];
  const bySeq = new Map(leaves.map((leaf) => [String(leaf.seq), leaf]));
  for (const row of remote) {
    const leaf = bySeq.get(String(row['result_no']));
    if (leaf?.record_id !== row['run_id'] || leaf?.content_sha256 !== row['record_sha256']) {
      found.push(`result ${String(row['result_no'])} of ${String(row['run_id'])} is different`);
    }
  }
  const standing = new Map<string, AuditLeaf>();
  for (const leaf of leaves) {
    if (leaf.record_type === 'result' || leaf.record_type === 'retry') standing.set(leaf.record_id, leaf);
  }
  found.push(
    ...compare(
      'result',
      [...standing.values()].map((leaf) => [leaf.record_id, `${leaf.seq} ${leaf.content_sha256}`]),
      newest.map((row) => ({
        ...row,
        record_sha256: `${String(row['result_no'])} ${String(row['record_sha256'])}`,
      })),
      'run_id',
    ),
  );
  return found;
}

function canonical(value: unknown): string {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (typeof parsed !== 'object' || parsed === null) return String(parsed);
  return JSON.stringify(Object.entries(parsed).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
