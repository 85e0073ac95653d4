import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  gatherEvidence,
  liveThrough,
  memoryHome,
  memoryKeychain,
  openAudited,
  randomNumbers,
} from '../../test/support/audit/audit-history';
import { hasPython, verifyWithPython } from '../../test/support/audit/audit-python';
import { forge, tamper } from '../../test/support/audit/audit-tampering';
import {
  addColumns,
  LATER_KINDS,
  LATER_RECORDS,
  trustIn,
  writeLater,
} from '../../test/support/planted-version';
import { storeOptions } from '../../test/support/temp-store';
import { RECORD_TYPES } from '../../src-shared/domain';
import { leavesAfter, listCheckpoints, openStore, RECORDS, type RecordKey, type Store } from '../store';
import { createContents } from '../store/audit-log/content';
import { KINDS } from '../store/audit-log/kinds';
import { loadUnits } from '../team/postgres/records';
import { entryOf } from './entries';
import { exportHead, writeTo } from './export';
import { verifyExport } from '.';
import { walk } from './verify-log';

interface Made {
  readonly bytes: Uint8Array;
  readonly key: RecordKey;
  readonly firstLater: number;
  readonly sealed: number;
}

/** A store whose first entries are of the kinds of today, and its last of kinds that log more; everything is signed. */
async function make(): Promise<Made> {
  const home = memoryHome();
  const vault = memoryKeychain();
  const before = await openAudited(home, vault);
  liveThrough(before.store, 60, randomNumbers(11));
  gatherEvidence(before.store);
  await before.close();
  addColumns(join(home, 'prompter.db'));
  const { store, audit, close } = await openAudited(home, vault);
  await audit.verify();
  const firstLater = audit.size() + 1;
  const key = store.write((tx) => ({ found: tx.audit.recordKey() })).found ?? expect.fail('no record key');
  const sealed = writeLater(store);
  await close();
  return { bytes: readFileSync(join(home, 'prompter.db')), key, firstLater, sealed };
}

let making: Promise<Made> | null = null;
/** Made once for all of these tests. */
const made = (): Promise<Made> => (making ??= make());

function opened(path: string): Store {
  const store = openStore(storeOptions({ home: path }));
  onTestFinished(() => store.close());
  return store;
}

async function copied(): Promise<string> {
  const copy = memoryHome();
  writeFileSync(join(copy, 'prompter.db'), (await made()).bytes);
  return copy;
}

const ended = <T>(steps: Generator<number, T, void>): T => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};
async function verified(store: Store, records = LATER_RECORDS) {
  const { key } = await made();
  return ended(walk(store.read, trustIn(store, [key]), records));
}

function exported(store: Store): string {
  const path = join(memoryHome(), 'entries');
  ended(writeTo(path, store.read, LATER_RECORDS));
  const { origin } = trustIn(store, []);
  return (
    exportHead([{ log: origin, to: null, key: null }], '', listCheckpoints(store.read)) +
    readFileSync(path, 'utf8')
  );
}

const allLeaves = (store: Store) => leavesAfter(store.read, 0, 10_000);

function pushed(store: Store) {
  const entries = allLeaves(store).map(({ seq, ...leaf }) => ({
    queued: { seq, record_type: leaf.record_type, record_id: leaf.record_id, leaf_seq: seq },
    leaf,
  }));
  return [...loadUnits(store.read, entries, LATER_RECORDS)];
}

