import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveThrough, memoryKeychain, openAudited, randomNumbers } from '../../test/support/audit-history';
import { createTestClock, tempHome } from '../../test/support/temp-store';
import { copyStore, restoreStore } from '../store';
import { readHead, verifyExport } from '.';

async function live(home: string, vault: ReturnType<typeof memoryKeychain>, seed: number): Promise<void> {
  const opened = await openAudited(home, vault);
  liveThrough(opened.store, 20, randomNumbers(seed));
  await opened.close();
}

function restore(home: string, file: string) {
  const head = readHead(home);
  const previousHead = head === null || head === 'unreadable' ? null : head.note;
  return restoreStore({ home, file, clock: createTestClock(), previousHead });
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
  const { file } = await opened.audit.export();
  expect(await verifyExport((await file.text()).split('\n'))).toMatchObject({ ok: true });
  await opened.close();

  opened = await openAudited(home, vault);
  expect(await opened.audit.verify()).toMatchObject({ ok: true, restores: [{}] });
  await opened.close();
});

test('what grew past the head that was given up, before anything was signed again, is no alarm', async () => {
  const [home, vault] = [tempHome(), memoryKeychain()];
  await live(home, vault, 1);
  const copy = join(tempHome(), 'copy.db');
  await copyStore({ source: join(home, 'prompter.db'), target: copy });
  await live(home, vault, 2);
  await restore(home, copy);
  const opened = await openAudited(home, vault);
  liveThrough(opened.store, 80, randomNumbers(4));
  expect(await opened.audit.verify()).toMatchObject({ ok: true, restores: [{}] });
  await opened.close();
});

test('an old copy that was put back behind our back is still an alarm, also after an honest restore', async () => {
  const [home, vault] = [tempHome(), memoryKeychain()];
  const store = join(home, 'prompter.db');
  await live(home, vault, 1);
  const copy = join(tempHome(), 'copy.db');
  await copyStore({ source: store, target: copy });
  await live(home, vault, 2);
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
