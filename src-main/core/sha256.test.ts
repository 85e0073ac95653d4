import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../src-shared/domain/canonical';
import { sha256HexSync } from './sha256';

test('both hash functions say SHA-256 over UTF-8, in lower-case hex', async () => {
  expect(sha256HexSync('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud800'), async (text, more) => {
      const expected = createHash('sha256')
        .update(new TextEncoder().encode(text + more))
        .digest('hex');
      expect(sha256HexSync(text + more)).toBe(expected);
      expect(await sha256Hex(text + more)).toBe(expected);
    }),
  );
});
