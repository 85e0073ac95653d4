import Database from 'better-sqlite3';
import {
  getSetting,
  appendLeaf,
  createRecords,
  KINDS,
  type Kinds,
  type RecordKey,
  type Store,
} from '../../src-main/store';
import type { TrustAnchors } from '../../src-main/audit/trust-anchors';
import { createContents, sealOf } from '../../src-main/store/audit-log/content';
import type { ContentRow } from '../../src-main/store/audit-log/flat-json';
import type { RecordType } from '../../src-shared/domain';
import { testIds } from './temp-store';

/** What a later schema might add: a column in each sealed table and some others, covered by entries from then on. */
const LATER = { since: 1000, adds: { planted: null } } as const;
const LATER_RESULT = { since: 1000, adds: { planted_result: null } } as const;

export const LATER_KINDS: Kinds = {
  ...KINDS,
  template: { ...KINDS.template, versions: [...KINDS.template.versions, LATER] },
  run: { ...KINDS.run, versions: [...KINDS.run.versions, LATER] },
  result: { ...KINDS.result, versions: [...KINDS.result.versions, LATER_RESULT] },
  pin: { ...KINDS.pin, versions: [...KINDS.pin.versions, LATER] },
  batch: { ...KINDS.batch, versions: [...KINDS.batch.versions, LATER] },
  batch_status: { ...KINDS.batch_status, versions: [...KINDS.batch_status.versions, LATER] },
};
export const LATER_RECORDS = createRecords(LATER_KINDS);
const contents = createContents(LATER_KINDS);

/** That schema's migration. */
export function addColumns(path: string): void {
  const db = new Database(path);
  for (const table of ['templates', 'runs', 'template_pins', 'batches', 'batch_status_changes'])
    db.exec(`ALTER TABLE ${table} ADD COLUMN planted TEXT`);
  db.exec(`ALTER TABLE runs ADD COLUMN planted_result TEXT`);
  db.close();
}

const PLANTED: readonly {
  type: 'template' | 'run' | 'pin' | 'batch' | 'batch_status';
  table: string;
  key: string;
  where?: string;
  change: () => Readonly<Record<string, string | null>>;
}[] = [
  {
    type: 'template',
    table: 'templates',
    key: 'template_id',
    where: 'deleted_at IS NULL',
    change: () => ({
      ...firstOfItsPrompt(testIds.uuid()),
      config_sha256: testIds.uuid().replaceAll('-', '').repeat(2),
    }),
  },
  {
    type: 'run',
    table: 'runs',
    key: 'run_id',
    where: `status = 'succeeded'`,
    change: () => ({ run_id: testIds.uuid(), planted_result: 'as it was answered' }),
  },
  {
    type: 'pin',
    table: 'template_pins',
    key: 'pin_id',
    change: () => ({ pin_id: testIds.uuid() }),
  },
  { type: 'batch', table: 'batches', key: 'batch_id', change: () => ({ batch_id: testIds.uuid() }) },
  { type: 'batch_status', table: 'batch_status_changes', key: 'batch_id', change: () => ({}) },
];

function firstOfItsPrompt(template_id: string) {
  return { template_id, prompt_id: template_id };
}

/**
 * Records of each of these kinds as a build of that schema writes them, the second with null in the new column.
 * @returns how many were sealed
 */
export function writeLater(store: Store): number {
  return store.write((tx) => {
    let sealed = 0;
    const log = (type: RecordType, id: string): void => {
      const content = LATER_RECORDS.content(tx, type, id);
      if (content === null) throw new Error(`There is no ${type} ${id}.`);
      appendLeaf(tx, { type, id, content });
    };
    for (const planted of ['as it was made', null]) {
      for (const { type, table, key, where = '1', change } of PLANTED) {
        // Picodollar amounts here may exceed a double's exact range.
        const row = tx
          .prepare<[], ContentRow>(
            `SELECT * FROM ${table} WHERE ${where} AND planted IS NULL ORDER BY seq DESC LIMIT 1`,
          )
          .get();
        if (!row) throw new Error(`There is no ${type} to copy.`);
        const { seq: _seq, kind: _kind, ...columns } = row;
        const made: Record<string, string | number | null> = {
          ...columns,
          ...('cost_picodollars' in columns && { cost_picodollars: 5 }),
          ...('budget_picodollars' in columns && { budget_picodollars: 5 }),
          ...change(),
          planted,
        };
        if (contents.kinds[type].sealed) {
          Object.assign(made, sealOf(contents.body(type, made), tx.audit.recordKey()));
          sealed += 1;
        }
        const names = Object.keys(made);
        const { lastInsertRowid } = tx
          .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
          .run(...Object.values(made));
        const id = String(made[key]);
        log(type, type === 'batch_status' ? `${id}/${lastInsertRowid}` : id);
        if (type === 'run') log('result', id);
      }
    }
    return sealed;
  });
}

/** Trust anchors for verifying a store's log with only the store and its record keys. */
export function trustIn(store: Store, keys: readonly RecordKey[]): TrustAnchors {
  return {
    origin: getSetting(store.read, 'audit.origin') ?? '',
    stored_key: getSetting(store.read, 'audit.verifier_key'),
    kept_key: null,
    head_file: { state: 'absent' },
    signed: 0,
    kept_head: null,
    successor: null,
    record_keys: keys.map(({ id, key }) => ({ id, key: Uint8Array.from(key) })),
  };
}
