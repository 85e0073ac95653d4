import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { liveThrough, memoryKeychain, openAudited, randomNumbers } from '../../test/support/audit-history';
import { hasPython, verifyWithPython } from '../../test/support/audit-python';
import { tempHome } from '../../test/support/temp-store';
import { getSetting, lastCheckpoint, leafSha256, type AuditLeaf, type Store } from '../store';
import { exportLog } from './export';
import { verifyExport } from './verify-export';

const HISTORIES = 200;
const TAMPERINGS = 200;

describe('honest histories', () => {
  const exports: string[] = [];

  it(
    `raise no alarm, in ${HISTORIES} of them, in the store and in its export`,
    { timeout: 120_000 },
    async () => {
      for (let seed = 0; seed < HISTORIES; seed++) {
        const random = randomNumbers(seed);
        const home = tempHome();
        const vault = memoryKeychain();
        for (let session = 0; session <= random(3); session++) {
          const { store, audit, close } = await openAudited(home, vault);
          liveThrough(store, random(12), random);
          if (random(3) === 0) await audit.checkpoint();
          const report = await audit.verify();
          expect(report, `history ${seed}`).toMatchObject({ ok: true, problems: [], hmac_unverifiable: 0 });
          expect(report.entries).toBeGreaterThan(0);
          expect(report.hmac_verified).toBeGreaterThan(0);
          const text = (await audit.export()).lines.join('');
          expect(verifyExport(text), `history ${seed}`).toMatchObject({ ok: true, problems: [] });
          if (session === 0) exports.push(text);
          await close();
        }
      }
    },
  );

  it.runIf(hasPython)('raise no alarm in Python either', { timeout: 120_000 }, () => {
    const results = verifyWithPython(exports);
    expect(results).toHaveLength(HISTORIES);
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    expect(results.every(({ text }) => /^\d+ entries verified\n$/.test(text))).toBe(true);
  });
});

type Random = (below: number) => number;

/** What is done to the file, and what the report must name. `inPython`: the export shows it as well. */
interface Tampering {
  readonly name: string;
  readonly inPython: boolean;
  apply(db: Database.Database, random: Random): RegExp;
}

const ids = (db: Database.Database, sql: string): string[] => db.prepare<[], string>(sql).pluck().all();

function edit(
  table: string,
  id: string,
  column: string,
  value: string,
  inPython: boolean,
  where = '1',
): Tampering {
  return {
    name: `edit ${table}.${column}`,
    inPython,
    apply(db, random) {
      const all = ids(db, `SELECT ${id} FROM ${table} WHERE ${where}`);
      const victim = all[random(all.length)] ?? '';
      db.prepare(`UPDATE ${table} SET ${column} = ${value} WHERE ${id} = ?`).run(victim);
      return new RegExp(victim);
    },
  };
}

function remove(table: string, id: string): Tampering {
  return {
    name: `delete from ${table}`,
    inPython: true,
    apply(db, random) {
      const all = ids(db, `SELECT ${id} FROM ${table}`);
      const victim = all[random(all.length)] ?? '';
      db.prepare(`DELETE FROM ${table} WHERE ${id} = ?`).run(victim);
      return new RegExp(victim);
    },
  };
}

const leafCount = (db: Database.Database): number =>
  Number(db.prepare(`SELECT max(seq) FROM audit_leaves`).pluck().get());

interface LeafHashes {
  readonly record_type: string;
  readonly record_id: string;
  readonly content_sha256: string;
  readonly salt: string;
  readonly actor: string;
  readonly at: number;
}

/** A leaf changed and its own hash made right again: only the root tells. */
function forge(db: Database.Database, seq: number, change: Partial<AuditLeaf>): void {
  const leaf = db
    .prepare<[number], LeafHashes>(
      `SELECT record_type, lower(hex(content_sha256)) AS content_sha256, lower(hex(salt)) AS salt, created_at AS at,
         coalesce(actor, 'local') AS actor, lower(hex(record_id)) AS record_id FROM audit_leaves WHERE seq = ?`,
    )
    .get(seq);
  if (!leaf) throw new Error(`There is no entry ${seq}.`);
  const record_id = leaf.record_id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const forged = { ...leaf, record_id, created_at: new Date(leaf.at).toISOString(), ...change };
  db.prepare(`UPDATE audit_leaves SET content_sha256 = ?, actor = ?, leaf_sha256 = ? WHERE seq = ?`).run(
    Buffer.from(forged.content_sha256, 'hex'),
    forged.actor,
    Buffer.from(leafSha256(forged), 'hex'),
    seq,
  );
}

