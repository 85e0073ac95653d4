import { describe, expect, test } from 'vitest';
import {
  canonicalJson,
  canonicalNumber,
  canonicalTemplateConfig,
  canonicalText,
  isCanonicalError,
  sha256Hex,
} from '../../src-shared/domain/canonical';
import { newTemplateSchema } from '../../src-shared/domain';
import { codesIn, rowsOf, sectionOf } from './markdown-tables';

const DOCUMENT = 'docs/canonical.md';

/** The canonical form, or the code that it is refused with. */
function formOf(make: () => string): string {
  try {
    return make();
  } catch (error) {
    if (isCanonicalError(error)) return error.code;
    throw error;
  }
}

/** The first code of each cell; nothing where a cell is empty. */
const examples = (heading: string): (string | undefined)[][] =>
  rowsOf(DOCUMENT, heading)
    .map((row) => row.map((cell) => codesIn(cell)[0]))
    // Tables of codes and fields have prose in their second column.
    .filter(([, second]) => second !== undefined);

/** A fenced block of a section. */
function blockOf(heading: string, language: string): string {
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(sectionOf(DOCUMENT, heading))?.[1];
  if (block === undefined) throw new Error(`${DOCUMENT}, ${heading}: no block of ${language}`);
  return block;
}

describe('the examples of docs/canonical.md', () => {
  test.each(examples('Numbers'))('number %s is %s', (lexeme = '', form) => {
    expect(formOf(() => canonicalNumber(lexeme))).toBe(form);
  });

  test.each(examples('JSON'))('JSON %s is %s', async (text = '', form = '', sha256 = '') => {
    expect(formOf(() => canonicalJson(text))).toBe(form);
    if (sha256 !== '') expect(await sha256Hex(form)).toBe(sha256);
  });

  test.each(examples('Text output'))('text %s is %s', async (text = '', form = '', sha256) => {
    const canonical = canonicalText(String(JSON.parse(text)));
    expect(canonical).toBe(JSON.parse(form));
    expect(await sha256Hex(canonical)).toBe(sha256);
  });

  test('the template has its canonical form and its hash', async () => {
    const heading = 'Template configuration';
    const example: unknown = JSON.parse(blockOf(heading, 'json'));
    const template = newTemplateSchema.omit({ name: true, org_id: true, workspace_id: true }).parse(example);
    const form = canonicalTemplateConfig(template);
    expect(form).toBe(blockOf(heading, 'text'));
    expect(sectionOf(DOCUMENT, heading)).toContain(`the hash \`${await sha256Hex(form)}\``);
  });

  test('there are some of each kind', () => {
    const counts = ['Numbers', 'JSON', 'Text output'].map((heading) => examples(heading).length);
    expect(counts).toEqual([9, 7, 5]);
  });
});
