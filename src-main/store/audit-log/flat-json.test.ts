import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { onTestFinished, expect, test } from 'vitest';
import { canonicalJsonOfValue } from '../../../src-shared/domain/canonical';
import { leafSha256, leafText } from '..';
import { RECORD_TYPES } from '../../../src-shared/domain';
import { createContents } from './content';
import { KINDS } from './kinds';
import { flatJson } from './flat-json';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const value = fc.oneof(
  text,
  // Whole pairs and halves of them, what JSON escapes, and what JavaScript once took for the end of a line.
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '"', '\\', '\0', '\n', '\u007f', '\u2028', 'é') }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 2 ** 53, -(2 ** 53), 1e21, 5e-324, 812.5),
  fc.constant(null),
);

/** What SQLite keeps: half a surrogate pair has no UTF-8. */
const resting = <T>(given: T): T | string => (typeof given === 'string' ? given.toWellFormed() : given);

test('a flat row is written as the general canonical form writes it, whatever its columns hold', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value), (row) => {
      const columns = Object.keys(row)
        .filter((column) => column.isWellFormed())
        .toSorted();
      const expected = Object.fromEntries(columns.map((column) => [column, resting(row[column] ?? null)]));
      expect(flatJson(columns)(row)).toBe(canonicalJsonOfValue(expected));
    }),
  );
});

const contents = createContents(KINDS);

test('of a kind of record its columns are written, a missing one as null, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RECORD_TYPES),
      fc.array(value, { minLength: 40, maxLength: 40 }),
      (type, values) => {
        const columns = contents.columns(type);
        const row = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]));
        const expected = Object.fromEntries(columns.map((column) => [column, resting(row[column])]));
        expect(contents.body(type, { ...row, not_logged: 1 })).toBe(canonicalJsonOfValue(expected));
      },
    ),
  );
});

test('what SQLite gives back is written as what it was given', () => {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  db.exec('CREATE TABLE kept (value ANY) STRICT');
  const write = flatJson(['value']);
  fc.assert(
    fc.property(value, (given) => {
      db.exec('DELETE FROM kept');
      db.prepare('INSERT INTO kept VALUES (?)').run(given);
      const row = db.prepare<[], { value: string | number | null }>('SELECT value FROM kept').get();
      expect(write({ value: row?.value ?? null })).toBe(write({ value: given }));
    }),
  );
});

test('columns that are not sorted are refused', () => {
  expect(() => flatJson(['b', 'a'])).toThrow('sorted');
  expect(() => flatJson(['a', 'a'])).toThrow('sorted');
});

test('a leaf is hashed as its general canonical form', () => {
  const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
  const leaf = fc.record({
    actor: text,
    content_sha256: sha256,
    created_at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    record_id: text,
    record_type: fc.constantFrom('run', 'result', 'answer'),
    salt: sha256.map((hex) => hex.slice(0, 32)),
  });
  fc.assert(
    fc.property(leaf, (given) => {
      const expected = canonicalJsonOfValue({
        ...given,
        actor: given.actor.toWellFormed(),
        record_id: given.record_id.toWellFormed(),
        v: 1,
      });
      expect(leafText(given)).toBe(expected);
      expect(leafSha256(given)).toBe(hash('sha256', `\0${expected}`));
    }),
  );
});
