import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokenCitations } from './documents';
import { projectRoot } from './planted-tree';

const FOLDERS = ['docs', 'scripts', 'src-main', 'src-renderer', 'src-shared', 'test'];
const READ = /\.(md|[cm]?tsx?|mjs|css|html|py)$/;
/** This file plants mistakes. Migrations are not read either: their hashes are checked, so they stay as they shipped. */
const NOT_READ = /^test\/architecture\/documents\.test\.ts$/;

function projectTexts(): Map<string, string> {
  const atTheTop = readdirSync(projectRoot, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'package-lock.json')
    .map(({ name }) => name);
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      `${folder}/${path}`.replaceAll('\\', '/'),
    ),
  );
  const paths = [...atTheTop, ...below].filter((path) => READ.test(path) && !NOT_READ.test(path));
  return new Map(paths.map((path) => [path, readFileSync(join(projectRoot, path), 'utf8')]));
}

/** What is wrong in a project of two documents and one more file. */
function brokenIn(file: string, text: string): string[] {
  const texts = new Map([
    ['docs/rules.md', '# Rules\n\n## Two words, and more\n\n## Twice\n\n## Twice\n'],
    ['src/README.md', '# Here\n'],
    [file, text],
  ]);
  return brokenCitations({ texts, exists: (path) => texts.has(path) || path === 'src' });
}

describe('documents', () => {
  test('every one that is cited or linked exists, with its section', () => {
    const texts = projectTexts();
    expect(texts.size).toBeGreaterThan(500);
    expect(brokenCitations({ texts, exists: (path) => existsSync(join(projectRoot, path)) })).toEqual([]);
  });

  test('each of them is linked from README.md and ARCHITECTURE.md', () => {
    const names = readdirSync(join(projectRoot, 'docs'));
    expect(names.length).toBeGreaterThan(5);
    for (const start of ['README.md', 'ARCHITECTURE.md']) {
      const text = readFileSync(join(projectRoot, start), 'utf8');
      expect([start, names.filter((name) => !text.includes(`](docs/${name})`))]).toEqual([start, []]);
    }
  });

  test.each([
    ['a document that is not there', '/** So it is (RULES.md, Two words). */'],
    ['a path that is not there', '// See docs/rule.md.'],
    ['a section that is not there', '// See docs/rules.md#three-words.'],
    ['a document by its bare name', '// As it was decided (RULES, Two words).'],
  ])('%s is found in a comment', (_, comment) => {
    expect(brokenIn('src/a.ts', `const a = 1;\n${comment}\n`)).toEqual([
      expect.stringMatching(/^src\/a\.ts:2: /),
    ]);
  });

  test.each([
    ['a file', '[x](rule.md)'],
    ['a section', '[x](rules.md#one)'],
    ['a section of its own', '[x](#one)'],
    ['a path in code marks', 'in `src-main/nowhere.ts`'],
  ])('%s that is not there is found in a document', (_, prose) => {
    expect(brokenIn('docs/b.md', `# B\n\n${prose}\n`)).toEqual([expect.stringMatching(/^docs\/b\.md:3: /)]);
  });

  test.each([
    [
      'src/a.ts',
      '// docs/rules.md#two-words-and-more, docs/rules.md#twice-1, `README.md` beside this file (RFC 9162, 2.1).',
    ],
    ['src/a.ts', "if (name.endsWith('.md')) open('https://example.org/x.md');"],
    [
      'docs/b.md',
      '# B\n\n[x](rules.md#twice) [y](../src/README.md#here) [z](#b) [w](https://example.org/x.md) [v](../src/)',
    ],
  ])('what is there is not (%s)', (file, text) => {
    expect(brokenIn(file, text)).toEqual([]);
  });
});
