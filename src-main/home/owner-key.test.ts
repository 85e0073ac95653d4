import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary';
import { ownerFile, publishOwnerKey, readOwner, readOwnerKey, withdrawOwnerKey, writeOwner } from '.';

const KEY = 'k'.repeat(43);
const keyFile = (home: string) => join(home, 'owner.key');

function privateFile(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
}

/** What may be found where a small file is expected. A reader that opens the pipe as usual waits for its writer. */
const STRANGE = [
  ['a pipe', (path: string) => execFileSync('mkfifo', ['-m', '600', path]), 'is not a file'],
  ['a folder', (path: string) => mkdirSync(path), 'is not a file'],
  [
    'two gigabytes',
    (path: string) => {
      privateFile(path, '');
      truncateSync(path, 2 ** 31);
    },
    'is too large',
  ],
  [
    'a link',
    (path: string) => {
      privateFile(`${path}.target`, `${KEY}\n`);
      symlinkSync(`${path}.target`, path);
    },
    'cannot be read (ELOOP)',
  ],
] as const;

test('a key is read as it was published, and gone when it is withdrawn', () => {
  const home = temporaryFolder();
  expect(publishOwnerKey(home, KEY)).toBeNull();
  expect(readOwnerKey(home)).toEqual({ ok: true, key: KEY });
  withdrawOwnerKey(home);
  expect(readOwnerKey(home)).toEqual({ ok: false, why: `${keyFile(home)} cannot be read (ENOENT)` });
});

describe.each(STRANGE)('%s', (_what, make, why) => {
  test('in place of the key is refused with the reason, and without waiting', () => {
    const home = temporaryFolder();
    make(keyFile(home));
    expect(readOwnerKey(home)).toEqual({ ok: false, why: `${keyFile(home)} ${why}` });
  });

  test('in place of what the owner says is no owner', () => {
    const home = temporaryFolder();
    make(ownerFile(home));
    expect(readOwner(home)).toBeUndefined();
  });
});

test.runIf(process.getuid?.() === 0)('a key that belongs to somebody else is refused', () => {
  const home = temporaryFolder();
  publishOwnerKey(home, KEY);
  execFileSync('chown', ['12345', keyFile(home)]);
  expect(readOwnerKey(home)).toEqual({ ok: false, why: `${keyFile(home)} belongs to another user` });
});

test('a folder that has the name of the key is left alone, and whoever serves is told', () => {
  const home = temporaryFolder();
  mkdirSync(join(keyFile(home), 'mine'), { recursive: true });
  withdrawOwnerKey(home);
  expect(publishOwnerKey(home, KEY)).toBe(`${keyFile(home)} cannot be written (EISDIR)`);
  expect(existsSync(join(keyFile(home), 'mine'))).toBe(true);
  expect(existsSync(`${keyFile(home)}.new`)).toBe(false);
});

test.each(STRANGE.filter(([what]) => what !== 'a folder'))('a key is published over %s', (_what, make) => {
  const home = temporaryFolder();
  make(keyFile(home));
  expect(publishOwnerKey(home, KEY)).toBeNull();
  expect(statSync(keyFile(home)).mode & 0o777).toBe(0o600);
  expect(readOwnerKey(home)).toEqual({ ok: true, key: KEY });
});

test('an owner is read as it was written', () => {
  const home = temporaryFolder();
  const owner = { pid: 1, started_at: '2026-11-20T10:00:00.000Z', command: 'prompter serve' };
  writeOwner(home, owner);
  expect(readOwner(home)).toEqual(owner);
});
