import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAppError, type AppError } from '../../src-shared/domain';
import { copyStore, openStore, putSetting, type Store } from '../../src-main/store';
import { randomNumbers } from '../support/audit/audit-history';
import { seedRunParents } from '../support/run-parents';
import { storeOptions, tempHome } from '../support/temp-store';

const PAGE = 8192;
const IMAGES = 200;

const random = randomNumbers(7);
type Damage = (bytes: Buffer, pages: number) => Buffer;
const at = (pages: number): number => random(pages) * PAGE;
const damages: Readonly<Record<string, Damage>> = {
  truncated: (bytes, pages) => bytes.subarray(0, at(pages) + random(PAGE)),
  'one page overwritten': (bytes, pages) => {
    const start = at(pages);
    return bytes.fill(random(255) + 1, start, start + PAGE);
  },
  'one page zeroed': (bytes, pages) => {
    const start = at(pages);
    return bytes.fill(0, start, start + PAGE);
  },
  'a page written where another belongs': (bytes, pages) => {
    const [from, to] = [at(pages), at(pages)];
    bytes.copyWithin(to, from, from + PAGE);
    return bytes;
  },
  'the start of a page torn': (bytes, pages) => {
    const start = at(pages);
    return bytes.fill(0xa5, start, start + 64);
  },
};

function attempt(home: string): Store | AppError {
  try {
    return openStore(storeOptions({ home }));
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

it('200 damaged stores after a crash: none is deleted or changed, and each refusal names the newest good backup', async () => {
  const source = tempHome();
  const made = openStore(storeOptions({ home: source }));
  seedRunParents(made, 400);
  made.close();
  const whole = readFileSync(join(source, 'prompter.db'));
  const pages = whole.length / PAGE;
  const good = 'prompter-v4-2026-01-01T00-00-00-000Z-manual.db';
  const newer = 'prompter-v4-2026-01-02T00-00-00-000Z-manual.db';
  await copyStore({ source: join(source, 'prompter.db'), target: join(source, good) });

  const cut = readFileSync(join(source, good)).subarray(0, PAGE + 17);
  const kinds = Object.entries(damages);
  const opened: string[] = [];
  let refused = 0;
  for (let image = 0; image < IMAGES; image += 1) {
    const [kind, damage] = kinds[image % kinds.length] ?? ['', (bytes: Buffer) => bytes];
    const home = tempHome();
    const path = join(home, 'prompter.db');
    const bytes = damage(Buffer.from(whole), pages);
    writeFileSync(path, bytes);
    writeFileSync(join(home, 'owner.json'), '{}');
    mkdirSync(join(home, 'backups'));
    copyFileSync(join(source, good), join(home, 'backups', good));
    // The newest one is damaged as well, so it is not the one to go back to.
    writeFileSync(join(home, 'backups', newer), cut);
    const outcome = attempt(home);
    if (isAppError(outcome)) {
      refused += 1;
      expect(outcome.code, kind).toBe('STORE_CORRUPT');
      expect(outcome.message, kind).toContain(good);
      expect(outcome.message, kind).not.toContain(newer);
      expect(readFileSync(path).equals(bytes), kind).toBe(true);
      // The next attempt checks again.
      expect(readdirSync(home), kind).toContain('owner.json');
    } else {
      opened.push(kind);
      expect(outcome.info.checkedAfterCrash).not.toBeNull();
      outcome.write((tx) => putSetting(tx, 'still', 'usable'));
      outcome.close();
    }
    expect(readdirSync(join(home, 'backups')).toSorted()).toEqual([good, newer]);
  }
  // What the check cannot see: a page that nothing uses, a page copied onto itself, a file cut off before its first page.
  expect(refused).toBeGreaterThan(IMAGES * 0.8);
  expect(refused + opened.length).toBe(IMAGES);
});
