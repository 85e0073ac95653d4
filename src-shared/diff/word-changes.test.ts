import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordChanges } from './word-changes';

const marked = (before: string, after: string): string | undefined =>
  wordChanges(before, after)
    ?.map(({ kind, text }) => ({ same: text, added: `{+${text}+}`, removed: `[-${text}-]` })[kind])
    .join('');

test('a changed word is struck and its replacement inserted', () => {
  expect(marked('Refund the kettle within five days.', 'Refund the heater within five days.')).toBe(
    'Refund the [-kettle-]{+heater+} within five days.',
  );
});

test('a passage that was rewritten is one deletion and one insertion, not confetti', () => {
  expect(marked('Keep this: a b c d e f. End of it.', 'Keep this: u b w d y z. End of it.')).toBe(
    'Keep this: [-a b c d e f-]{+u b w d y z+}. End of it.',
  );
});

test('texts with little in common are not compared word by word', () => {
  expect(
    wordChanges('The parcel was lost on Monday', 'Gemini answers something else entirely here'),
  ).toBeNull();
});

test('what is kept and removed is the old text, what is kept and added the new one', () => {
  const words = fc.array(fc.constantFrom('a', 'bb', 'ccc', 'dddd', '\n', '.'), { maxLength: 30 });
  fc.assert(
    fc.property(words, words, (before, after) => {
      const changes = wordChanges(before.join(' '), after.join(' '));
      if (!changes) return;
      const without = (kind: string): string =>
        changes.map((change) => (change.kind === kind ? '' : change.text)).join('');
      expect(without('added')).toBe(before.join(' '));
      expect(without('removed')).toBe(after.join(' '));
    }),
  );
});
