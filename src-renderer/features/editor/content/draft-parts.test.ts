import { describe, expect, test } from 'vitest';
import { contentOf, moved, partsOf, shapeOf } from './draft-parts';

const TEXT = { type: 'text' as const, text: 'See' };
const IMAGE = {
  type: 'image' as const,
  asset_sha256: 'a'.repeat(64),
  media_type: 'image/png',
  name: 'a.png',
};
const VARIABLE = { type: 'file' as const, variable: '' };

describe('the parts of a block', () => {
  test('are what its JSON says, in their order, also while a variable has no name yet', () => {
    const parts = [TEXT, IMAGE, VARIABLE];
    expect(partsOf(contentOf(parts))).toEqual(parts);
    expect(partsOf({ text: 'Hi', parts: null })).toEqual([{ type: 'text', text: 'Hi' }]);
  });

  test('that are one text are that text, and none are an empty one', () => {
    expect(contentOf([TEXT])).toEqual({ text: 'See', parts: null });
    expect(contentOf([])).toEqual({ text: '', parts: null });
    expect(contentOf([IMAGE]).parts).toContain('image/png');
  });

  test.each(['[', '{}', '[{"type":"text"}]', '[{"type":"text","text":"x","more":1}]', '[{"type":"audio"}]'])(
    'are not made up from other JSON: %s',
    (parts) => {
      expect(partsOf({ text: '', parts })).toBeNull();
      expect(shapeOf(partsOf({ text: '', parts }))).toBe('json');
    },
  );

  test('have the same shape while a text is typed, and another when one is moved', () => {
    const parts = [TEXT, IMAGE];
    expect(shapeOf([{ ...TEXT, text: 'See this' }, IMAGE])).toBe(shapeOf(parts));
    expect(moved(parts, 1, -1)).toEqual([IMAGE, TEXT]);
    expect(shapeOf(moved(parts, 1, -1))).not.toBe(shapeOf(parts));
    expect(moved(parts, 1, 1)).toEqual(parts);
    expect(moved(parts, 0, -1)).toEqual(parts);
  });
});