const TAMPERING: readonly Tampering[] = [
  edit('templates', 'template_id', 'user_prompt_template', `user_prompt_template || ' '`, true),
  edit('templates', 'template_id', 'name', `'another'`, true),
  edit('templates', 'template_id', 'record_hmac', `'${'0'.repeat(64)}'`, true),
  edit('templates', 'template_id', 'record_hmac', 'NULL, hmac_key_id = NULL', true),
  edit('templates', 'template_id', 'deleted_at', `'2027-01-01T00:00:00.000Z'`, false, 'deleted_at IS NULL'),
  edit('templates', 'template_id', 'deleted_at', 'NULL', true, 'deleted_at IS NOT NULL'),
  edit('connections', 'connection_id', 'base_url', `'https://elsewhere.example'`, true),
  edit('prompt_versions', 'version_id', 'evidence_grade', `'fingerprint'`, true),
  edit('runs', 'run_id', 'rendered_prompt', `replace(rendered_prompt, 'Say', 'say')`, true),
  edit('runs', 'run_id', 'simulated', '1 - simulated', true),
  edit('runs', 'run_id', 'hmac_key_id', `'other'`, true),
  edit('runs', 'run_id', 'cost_picodollars', 'cost_picodollars + 1', true, `status = 'succeeded'`),
  edit('runs', 'run_id', 'status', `'succeeded'`, true, `status = 'failed'`),
  edit('runs', 'run_id', 'status', `'failed'`, false, `status = 'sending'`),
  edit('raw_responses', 'attempt_id', 'bytes', `CAST('{"output":"forged"}' AS BLOB)`, true),
  edit('raw_responses', 'attempt_id', 'http_status', '201', true),
  edit(
    'attempts',
    'attempt_id',
    'request_json',
    `CAST('{"model":"other"}' AS BLOB)`,
    true,
    `status = 'answered'`,
  ),
  remove('templates', 'template_id'),
  remove('connections', 'connection_id'),
  remove('runs', 'run_id'),
  remove('raw_responses', 'attempt_id'),
  {
    name: 'plant a template that was never logged',
    inPython: false,
    apply(db) {
      db.exec(`CREATE TEMP TABLE copy AS SELECT * FROM templates LIMIT 1;
        UPDATE copy SET seq = 100000, template_id = 'planted', config_sha256 = '${'f'.repeat(64)}';
        INSERT INTO templates SELECT * FROM copy;`);
      return /planted/;
    },
  },
  {
    name: 'change a salt',
    inPython: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db));
      db.prepare(`UPDATE audit_leaves SET salt = zeroblob(16) WHERE seq = ?`).run(seq);
      return new RegExp(`Entry ${seq} `);
    },
  },
  {
    name: 'change an actor and the hash of the leaf with it',
    inPython: true,
    apply(db, random) {
      forge(db, 1 + random(leafCount(db)), { actor: 'eve' });
      return /do not give the root/;
    },
  },
  {
    name: 'change a record, its content hash and the hash of the leaf',
    inPython: true,
    apply(db, random) {
      forge(db, 1 + random(leafCount(db)), { content_sha256: 'a'.repeat(64) });
      return /do not give the root/;
    },
  },
  {
    name: 'delete an entry in the middle',
    inPython: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db) - 1);
      db.prepare(`DELETE FROM audit_leaves WHERE seq = ?`).run(seq);
      return new RegExp(`Entry ${seq} is missing`);
    },
  },
  {
    name: 'delete an entry and close the gap',
    inPython: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db) - 1);
      db.prepare(`DELETE FROM audit_leaves WHERE seq = ?`).run(seq);
      db.prepare(`UPDATE audit_leaves SET seq = -seq WHERE seq > ?`).run(seq);
      db.exec(`UPDATE audit_leaves SET seq = -seq - 1 WHERE seq < 0`);
      return /was cut off|do not give the root/;
    },
  },
  {
    name: 'swap two entries',
    inPython: true,
    apply(db, random) {
      const seq = 1 + random(leafCount(db) - 1);
      db.exec(`UPDATE audit_leaves SET seq = -1 WHERE seq = ${seq};
        UPDATE audit_leaves SET seq = ${seq} WHERE seq = ${seq + 1};
        UPDATE audit_leaves SET seq = ${seq + 1} WHERE seq = -1;`);
      return /do not give the root/;
    },
  },
  {
    name: 'cut off the end',
    inPython: true,
    apply(db, random) {
      db.prepare(`DELETE FROM audit_leaves WHERE seq > ?`).run(leafCount(db) - 1 - random(3));
      return /was cut off/;
    },
  },
  {
    name: 'cut off the end, with the checkpoints of it',
    inPython: false,
    apply(db) {
      const first = Number(db.prepare(`SELECT min(size) FROM audit_checkpoints`).pluck().get());
      db.prepare(`DELETE FROM audit_checkpoints WHERE size > ?`).run(first);
      db.prepare(`DELETE FROM audit_leaves WHERE seq > ?`).run(first);
      return /in the file audit-head .* covers/;
    },
  },
  {
    name: 'change a checkpoint',
    inPython: true,
    apply(db) {
      db.exec(`UPDATE audit_checkpoints SET note = replace(note, char(10), ' ')`);
      return /signature of the checkpoint/;
    },
  },
];

