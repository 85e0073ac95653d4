import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundariesOf, cutsOf, images } from '../support/power-loss/image';
import { ANSWERS, recordComparisons } from '../support/power-loss/recording';
import { temporaryFolder } from '../support/temporary';

/**
 * PROMPTER_POWER_LOSS_IMAGES: how many images are made; 300 unless given, 10,000 by `npm run test:power-loss`.
 * PROMPTER_POWER_LOSS_SEED: which cuts, and what is left of unsynced writes; 1 unless given. No two recordings are the same,
 * so an image that fails is kept.
 */
const IMAGES = wholeNumber('PROMPTER_POWER_LOSS_IMAGES', 300);
const SEED = wholeNumber('PROMPTER_POWER_LOSS_SEED', 1);
/** Several times what it takes on an idle machine. */
const PATIENCE_MS = 600_000 + IMAGES * 500;

function wholeNumber(name: string, otherwise: number): number {
  const given = process.env[name];
  const value = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name} must be a whole number above 0, not "${given}".`);
  return value;
}

describe.runIf(process.platform === 'linux')('the power goes during a comparison', () => {
  it(
    `and every answer reported as stored is there, in a whole store with a whole log (${IMAGES} images)`,
    async () => {
      const operations = await recordComparisons(temporaryFolder());
      // The end is a moment as well: everything was reported by then.
      const cuts = [...cutsOf(operations, IMAGES - 1, SEED), { number: IMAGES, at: operations.length }];
      let promised = 0;
      let checkpoints = 0;
      let atStake = 0;
      for await (const image of images(operations, cuts, SEED)) {
        const { lost, problems } = image;
        if (lost.length + problems.length > 0) {
          const kept = mkdtempSync(join(tmpdir(), 'prompter-power-loss-'));
          image.layAgain(kept);
          expect({ lost, problems }, `${image.told}; kept in ${kept}`).toEqual({ lost: [], problems: [] });
        }
        ({ promised, checkpoints } = image);
        if (image.uncovered > 0) atStake += 1;
      }
      expect(promised).toBe(ANSWERS);
      // Each process signs the log when it ends.
      expect(checkpoints).toBe(2);
      // Cuts at which everything was synced would prove nothing.
      expect(boundariesOf(operations).length).toBeGreaterThan(100);
      expect(atStake).toBeGreaterThan(IMAGES * 0.9);
    },
    PATIENCE_MS,
  );

  it('and answers would be lost if SQLite did not sync each commit: the images show it', async () => {
    const operations = await recordComparisons(temporaryFolder(), { synchronous: 'NORMAL' });
    let lost = 0;
    for await (const image of images(operations, cutsOf(operations, IMAGES, SEED), SEED)) {
      lost = image.lost.length;
      if (lost > 0) break;
    }
    expect(lost).toBeGreaterThan(0);
  });
});
