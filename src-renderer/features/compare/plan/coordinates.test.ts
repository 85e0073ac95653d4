import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellAt, cellTotal } from '../../../../src-shared/domain';
import { cellIndex, lineCount, placeOfLine } from './coordinates';

const size = fc.integer({ min: 1, max: 6 });
const shapes = fc.record({ inputs: size, locales: size, modes: size, targets: size, replicates: size });

test('line and column name exactly the cell that the plan put there', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const seen = new Set<number>();
      for (let line = 0; line < lineCount(shape); line += 1) {
        const place = placeOfLine(shape, line);
        for (let target = 0; target < shape.targets; target += 1) {
          const index = cellIndex(shape, line, target);
          seen.add(index);
          expect(cellAt(shape, index)).toEqual({
            batch_run_index: index,
            input_index: place.input,
            locale_index: place.locale,
            mode_index: place.mode,
            target_index: target,
            replicate_index: place.replicate,
          });
        }
      }
      expect(seen.size).toBe(cellTotal(shape));
    }),
  );
});