describe('a log in which a later build covers more', () => {
  it('holds, its entries of before as they were written then, here, exported and in Python', async () => {
    const { sealed, firstLater, key } = await made();
    const store = opened(await copied());
    const report = await verified(store);
    expect(report).toMatchObject({ ok: true, problems: [], hmac_missing: 0, hmac_unverifiable: 0 });
    const count = (table: string) =>
      Number(store.read.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    expect(report.hmac_verified).toBe(count('templates') + count('runs'));
    expect(report.hmac_verified).toBeGreaterThan(sealed);
    expect(sealed).toBe(4);

    const text = exported(store);
    expect(await verifyExport(text.split('\n'))).toMatchObject({ ok: true, problems: [] });
    if (hasPython) expect(verifyWithPython([text])).toMatchObject([{ code: 0 }]);
    const covers = (seq: number) =>
      text.split('\n').some((line) => line.includes(`"seq":${seq},`) && line.includes('planted'));
    const types = new Set<string>();
    for (const { seq, record_type } of allLeaves(store)) {
      expect(covers(seq), `${seq}: ${record_type}`).toBe(seq >= firstLater);
      if (seq >= firstLater) types.add(record_type);
      const known = entryOf(store.read, seq, () => key, LATER_RECORDS);
      expect(known.state).toMatch(/unchanged|superseded/);
      if (known.hmac !== null) expect(known.hmac).toBe('holds');
    }
    expect([...types].toSorted()).toEqual(['batch', 'batch_status', 'pin', 'result', 'run', 'template']);
    expect(pushed(store).filter(({ problem }) => problem !== null)).toEqual([]);
  });

  it('is nothing that a build could check that knows only what was covered before', async () => {
    const { firstLater } = await made();
    const store = opened(await copied());
    const { problems } = await verified(store, RECORDS);
    const seqs = new Set(problems.map(({ seq }) => seq));
    for (const { seq, record_type } of allLeaves(store))
      expect(seqs.has(seq), `${seq}: ${record_type}`).toBe(seq >= firstLater);
  });
});

const TABLES = [
  ['templates', 'template_id', 'planted'],
  ['runs', 'run_id', 'planted'],
  ['runs', 'run_id', 'planted_result'],
  ['template_pins', 'pin_id', 'planted'],
  ['batches', 'batch_id', 'planted'],
  ['batch_status_changes', 'batch_id', 'planted'],
] as const;
const EDITS = TABLES.flatMap(([table, id, column]) => [
  // `planted` says which build wrote the row; `runs.planted_result` is set in all that the later one wrote.
  { table, id, column, what: 'changed in what covers it', where: 'planted IS NOT NULL', to: `'changed'` },
  { table, id, column, what: 'taken away from what covers it', where: 'planted IS NOT NULL', to: 'NULL' },
  { table, id, column, what: 'put where nothing covers it', where: 'planted IS NULL', to: `'put there'` },
]);

describe('a column that only entries of a later build cover', () => {
  it.each(EDITS)('$table, $column: $what, is found', async ({ table, id, column, where, to }) => {
    const copy = await copied();
    let victim = '';
    tamper(
      join(copy, 'prompter.db'),
      {
        name: '',
        exported: true,
        apply(db) {
          const status = table === 'runs' ? `AND status = 'succeeded'` : '';
          const row = db
            .prepare<[], { place: number; id: string }>(
              `SELECT rowid AS place, ${id} AS id FROM ${table} WHERE ${where} ${status} ORDER BY rowid LIMIT 1`,
            )
            .get();
          victim = row?.id ?? '';
          db.prepare(`UPDATE ${table} SET ${column} = ${to} WHERE rowid = ?`).run(row?.place);
          return /./;
        },
      },
      randomNumbers(1),
    );
    expect(victim).not.toBe('');
    const store = opened(copy);
    const { ok, problems } = await verified(store);
    expect(ok).toBe(false);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(
      new RegExp(`${victim}\\S* was changed`),
    );
    const text = exported(store);
    expect(await verifyExport(text.split('\n'))).toMatchObject({ ok: false });
    if (hasPython) expect(verifyWithPython([text])).toMatchObject([{ code: 1 }]);
    const units = pushed(store).filter(({ queued }) => queued.record_id.startsWith(victim));
    // What may have been superseded is not pushed at all; all else is set aside.
    if (column === 'planted_result') expect(units.some(({ rows }) => rows.length === 1)).toBe(true);
    else if (!table.startsWith('batch')) expect(units.some(({ problem }) => problem !== null)).toBe(true);
  });
});

describe('an entry that is not signed yet, made anew by whoever changed its record', () => {
  it.each([
    ['as the later build writes it', (row: object) => createContents(LATER_KINDS).now('run', { ...row })],
    ['as builds of before wrote it', (row: object) => createContents(KINDS).now('run', { ...row })],
  ])('%s has an HMAC that does not fit', async (_how, contentOf) => {
    const copy = await copied();
    let seq = 0;
    tamper(
      join(copy, 'prompter.db'),
      {
        name: '',
        exported: false,
        apply(db) {
          db.exec(`UPDATE runs SET planted = NULL WHERE planted IS NOT NULL; DELETE FROM audit_checkpoints`);
          const run = db
            .prepare<[], { run_id: string; planted: null }>(
              `SELECT * FROM runs ORDER BY seq DESC LIMIT 1 OFFSET 1`,
            )
            .get();
          seq = Number(
            db
              .prepare(
                `SELECT seq FROM audit_leaves WHERE record_type = 'run' AND record_id = unhex(replace(?, '-', ''))`,
              )
              .pluck()
              .get(run?.run_id),
          );
          forge(db, seq, { record: contentOf(run ?? {}) });
          return /./;
        },
      },
      randomNumbers(1),
    );
    const { problems } = await verified(opened(copy));
    expect(problems).toMatchObject([{ seq, message: expect.stringContaining('has a wrong HMAC') as string }]);
  });
});

describe('an exported record of a later build', () => {
  it('is not taken for what builds of before wrote of it', async () => {
    const { firstLater } = await made();
    const lines = exported(opened(await copied())).split('\n');
    const texts = lines.map((line) => {
      if (!line.includes(`"seq":${firstLater},`)) return line;
      const entry: unknown = JSON.parse(line);
      const { record } = z.object({ record: z.string() }).parse(entry);
      const before = record.replace(/"planted":"[^"]*",/, '');
      expect(before).not.toBe(record);
      return JSON.stringify({ ...z.record(z.string(), z.unknown()).parse(entry), record: before });
    });
    expect(await verifyExport(texts)).toMatchObject({ ok: false, problems: [{ seq: firstLater }] });
    if (hasPython) expect(verifyWithPython([texts.join('\n')])).toMatchObject([{ code: 1 }]);
  });
});

describe('a record of before whose entry was changed', () => {
  it('still has the HMAC that it was given', async () => {
    const copy = await copied();
    tamper(
      join(copy, 'prompter.db'),
      {
        name: '',
        exported: true,
        apply(db) {
          db.exec(`UPDATE audit_leaves SET content_sha256 = zeroblob(32) WHERE seq = 1`);
          return /./;
        },
      },
      randomNumbers(1),
    );
    const store = opened(copy);
    const { problems } = await verified(store);
    const messages = problems.map(({ message }) => message).join('\n');
    expect(messages).toContain('was changed');
    expect(messages).not.toContain('wrong HMAC');
    const { key } = await made();
    expect(entryOf(store.read, 1, () => key, LATER_RECORDS)).toMatchObject({
      state: 'changed',
      hmac: 'holds',
    });
  });
});

describe('the versions of a kind', () => {
  it('each log more than the one before, since a later schema', () => {
    const withVersion = (later: { since: number; adds: Record<string, null> }) => () =>
      createContents({ ...KINDS, pin: { ...KINDS.pin, versions: [...KINDS.pin.versions, later] } });
    const newest = Math.max(...KINDS.pin.versions.map(({ since }) => since));
    expect(withVersion({ since: newest + 1, adds: { planted: null } })).not.toThrow();
    expect(withVersion({ since: newest, adds: { planted: null } })).toThrow('does not log more');
    expect(withVersion({ since: newest + 1, adds: {} })).toThrow('does not log more');
    expect(withVersion({ since: newest + 1, adds: { note: null } })).toThrow('does not log more');
  });

  it('write no text that is one of two of them', () => {
    const contents = createContents(LATER_KINDS);
    for (const type of RECORD_TYPES) {
      const texts = [...contents.all(type, {})];
      expect(new Set(texts).size).toBe(texts.length);
    }
    expect([...contents.all('pin', {})]).toHaveLength(LATER_KINDS.pin.versions.length);
    expect([...contents.all('pin', { planted: '' })]).toHaveLength(1);
  });
});
