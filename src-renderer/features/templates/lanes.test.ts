import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lanesOf } from './lanes';

/** Newest first: `4:2` is version 4, made from version 2. */
const history = (...entries: string[]) =>
  entries.map((entry) => {
    const [template_id = '', parent = ''] = entry.split(':');
    return { template_id, parent_template_id: parent === '' ? null : parent };
  });

test('versions made one from the other are one line', () => {
  expect(lanesOf(history('3:2', '2:1', '1:'))).toEqual([
    { lane: 0, above: [], below: [0], joins: [] },
    { lane: 0, above: [0], below: [0], joins: [] },
    { lane: 0, above: [0], below: [], joins: [] },
  ]);
});

test('a branch has a lane of its own until the version that it was made from', () => {
  expect(lanesOf(history('4:1', '3:2', '2:1', '1:'))).toEqual([
    { lane: 0, above: [], below: [0], joins: [] },
    { lane: 1, above: [0], below: [0, 1], joins: [] },
    { lane: 1, above: [0, 1], below: [0, 1], joins: [] },
    { lane: 0, above: [0, 1], below: [], joins: [1] },
  ]);
});

test('a parent that is not listed begins a line', () => {
  expect(lanesOf(history('2:elsewhere', '1:'))).toEqual([
    { lane: 0, above: [], below: [], joins: [] },
    { lane: 0, above: [], below: [], joins: [] },
  ]);
});

test('each line that leaves a row enters the next, and ends at the parent of its version', () => {
  const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).map((picks) =>
    picks
      .map((pick, index) => ({
        template_id: String(index),
        parent_template_id: index === 0 ? null : String(pick % index),
      }))
      .toReversed(),
  );
  fc.assert(
    fc.property(tree, (entries) => {
      const rows = lanesOf(entries);
      rows.forEach((row, index) => {
        expect(row.above).toEqual(rows[index - 1]?.below ?? []);
        const ends = [...row.joins, ...(row.above.includes(row.lane) ? [row.lane] : [])];
        // As many lines end here as there are children above.
        expect(ends).toHaveLength(
          entries.filter(({ parent_template_id }) => parent_template_id === entries[index]?.template_id)
            .length,
        );
      });
      expect(rows.at(-1)?.below).toEqual([]);
    }),
  );
});
