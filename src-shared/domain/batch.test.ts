import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, cellTotal, type BatchShape } from './batch';

const size = fc.integer({ min: 1, max: 6 });
const shapes: fc.Arbitrary<BatchShape> = fc.record({
  inputs: size,
  locales: size,
  modes: size,
  targets: size,
  replicates: size,
});

describe('the plan of a batch', () => {
  it('is inputs × locales × modes × targets × replicates, in that order', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const planned = Array.from({ length: cellTotal(shape) }, (_, index) => cellAt(shape, index));
        const nested = [];
        for (let input_index = 0; input_index < shape.inputs; input_index += 1)
          for (let locale_index = 0; locale_index < shape.locales; locale_index += 1)
            for (let mode_index = 0; mode_index < shape.modes; mode_index += 1)
              for (let target_index = 0; target_index < shape.targets; target_index += 1)
                for (let replicate_index = 0; replicate_index < shape.replicates; replicate_index += 1)
                  nested.push({
                    batch_run_index: nested.length,
                    input_index,
                    locale_index,
                    mode_index,
                    target_index,
                    replicate_index,
                  });
        expect(planned).toEqual(nested);
      }),
    );
  });
});
