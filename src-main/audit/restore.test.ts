import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  liveThrough,
  memoryKeychain,
  openAudited,
  randomNumbers,
} from '../../test/support/audit/audit-history';
import { hasPython, verifyWithPython } from '../../test/support/audit/audit-python';
import { killRestore } from '../../test/support/processes/restore-child';
import { createTestClock, tempHome } from '../../test/support/temp-store';
import { checkBackup, restoreHome } from '../core';
import { copyStore, deleteSetting, getSetting, LOG_NAME, putSetting, RESTORE_STEPS } from '../store';
import { verifyExport } from '.';

async function live(home: string, vault: ReturnType<typeof memoryKeychain>, seed: number): Promise<void> {
  const opened = await openAudited(home, vault);
  liveThrough(opened.store, 20, randomNumbers(seed));
  await opened.close();
}

let restores = 0;

function restore(home: string, file: string) {
  restores += 1;
  return restoreHome({ home, file, clock: createTestClock(Date.UTC(2026, 1, restores)) });
}

/** A store of some history, a copy of it, and the history that came after the copy. */
async function livedOn() {
  const [home, vault] = [tempHome(), memoryKeychain()];
  await live(home, vault, 1);
  const copy = join(tempHome(), 'copy.db');
  await copyStore({ source: join(home, 'prompter.db'), target: copy });
  await live(home, vault, 2);
  return { home, vault, copy };
}

test('a restored backup verifies, says that it was restored, and the log goes on from there', async () => {
  const [home, vault] = [tempHome(), memoryKeychain()];
  await live(home, vault, 1);
  const copy = join(tempHome(), 'copy.db');
  const { auditEntries } = await copyStore({ source: join(home, 'prompter.db'), target: copy });
  await live(home, vault, 2);
  await restore(home, copy);

  let opened = await openAudited(home, vault);
  const report = await opened.audit.verify();
  expect(report).toMatchObject({
    ok: true,
    entries: auditEntries + 1,
    restores: [{ from_file: 'copy.db', kept_file: expect.stringContaining('before-restore') }],
  });
  expect(report.restores[0]?.previous_entries).toBeGreaterThan(auditEntries);
  await opened.audit.checkpoint();
  liveThrough(opened.store, 20, randomNumbers(3));
  const { verifier_key, origin } = await opened.audit.checkpoint();
  expect(report.restores[0]).toMatchObject({ log: origin, continues_entries: auditEntries });
  expect(report.restores[0]?.continues_log).toBe(report.restores[0]?.previous_log);
  const text = await (await opened.audit.export()).file.text();
  expect(await verifyExport(text.split('\n'), verifier_key)).toMatchObject({
    ok: true,
    restores: [{ log: origin }],
  });
  const former = await verifyExport(text.split('\n'), report.restores[0]?.continues_key ?? '');
  expect(former.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining(`signed ${auditEntries} entries. A backup was restored after that`),
  ]);
  await opened.close();

  // The header alone proves nothing: what it says of logs must be in entries, which are signed.
  const forged = [
    text.replace(/"continues":\[[^\]]*\]/, '"continues":[]'),
    text.replace(/("continues":\[\{"log":"[^"]*","to":)\d+/, '$11'),
    text.replace(/"continues":\[[^\]]*\]/, '"continues":[{"log":"x","to":1}]'),
    text.replace(/("kind":"header".*?"origin":")[^"]*/, '$1prompter.local/other'),
  ];
  for (const [index, each] of forged.entries()) {
    expect(each).not.toBe(text);
    expect((await verifyExport(each.split('\n'))).ok, `forgery ${index}`).toBe(false);
  }
  if (hasPython) {
    const [whole, ...others] = verifyWithPython([text, ...forged]);
    expect(whole).toMatchObject({ code: 0, text: expect.stringMatching(/^RESTORED '.*' from 'copy.db'/) });
    expect(others.map(({ code }) => code)).toEqual(forged.map(() => 1));
  }

  opened = await openAudited(home, vault);
  expect(await opened.audit.verify()).toMatchObject({ ok: true, restores: [{}] });
  await opened.close();
});