describe('tampering with the file behind our back', () => {
  it(
    `is found and named, ${TAMPERINGS} times, by Python too where the export shows it`,
    { timeout: 120_000 },
    async () => {
      const vault = memoryKeychain();
      const home = tempHome();
      const old = tempHome();
      for (let session = 0; session < 3; session++) {
        const { store, close } = await openAudited(home, vault);
        liveThrough(store, 25, randomNumbers(1000 + session));
        await close();
        if (session === 1) copyFileSync(join(home, 'prompter.db'), join(old, 'prompter.db'));
      }

      const exports: { name: string; text: string }[] = [];
      for (let index = 0; index < TAMPERINGS; index++) {
        const copy = tempHome();
        copyFileSync(join(home, 'audit-head'), join(copy, 'audit-head'));
        copyFileSync(join(home, 'prompter.db'), join(copy, 'prompter.db'));
        // The last of every round: an old copy of the whole database in place of the new one.
        const tampering = TAMPERING[index % (TAMPERING.length + 1)];
        let expected = /an old copy of the store was put back/;
        if (tampering) expected = tamper(copy, tampering, randomNumbers(index));
        else copyFileSync(join(old, 'prompter.db'), join(copy, 'prompter.db'));

        const { store, audit } = await openAudited(copy, vault);
        const report = await audit.verify();
        const name = `${index}: ${tampering?.name ?? 'roll back'}`;
        expect(report.ok, name).toBe(false);
        expect(report.problems.map(({ message }) => message).join('\n'), name).toMatch(expected);
        const checkpoint = lastCheckpoint(store.read);
        if (tampering?.inPython && checkpoint) {
          exports.push({ name, text: exportLog(store, checkpoint, originOf(store)).join('') });
        }
        store.close();
      }

      expect(exports.length).toBeGreaterThan(TAMPERINGS / 2);
      const unseen = exports.filter(({ text }) => verifyExport(text).ok);
      expect(unseen.map(({ name }) => name)).toEqual([]);
      if (!hasPython) return;
      const results = verifyWithPython(exports.map(({ text }) => text));
      expect(exports.filter((_, index) => results[index]?.code !== 1).map(({ name }) => name)).toEqual([]);
      expect(results.every(({ text }) => text.startsWith('BROKEN '))).toBe(true);
    },
  );
});

function tamper(home: string, { apply }: Tampering, random: Random): RegExp {
  const db = new Database(join(home, 'prompter.db'));
  db.pragma('foreign_keys = OFF');
  const triggers = ids(db, `SELECT name FROM sqlite_schema WHERE type = 'trigger'`);
  const definitions = ids(db, `SELECT sql FROM sqlite_schema WHERE type = 'trigger'`);
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
  const expected = apply(db, random);
  // As nobody would notice: with everything back in place.
  for (const sql of definitions) db.exec(sql);
  db.close();
  return expected;
}

function originOf(store: Store): string {
  return getSetting(store.read, 'audit.origin') ?? '';
}
