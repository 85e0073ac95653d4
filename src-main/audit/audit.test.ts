import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  gatherEvidence,
  liveThrough,
  memoryHome,
  memoryKeychain,
  openAudited,
  randomNumbers,
} from '../../test/support/audit/audit-history';
import { hasPython, verifyWithPython } from '../../test/support/audit/audit-python';
import { pin } from '../../test/support/team/team-history';
import { canonicalJson } from '../../src-shared/domain/canonical';
import { verifyExport } from '.';

async function aLog(vault = memoryKeychain()) {
  const home = memoryHome();
  const opened = await openAudited(home, vault);
  liveThrough(opened.store, 40, randomNumbers(7));
  gatherEvidence(opened.store);
  return { home, vault, ...opened };
}

/** What somebody does to the closed file. */
function behindItsBack(home: string, sql: string): void {
  const db = new Database(join(home, 'prompter.db'));
  for (const table of ['audit_leaves', 'audit_checkpoints'])
    for (const kind of ['update', 'delete']) db.exec(`DROP TRIGGER ${table}_${kind}_guard`);
  db.exec(sql);
  db.close();
}

describe('signing', () => {
  it.each([
    [
      'a checkpoint whose root and edge were changed together',
      `UPDATE audit_checkpoints SET root = '${'0'.repeat(64)}', edge = replace(edge, substr(edge, 1, 64), '${'0'.repeat(64)}')`,
    ],
    ['checkpoints that are gone', 'DELETE FROM audit_checkpoints'],
    [
      'an entry that is missing',
      'DELETE FROM audit_leaves WHERE seq = (SELECT max(seq) - 1 FROM audit_leaves)',
    ],
  ])('is refused after %s', async (_what, sql) => {
    const { home, vault, audit, store } = await aLog();
    await audit.checkpoint();
    liveThrough(store, 10, randomNumbers(8));
    store.close();
    behindItsBack(home, sql);
    const again = await openAudited(home, vault);
    await expect(again.audit.checkpoint()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await expect(again.audit.export()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('is refused where the keychain remembers more than an old copy of the folder', async () => {
    const { home, vault, audit, store } = await aLog();
    await audit.checkpoint();
    const [db, head] = ['prompter.db', 'audit-head'].map((name) => join(home, name));
    store.close();
    const old = [readFileSync(db ?? ''), readFileSync(head ?? '')];
    const later = await openAudited(home, vault);
    liveThrough(later.store, 10, randomNumbers(9));
    await later.close();
    writeFileSync(db ?? '', old[0] ?? '');
    writeFileSync(head ?? '', old[1] ?? '');
    const restored = await openAudited(home, vault);
    await expect(restored.audit.checkpoint()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('signs a size that the log has grown beyond, without putting the head back', async () => {
    const { home, audit, store } = await aLog();
    const file = (await audit.export()).file;
    liveThrough(store, 10, randomNumbers(10));
    const newest = await audit.checkpoint();
    expect(JSON.parse(readFileSync(join(home, 'audit-head'), 'utf8'))).toMatchObject({ note: newest.note });
    expect(await verifyExport((await file.text()).split('\n'), newest.verifier_key)).toMatchObject({
      ok: true,
    });
    expect(await audit.verify()).toMatchObject({ ok: true });
  });
});

describe('verifying', () => {
  it('is no alarm while the first checkpoint is being signed', async () => {
    const { audit } = await aLog();
    const [report] = await Promise.all([audit.verify(), audit.checkpoint(), audit.verify()]);
    expect(report.problems).toEqual([]);
  });
});

describe('a log that was emptied', () => {
  it('is not begun anew when the store opens', async () => {
    const { home, vault, close } = await aLog();
    await close();
    behindItsBack(home, 'DELETE FROM audit_leaves; DELETE FROM audit_checkpoints');
    rmSync(join(home, 'audit-head'));
    const { audit } = await openAudited(home, vault);
    expect(audit.size()).toBe(0);
    const report = await audit.verify();
    expect(report.ok).toBe(false);
    expect(report.problems.some(({ message }) => message.includes('in the store but not in the log'))).toBe(
      true,
    );
  });
});

describe('a log of an earlier build', () => {
  it('gets what is logged since, once', async () => {
    const { home, vault, store, close } = await aLog();
    const attempts = store.read
      .prepare<[], number>(`SELECT count(*) FROM attempts WHERE status = 'outcome_unknown'`)
      .pluck()
      .get();
    await close();
    // As that build left it: without these entries, and none of a later one.
    const earlier = memoryHome();
    const empty = await openAudited(earlier, vault);
    await empty.close();
    const old = new Database(join(earlier, 'prompter.db'));
    old.exec(`ATTACH '${join(home, 'prompter.db')}' AS full`);
    old.pragma('foreign_keys = OFF');
    const tables = ['templates', 'connections', 'runs', 'attempts'];
    for (const table of tables) {
      // Without what SQLite works out by itself.
      const columns = old
        .prepare<[string], string>(`SELECT name FROM pragma_table_info(?, 'main')`)
        .pluck()
        .all(table)
        .join();
      old.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM full.${table} WHERE true`);
    }
    old.exec(`UPDATE settings SET value = '1' WHERE key = 'audit.adopted'`);
    old.close();
    for (let start = 0; start < 2; start++) {
      const { audit, close: end } = await openAudited(earlier, vault);
      const { items } = await audit.list({ limit: 100, record_type: 'attempt' });
      expect(items).toHaveLength(attempts ?? -1);
      expect(items.length).toBeGreaterThan(0);
      await end();
    }
  });
});

describe('the record key', () => {
  it('is told to be missing, by the stretch of entries that carry no HMAC', async () => {
    const home = memoryHome();
    const vault = memoryKeychain();
    const without = await openAudited(home, memoryKeychain('session'));
    liveThrough(without.store, 5, randomNumbers(1));
    const unsealed = without.audit.size();
    expect(without.audit.sealing()).toEqual({ key_id: null, unsealed: [{ from: 1, to: null }] });
    await without.close();
    const sealed = await openAudited(home, vault);
    liveThrough(sealed.store, 5, randomNumbers(2));
    expect(sealed.audit.sealing()).toEqual({
      key_id: expect.stringMatching(/^[0-9a-f]{12}$/),
      unsealed: [{ from: 1, to: unsealed }],
    });
    const report = await sealed.audit.verify();
    expect(report).toMatchObject({ ok: true, hmac_unverifiable: 0 });
    expect(report.hmac_missing).toBeGreaterThan(0);
    expect(report.notes.join()).toContain('there was no keychain');
    await sealed.close();

    const lost = await openAudited(home, memoryKeychain());
    const unverifiable = await lost.audit.verify();
    expect(unverifiable.hmac_unverifiable).toBe(report.hmac_verified);
    expect(unverifiable.notes.join()).toContain('not in the keychain');
  });
});

describe('entries', () => {
  it('are listed newest first, page by page, and found by kind, actor, object and time', async () => {
    const { audit, store } = await aLog();
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await audit.list({ limit: 7, cursor });
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: audit.size() }, (_, index) => audit.size() - index));

    const answers = await audit.list({ limit: 100, record_type: 'answer' });
    expect(answers.items.length).toBeGreaterThan(0);
    expect(new Set(answers.items.map(({ record_type }) => record_type))).toEqual(new Set(['answer']));
    const attempt = answers.items[0]?.record_id ?? '';
    const run = store.read
      .prepare<[string], { run_id: string }>(`SELECT run_id FROM attempts WHERE attempt_id = ?`)
      .get(attempt);
    const about = await audit.list({ limit: 100, object_id: run?.run_id ?? '' });
    expect(about.items.map(({ record_type }) => record_type)).toEqual(
      expect.arrayContaining(['run', 'answer']),
    );
    expect((await audit.list({ limit: 5, actor: 'ada' })).items.every(({ actor }) => actor === 'ada')).toBe(
      true,
    );
    expect((await audit.list({ limit: 5, actor: 'nobody' })).items).toEqual([]);
    const middle = about.items[0]?.created_at ?? '';
    // `from` included, `to` not: of two spans that meet, each entry is in one.
    const [since, until] = await Promise.all([
      audit.list({ limit: 1000, from: middle }),
      audit.list({ limit: 1000, to: middle }),
    ]);
    expect(since.items.at(-1)?.created_at).toBe(middle);
    expect(since.items.length + until.items.length).toBe(audit.size());
    expect(until.items.every(({ created_at }) => created_at < middle)).toBe(true);
  });

  it('tell how their record is now, and prove that they are in the signed tree', async () => {
    const { home, vault, audit, close } = await aLog();
    const [template] = (await audit.list({ limit: 1, record_type: 'template' })).items;
    const seq = template?.seq ?? 0;
    expect(audit.entry({ seq })).toMatchObject({ state: 'unchanged', hmac: 'holds', leaf_holds: true });
    expect(await audit.proof({ seq })).toMatchObject({ size: null, holds: false });
    const { size, root } = await audit.checkpoint();
    expect(await audit.proof({ seq })).toMatchObject({ size, root, holds: true });
    expect(() => audit.entry({ seq: 1_000_000 })).toThrow('No audit entry');
    await close();

    behindItsBack(home, `DROP TRIGGER templates_update_guard; UPDATE templates SET name = 'x'`);
    const tampered = await openAudited(home, vault);
    expect(tampered.audit.entry({ seq })).toMatchObject({ state: 'changed', hmac: 'wrong' });
  });
});

describe('what is hashed', () => {
  it('is canonical JSON, of leaves and of records of every kind', async () => {
    const { audit } = await aLog();
    const lines = (await (await audit.export()).file.text()).split('\n');
    const kinds = new Set<string>();
    for (const line of lines.filter((each) => each.includes('"kind":"entry"'))) {
      const { leaf, record } = JSON.parse(line) as { leaf: string; record: string | null };
      kinds.add((JSON.parse(leaf) as { record_type: string }).record_type);
      for (const text of record === null ? [leaf] : [leaf, record]) expect(canonicalJson(text)).toBe(text);
    }
    expect(kinds.size).toBeGreaterThan(14);
  });
});

describe('an export of more entries than are read at once', () => {
  it.each([1023, 1024, 1025, 1500])('has a proof for each of %i entries', async (size) => {
    const { store, audit } = await aLog();
    const template = store.read.prepare(`SELECT template_id FROM templates`).pluck().get();
    while (audit.size() < size) pin(store, String(template), null);
    const lines = (await (await audit.export()).file.text()).split('\n');
    expect(await verifyExport(lines)).toMatchObject({ ok: true, entries: size });
    const other = lines.map((line, index) =>
      index === 300 ? line.replace(/"proof":.*/, /"proof":.*/.exec(lines[301] ?? '')?.[0] ?? '') : line,
    );
    expect((await verifyExport(other)).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('its proof does not lead to the signed root'),
    ]);
  });
});

describe('an export that somebody changed', () => {
  it('blames the entries up to the first checkpoint that does not fit, and not those after it', async () => {
    const { audit, store } = await aLog();
    await audit.checkpoint();
    liveThrough(store, 5, randomNumbers(8));
    const lines = (await (await audit.export()).file.text()).split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => line.includes('"kind":"checkpoint"')).length).toBeGreaterThan(1);
    const first = lines.findIndex((line) => line.includes('"kind":"entry"'));
    const changed = lines.map((line, index) =>
      index === first ? line.replace(/"salt\\":\\"./, '"salt\\":\\"x') : line,
    );
    const said = (await verifyExport(changed)).problems.map(({ message }) => message);
    expect(said.filter((message) => message.includes('was rewritten'))).toHaveLength(1);
    if (!hasPython) return;
    const [python] = verifyWithPython([`${changed.join('\n')}\n`]);
    expect(python?.text.match(/was rewritten/g)).toHaveLength(1);
  });

  it('is refused by both verifiers, whatever was changed', async () => {
    const { audit } = await aLog();
    const lines = (await (await audit.export()).file.text()).split('\n').filter((line) => line !== '');
    const random = randomNumbers(11);
    const first = lines.findIndex((line) => line.includes('"kind":"entry"'));
    const superseded = lines.findIndex((line) => /"superseded_by":\d/.test(line));
    expect(superseded).toBeGreaterThan(0);
    const replaced = (at: number, from: RegExp, to: string): string[] =>
      lines.map((line, index) => (index === at ? line.replace(from, to) : line));
    const changed: string[][] = [
      lines.slice(1),
      lines.filter((_, index) => index !== first - 1),
      lines.slice(0, -1),
      [...lines, lines.at(-1) ?? ''],
      lines.toReversed(),
      replaced(0, /"size":\d+/, '"size":1'),
      replaced(first - 1, /\\n\d+\\n/, '\\n1\\n'),
      // Nothing that is not in the file excuses a record that is not.
      replaced(superseded, /"superseded_by":\d+/, '"superseded_by":1000000'),
      replaced(superseded, /"superseded_by":\d+/, '"superseded_by":null'),
      replaced(superseded, /"superseded_by":\d+/, '"superseded_by":1'),
    ];
    for (let index = first; index < lines.length; index++) {
      changed.push(
        lines.filter((_, at) => at !== index),
        replaced(index, /"salt\\":\\"[0-9a-f]/, '"salt\\":\\"x'),
        replaced(index, /"record":"\{/, '"record":"{ '),
        replaced(index, /"record":"(?:[^"\\]|\\.)*"/, '"record":null'),
        replaced(index, /"proof":\["./, '"proof":["_'),
      );
      if (index > first) {
        const swapped = [...lines];
        [swapped[index - 1], swapped[index]] = [lines[index] ?? '', lines[index - 1] ?? ''];
        changed.push(swapped);
      }
    }
    const different = changed
      .filter((each) => each.join('\n') !== lines.join('\n'))
      .filter((_, index) => index < 10 || random(3) === 0);
    expect(different.length).toBeGreaterThan(150);
    const unseen: number[] = [];
    for (const [index, each] of different.entries()) {
      if ((await verifyExport(each)).ok) unseen.push(index);
    }
    expect(unseen).toEqual([]);
    if (!hasPython) return;
    const python = verifyWithPython(different.map((each) => `${each.join('\n')}\n`));
    expect(python.flatMap(({ code }, index) => (code === 1 ? [] : [index]))).toEqual([]);
  });
});