test.each([
  ['a template', 'templates', `user_prompt_template = 'Something else'`, /the template \S+ was changed/],
  ['what was asked in a run', 'runs', `rendered_prompt = 'Something else'`, /the run \S+ was changed/],
  [
    'the bytes of an answer',
    'raw_responses',
    `bytes = zeroblob(3)`,
    /the answer \S+ (was changed|cannot be read)/,
  ],
])('a copy with %s changed is refused, and the store stays as it is', async (_what, table, set, said) => {
  const { home, copy } = await livedOn();
  const db = new Database(copy);
  for (const name of db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '${table}'`)
    .pluck()
    .all())
    db.exec(`DROP TRIGGER ${name}`);
  db.exec(`UPDATE ${table} SET ${set} WHERE rowid = (SELECT min(rowid) FROM ${table})`);
  db.close();
  const store = readFileSync(join(home, 'prompter.db'));
  const refusal = { code: 'STORE_CORRUPT', message: expect.stringMatching(said) as string };
  await expect(checkBackup({ home, file: copy, clock: createTestClock() })).rejects.toMatchObject(refusal);
  await expect(restore(home, copy)).rejects.toMatchObject(refusal);
  expect(readFileSync(join(home, 'prompter.db')).equals(store)).toBe(true);
  expect(readdirSync(home).filter((name) => /restoring|checking/.test(name))).toEqual([]);
});

test('what grew past the head that was given up, before anything was signed again, is no alarm', async () => {
  const { home, vault, copy } = await livedOn();
  await restore(home, copy);
  const opened = await openAudited(home, vault);
  liveThrough(opened.store, 80, randomNumbers(4));
  expect(await opened.audit.verify()).toMatchObject({ ok: true, restores: [{}] });
  await opened.close();
});

test('an old copy that was put back behind our back is still an alarm, also after an honest restore', async () => {
  const { home, vault, copy } = await livedOn();
  const store = join(home, 'prompter.db');
  await restore(home, copy);
  await live(home, vault, 3);
  const restored = join(tempHome(), 'restored.db');
  await copyStore({ source: store, target: restored });
  await live(home, vault, 4);

  for (const old of [copy, restored]) {
    for (const suffix of ['-wal', '-shm']) rmSync(`${store}${suffix}`, { force: true });
    copyFileSync(old, store);
    const opened = await openAudited(home, vault);
    const report = await opened.audit.verify();
    expect(report.ok).toBe(false);
    expect(report.problems.map(({ message }) => message).join()).toContain(
      'an old copy of the store was put back',
    );
    await opened.close();
  }
});

test('the record of a restore cannot be changed or taken away unseen', async () => {
  for (const sql of [
    `UPDATE settings SET value = replace(value, 'copy.db', 'other.db') WHERE key LIKE 'restored:%'`,
    `DELETE FROM settings WHERE key LIKE 'restored:%'`,
  ]) {
    const [home, vault] = [tempHome(), memoryKeychain()];
    await live(home, vault, 1);
    const copy = join(tempHome(), 'copy.db');
    await copyStore({ source: join(home, 'prompter.db'), target: copy });
    await restore(home, copy);
    const opened = await openAudited(home, vault);
    await opened.audit.checkpoint();
    opened.store.write((tx) => void tx.prepare(sql).run());
    expect((await opened.audit.verify()).ok).toBe(false);
    await opened.close();
  }
});

test('a log that a restore replaced is known when it is put back by hand, as far as it had come', async () => {
  const { home, vault, copy } = await livedOn();
  const replaced = tempHome();
  cpSync(home, replaced, { recursive: true });
  await restore(home, copy);
  await live(home, vault, 3);
  for (const name of ['prompter.db', 'audit-head']) copyFileSync(join(replaced, name), join(home, name));
  const opened = await openAudited(home, vault);
  expect((await opened.audit.verify()).problems[0]?.message).toContain(
    'This log was replaced by prompter.local/',
  );
  await expect(opened.audit.checkpoint()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  await opened.close();
});

test('on another machine the log has a name and a key of its own, and both verify', async () => {
  const [here, there] = [tempHome(), tempHome()];
  const [vaultHere, vaultThere] = [memoryKeychain(), memoryKeychain()];
  await live(here, vaultHere, 1);
  const copy = join(tempHome(), 'copy.db');
  await copyStore({ source: join(here, 'prompter.db'), target: copy });
  await restore(there, copy);
  const names: string[] = [];
  for (const [home, vault] of [
    [here, vaultHere],
    [there, vaultThere],
  ] as const) {
    await live(home, vault, 2);
    const opened = await openAudited(home, vault);
    const { origin, ephemeral } = await opened.audit.checkpoint();
    names.push(origin);
    expect(ephemeral).toBe(false);
    expect(await opened.audit.verify()).toMatchObject({ ok: true });
    await opened.close();
  }
  expect(new Set(names).size).toBe(2);
});

test('several restores before the store is opened are all in the log', async () => {
  const { home, vault, copy } = await livedOn();
  const { kept } = await restore(home, copy);
  await restore(home, copy);
  const opened = await openAudited(home, vault);
  liveThrough(opened.store, 20, randomNumbers(3));
  await opened.audit.checkpoint();
  const report = await opened.audit.verify();
  expect(report).toMatchObject({ ok: true, restores: [{}, {}] });
  expect(new Set(report.restores.map(({ log }) => log)).size).toBe(1);
  expect(kept).toContain(report.restores[0]?.kept_file ?? 'nothing');
  const text = await (await opened.audit.export()).file.text();
  expect(await verifyExport(text.split('\n'))).toMatchObject({ ok: true, restores: [{}, {}] });
  await opened.close();
});

test('a note that an earlier build left is taken over, and so is a backup from before there was a log', async () => {
  const [home, vault] = [tempHome(), memoryKeychain()];
  const first = await openAudited(home, vault);
  liveThrough(first.store, 5, randomNumbers(1));
  first.store.write((tx) => {
    for (const name of ['audit_leaves', 'audit_checkpoints'])
      tx.prepare(`DROP TRIGGER ${name}_delete_guard`).run();
    for (const name of ['audit_leaves', 'audit_checkpoints']) tx.prepare(`DELETE FROM ${name}`).run();
    for (const key of ['audit.adopted', LOG_NAME]) deleteSetting(tx, key);
    const note = { restored_at: '2026-01-01T00:00:00.000Z', from_file: 'old.db', kept_file: null };
    putSetting(
      tx,
      'restore.pending',
      JSON.stringify({ ...note, previous_head: null, previous_entries: null }),
    );
  });
  first.store.close();
  rmSync(join(home, 'audit-head'), { force: true });
  const again = await openAudited(home, memoryKeychain());
  expect(await again.audit.verify()).toMatchObject({
    problems: [],
    restores: [{ from_file: 'old.db', log: getSetting(again.store.read, LOG_NAME), continues_log: null }],
  });
  expect((await again.audit.list({ limit: 1, record_type: 'restored' })).items[0]?.seq).toBe(1);
  expect(again.audit.size()).toBeGreaterThan(5);
  await again.close();
});

test.each([...RESTORE_STEPS])(
  'killed before “%s” the log verifies and tells of no restore that was not',
  async (step) => {
    const [home, vault] = [tempHome(), memoryKeychain()];
    await live(home, vault, 1);
    const copy = join(tempHome(), 'copy.db');
    await copyStore({ source: join(home, 'prompter.db'), target: copy });
    await live(home, vault, 2);
    expect(await killRestore(home, copy, step)).toBe('SIGKILL');
    // The first time it is killed as well, after the log took the note over and before that was signed.
    for (const end of ['killed', 'closed']) {
      const opened = await openAudited(home, vault);
      const { ok, restores: told, problems } = await opened.audit.verify();
      expect(problems).toEqual([]);
      expect(ok).toBe(true);
      expect(told).toHaveLength(step === 'finishing' ? 1 : 0);
      if (end === 'killed') opened.store.close();
      else await opened.close();
    }
  },
);

test('a store that was deleted is missed, as long as a head outside says that there was one', async () => {
  const [home, vault] = [tempHome(), memoryKeychain()];
  await live(home, vault, 1);
  const copy = join(tempHome(), 'copy.db');
  await copyStore({ source: join(home, 'prompter.db'), target: copy });
  const signed = await openAudited(home, vault);
  expect(signed.audit.lost()).toBeNull();
  const { origin, size } = await signed.audit.checkpoint();
  await signed.close();
  rmSync(join(home, 'prompter.db'));

  let opened = await openAudited(home, vault);
  const lost = { state: 'another', told_by: 'audit-head', expected_log: origin, expected_entries: size };
  expect(opened.audit.lost()).toMatchObject(lost);
  await opened.close();
  // Not forgotten because the new store was used, or closed.
  opened = await openAudited(home, vault);
  liveThrough(opened.store, 5, randomNumbers(2));
  expect(opened.audit.lost()).toMatchObject(lost);
  expect((await opened.audit.verify()).ok).toBe(false);
  await opened.close();

  const onPurpose = tempHome();
  cpSync(home, onPurpose, { recursive: true });
  rmSync(join(onPurpose, 'audit-head'));
  opened = await openAudited(onPurpose, vault);
  expect(opened.audit.lost()).toBeNull();
  await opened.audit.checkpoint();
  expect(await opened.audit.verify()).toMatchObject({ ok: true });
  await opened.close();

  await restore(home, copy);
  opened = await openAudited(home, vault);
  expect(opened.audit.lost()).toBeNull();
  expect(await opened.audit.verify()).toMatchObject({ ok: true });
  await opened.close();
});

test('an old copy that took the place of the store is missed by the keychain, also without its file', async () => {
  const { home, vault, copy } = await livedOn();
  const store = join(home, 'prompter.db');
  copyFileSync(copy, store);
  for (const told_by of ['audit-head', 'keychain']) {
    const { audit, close } = await openAudited(home, vault);
    await expect
      .poll(() => audit.lost(), { timeout: 20_000 })
      .toMatchObject({ state: 'rolled_back', told_by });
    await close();
    rmSync(join(home, 'audit-head'), { force: true });
  }
});
