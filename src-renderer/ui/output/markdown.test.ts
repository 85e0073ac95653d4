import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARKDOWN_CHARS, mayBeMarkdown, readMarkdown, type MarkdownPart } from './markdown';

/** All text that is shown. */
function textOf(parts: readonly MarkdownPart[]): string {
  return parts
    .map((part) => {
      if ('text' in part) return part.text;
      if ('parts' in part) return textOf(part.parts);
      if ('items' in part) return part.items.map(textOf).join('\n');
      if ('rows' in part) return part.rows.flat().map(textOf).join('\n');
      return '\n';
    })
    .join('');
}

describe('Markdown', () => {
  it('recognises headings, lists, tables, fences and emphasis', () => {
    const parts = readMarkdown(
      '# Plan\n\n1. **one**\n2. two\n\n| a | b |\n|---|---|\n| 1 | `x` |\n\n```\n<b>\n```\n',
    );
    expect(parts.map(({ kind }) => kind)).toEqual(['heading', 'list', 'table', 'fence']);
    expect(parts[1]).toMatchObject({ start: 1, items: [[{ parts: [{ kind: 'strong' }] }], [{}]] });
    expect(textOf(parts)).toContain('<b>');
  });

  it.each([
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['![cat](https://example.com/cat.png)', '![cat](https://example.com/cat.png)'],
    ['[here](javascript:alert(1))', 'here (javascript:alert(1))'],
    ['[here](https://example.com "now")', 'here (https://example.com, now)'],
    ['<https://example.com>', 'https://example.com'],
    ['a <script>b</script> c', 'a <script>b</script> c'],
    ['&lt;b&gt;', '&lt;b&gt;'],
  ])('of %s nothing is more than text', (text, shown) => {
    expect(textOf(readMarkdown(text))).toBe(shown);
  });

  it('keeps every word of any text', () => {
    const piece = fc.constantFrom(
      '# ',
      '- ',
      '1. ',
      '> ',
      '`',
      '**',
      '*',
      '_',
      '|',
      '\n',
      '\n\n',
      '[',
      '](',
      ')',
      '<',
      '>',
      '  ',
    );
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, word), { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const shown = textOf(readMarkdown(text)).replaceAll(/[^abc]/g, '');
        expect(shown).toBe(text.replaceAll(/[^abc]/g, ''));
      }),
    );
  });

  it('shows text that nests too deeply or is too long as sent', () => {
    expect(textOf(readMarkdown('> '.repeat(500) + 'deep'))).toContain('deep');
    const deep = '> '.repeat(MARKDOWN_CHARS / 2);
    expect(textOf(readMarkdown(deep))).toBe(deep);
    expect(mayBeMarkdown(`# ${'x'.repeat(MARKDOWN_CHARS)}`)).toBe(false);
    expect(mayBeMarkdown('['.repeat(MARKDOWN_CHARS))).toBe(false);
  });

  it.each(['plain words', 'a - b', '3 * 4 = 12', 'C# is a language', '2026. A year'])(
    'is not seen in %s',
    (text) => {
      expect(mayBeMarkdown(text)).toBe(false);
    },
  );
});
