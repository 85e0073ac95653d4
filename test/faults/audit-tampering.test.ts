import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { exportHead, writeEntries } from '../../src-main/audit/export';
import { verifyExport } from '../../src-main/audit';
import { createLongReads } from '../../src-main/core/long-reads';
import { getSetting, listCheckpoints, type Store } from '../../src-main/store';
import {
  gatherEvidence,
  liveThrough,
  memoryHome,
  memoryKeychain,
  openAudited,
  randomNumbers,
} from '../support/audit/audit-history';
import { hasPython, verifyWithPython } from '../support/audit/audit-python';
import { columnEdits, STRUCTURAL, tamper, type Tampering } from '../support/audit/audit-tampering';

const HISTORIES = 200;
const TAMPERINGS = 200;

describe('honest histories', () => {
  const exports: string[] = [];

  it(`raise no alarm, in ${HISTORIES} of them, in the store and in its export`, async () => {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const random = randomNumbers(seed);
      const home = memoryHome();
      const sessionOnly = random(4) === 0;
      const vault = memoryKeychain(sessionOnly ? 'session' : 'os');
      for (let session = 0; session <= random(3); session++) {
        // A keychain of a session only has forgotten everything when the next one starts.
        const { store, audit, close } = await openAudited(
          home,
          sessionOnly ? memoryKeychain('session') : vault,
        );
        liveThrough(store, random(14), random);
        if (random(3) === 0) await audit.checkpoint();
        const report = await audit.verify();
        expect(report, `history ${seed}`).toMatchObject({ ok: true, problems: [], hmac_unverifiable: 0 });
        expect(report.entries).toBeGreaterThan(0);
        expect(report.hmac_verified > 0).toBe(!sessionOnly);
        expect(report.hmac_missing > 0).toBe(sessionOnly);
        if (session === 0) {
          const { file } = await audit.export();
          const text = await file.text();
          expect(await verifyExport(text.split('\n')), `history ${seed}`).toMatchObject({
            ok: true,
            problems: [],
          });
          exports.push(text);
        }
        await endSession(random(3), { home, store, close });
      }
    }
  });

  it.runIf(hasPython)('raise no alarm in Python either', () => {
    const results = verifyWithPython(exports);
    expect(results).toHaveLength(HISTORIES);
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    expect(results.every(({ text }) => /^\d+ entries verified\n$/.test(text))).toBe(true);
  });
});

/** In order; killed after the last commit and before a checkpoint; killed before the head outside was written. */
async function endSession(
  how: number,
  { home, store, close }: { home: string; store: Store; close: () => Promise<void> },
): Promise<void> {
  if (how === 1) return store.close();
  const head = join(home, 'audit-head');
  const before = existsSync(head) ? readFileSync(head) : null;
  await close();
  if (how === 2 && before !== null) writeFileSync(head, before);
}

/** What is done to the folder and not to the database alone. */
const FOLDER: readonly { name: string; expected: RegExp; apply(home: string, old: string): void }[] = [
  {
    name: 'put an old copy of the store back',
    expected: /an old copy of the store was put back/,
    apply: (home, old) => copyFileSync(join(old, 'prompter.db'), join(home, 'prompter.db')),
  },
  {
    name: 'put an old copy of the whole folder back',
    expected: /checkpoint in the keychain .* an old copy of the store was put back/,
    apply(home, old) {
      copyFileSync(join(old, 'prompter.db'), join(home, 'prompter.db'));
      copyFileSync(join(old, 'audit-head'), join(home, 'audit-head'));
    },
  },
  {
    name: 'remove the head',
    expected: /The file audit-head is missing/,
    apply: (home) => rmSync(join(home, 'audit-head')),
  },
  {
    name: 'remove the head and empty the log',
    expected: /checkpoint in the keychain .* covers/,
    apply(home) {
      rmSync(join(home, 'audit-head'));
      const db = new Database(join(home, 'prompter.db'));
      for (const table of ['audit_leaves', 'audit_checkpoints'])
        db.exec(`DROP TRIGGER ${table}_delete_guard; DELETE FROM ${table}`);
      db.close();
    },
  },
  {
    name: 'spoil the head',
    expected: /audit-head is not what Prompter wrote/,
    apply: (home) => writeFileSync(join(home, 'audit-head'), '{}'),
  },
  {
    name: 'name another signing key',
    expected: /signing key named in the store/,
    apply(home) {
      const db = new Database(join(home, 'prompter.db'));
      db.exec(`UPDATE settings SET value = value || 'x' WHERE key = 'audit.verifier_key'`);
      db.close();
    },
  },
  {
    name: 'give the log another name',
    expected: /belongs to another log/,
    apply(home) {
      const db = new Database(join(home, 'prompter.db'));
      db.exec(`UPDATE settings SET value = 'prompter.local/other' WHERE key = 'audit.origin'`);
      db.close();
    },
  },
];

