import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCore } from '../../src-main/core';
import { resolveConfig } from '../../src-main/home';
import type { Core } from '../../src-main/ports';
import { startPracticeServer, type PracticeServer } from '../../src-main/practice';
import { copyStore } from '../../src-main/store';
import { temporaryFolder } from '../support/temporary';

/** A disk of its own: only root may mount one. */
function mountDisk(megabytes: number): string | null {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

async function openOn(home: string, server: PracticeServer): Promise<Core> {
  const env = { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
  return createCore({
    config: resolveConfig(env),
    appVersion: 'test',
    env,
    practice: { url: () => Promise.resolve(server.url), close: () => Promise.resolve() },
  });
}

async function vendors(): Promise<PracticeServer> {
  const server = await startPracticeServer({ keepJournal: true });
  onTestFinished(() => server.close());
  return server;
}

describe.skipIf(!canMount)('a full disk', () => {
  it('pauses a comparison with the reason, stores nothing by half, and lets it go on when there is space', async () => {
    const disk = mountDisk(8);
    if (disk === null) throw new Error('The disk could not be mounted.');
    const server = await vendors();
    const core = await openOn(join(disk, 'home'), server);
    onTestFinished(() => core.close());
    const { template } = core.templates.create({
      org_id: 'default',
      workspace_id: 'default',
      name: 'Full',
      user_prompt_template: 'Say {{ word }}.',
      model_id: 'gpt-4o',
    });
    const inputs = Array.from({ length: 600 }, (_, index) => ({ word: `${index} ${'x'.repeat(500)}` }));
    const { batch_id, total } = await core.batches.start({
      template_id: template.template_id,
      targets: [{ provider: 'practice-openai', model_id: 'gpt-4o' }],
      inputs,
      replicates: 4,
      drift_policy: 'record',
      stream: false,
    });
    // What else is on the disk grows until nothing is left.
    const ballast = join(disk, 'ballast');
    const stop = core.batches.onCell(batch_id, () => {
      stop();
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 600_000)));
    });
    await core.batches.settled(batch_id);

    const full = core.batches.get({ batch_id });
    expect(full.status).toBe('paused');
    expect(full.status_reason).toContain('is full');
    expect(full.counts.succeeded).toBeGreaterThan(0);
    expect(core.batches.list({ limit: 1 }).items[0]?.status).toBe('paused');
    expect(() =>
      core.templates.create({
        org_id: 'default',
        workspace_id: 'default',
        name: 'More',
        user_prompt_template: 'y'.repeat(900_000),
        model_id: 'gpt-4o',
      }),
    ).toThrow(expect.objectContaining({ code: 'DISK_FULL' }) as Error);

    rmSync(ballast);
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    core.batches.resume({ batch_id, retry_unknown: false });
    await core.batches.settled(batch_id);
    const after = core.batches.get({ batch_id });
    expect(after.status).toBe('completed');
    expect(after.counts).toMatchObject({ pending: 0, running: 0, failed: 0 });
    // What was under way when the disk was full is in doubt, and was not sent again by itself.
    expect(after.counts.succeeded + after.counts.outcome_unknown).toBe(total);
    const requests = server.journal().filter(({ event }) => event === 'request');
    expect(requests).toHaveLength(total);

    core.batches.resume({ batch_id, retry_unknown: true });
    await core.batches.settled(batch_id);
    expect(core.batches.get({ batch_id }).counts.succeeded).toBe(total);
  });

  it('takes no backup, before or in the middle of it, and keeps nothing of one', async () => {
    const disk = mountDisk(8);
    if (disk === null) throw new Error('The disk could not be mounted.');
    const home = join(temporaryFolder(), 'home');
    await (await openOn(home, await vendors())).close();
    const source = join(home, 'prompter.db');
    const fillUp = (left: number): void => {
      const { bavail, bsize } = statfsSync(disk);
      appendFileSync(join(disk, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
    };
    const size = statSync(source).size;
    // Room enough when it is asked for, and then somebody else takes it.
    fillUp(size + 100_000);
    const onProgress = (): void => fillUp(size / 4);
    for (const options of [{ onProgress }, {}]) {
      const attempt = copyStore({ source, target: join(disk, 'copy.db'), ...options });
      await expect(attempt).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(readdirSync(disk)).toEqual(['ballast']);
    }
  });

  it('that cannot be written to at all is told as such', async () => {
    const disk = mountDisk(8);
    if (disk === null) throw new Error('The disk could not be mounted.');
    const server = await vendors();
    await (await openOn(join(disk, 'home'), server)).close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    await expect(openOn(join(disk, 'home'), server)).rejects.toMatchObject({ code: 'STORE_UNSAFE_LOCATION' });
    await expect(openOn(join(disk, 'other'), server)).rejects.toMatchObject({
      code: 'STORE_UNSAFE_LOCATION',
    });
  });
});

describe('a store', () => {
  it('that another one has open is refused, with its owner', async () => {
    const home = join(temporaryFolder(), 'home');
    const server = await vendors();
    const core = await openOn(home, server);
    await expect(openOn(home, server)).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      data: { pid: process.pid },
    });
    await core.close();
    await (await openOn(home, server)).close();
  });

  it.each([
    ['is something else', () => Buffer.from('This is a letter to my aunt. '.repeat(100))],
    ['is cut in half', (file: Buffer) => file.subarray(0, file.length / 2)],
    [
      'has a damaged page',
      (file: Buffer) =>
        Buffer.concat([file.subarray(0, 8192), Buffer.alloc(8192, 0xa5), file.subarray(16_384)]),
    ],
  ])('whose file %s is refused and left as it is', async (_, damage) => {
    const home = join(temporaryFolder(), 'home');
    const server = await vendors();
    await (await openOn(home, server)).close();
    const path = join(home, 'prompter.db');
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);
    // As after a crash, when the file is looked through.
    writeFileSync(join(home, 'owner.json'), '{}');
    await expect(openOn(home, server)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });
});