describe('tampering with the file behind our back', () => {
  it(`is found and named, more than ${TAMPERINGS} times, by Python too where the export shows it`, async () => {
    const vault = memoryKeychain();
    const home = memoryHome();
    const old = memoryHome();
    for (let session = 0; session < 4; session++) {
      const { store, close } = await openAudited(home, vault);
      liveThrough(store, 60, randomNumbers(1000 + session));
      gatherEvidence(store);
      await close();
      if (session !== 1) continue;
      copyFileSync(join(home, 'prompter.db'), join(old, 'prompter.db'));
      copyFileSync(join(home, 'audit-head'), join(old, 'audit-head'));
    }
    const db = new Database(join(home, 'prompter.db'), { readonly: true });
    const columns = columnEdits(db);
    db.close();
    const kinds: (Tampering | (typeof FOLDER)[number])[] = [...columns, ...STRUCTURAL, ...FOLDER];
    expect(columns.length).toBeGreaterThan(140);
    while (kinds.length < TAMPERINGS) kinds.push(...STRUCTURAL);

    const unnamed: string[] = [];
    const exports: { name: string; text: string }[] = [];
    for (const [index, kind] of kinds.entries()) {
      const copy = memoryHome();
      copyFileSync(join(home, 'audit-head'), join(copy, 'audit-head'));
      copyFileSync(join(home, 'prompter.db'), join(copy, 'prompter.db'));
      let expected: RegExp;
      if ('exported' in kind) expected = tamper(join(copy, 'prompter.db'), kind, randomNumbers(index));
      else {
        expected = kind.expected;
        kind.apply(copy, old);
      }
      const { store, audit } = await openAudited(copy, vault);
      const report = await audit.verify();
      const name = `${index}: ${kind.name}`;
      const told = report.problems.map(({ message }) => message).join('\n');
      if (report.ok || !expected.test(told)) unnamed.push(`${name}: ${told || 'nothing found'}`);
      if ('exported' in kind && kind.exported) exports.push({ name, text: await exportedAsIs(store, copy) });
      store.close();
    }

    expect(unnamed).toEqual([]);
    expect(kinds.length).toBeGreaterThanOrEqual(TAMPERINGS);
    expect(exports.length).toBeGreaterThan(TAMPERINGS / 2);
    const unseen: string[] = [];
    for (const { name, text } of exports) {
      if ((await verifyExport(text.split('\n'))).ok) unseen.push(name);
    }
    expect(unseen).toEqual([]);
    if (!hasPython) return;
    const results = verifyWithPython(exports.map(({ text }) => text));
    expect(exports.filter((_, index) => results[index]?.code !== 1).map(({ name }) => name)).toEqual([]);
    expect(results.every(({ text }) => text.startsWith('BROKEN '))).toBe(true);
  });
});

/** The export of a log that would not be signed any more: with the checkpoints that it has. */
async function exportedAsIs(store: Store, home: string): Promise<string> {
  const path = join(home, 'entries');
  await createLongReads(store.info.path)(writeEntries, { path });
  const origin = getSetting(store.read, 'audit.origin') ?? '';
  return (
    exportHead([{ log: origin, to: null, key: null }], '', listCheckpoints(store.read)) +
    readFileSync(path, 'utf8')
  );
}
