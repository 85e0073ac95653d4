import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plantTree, projectRoot, removeTree, runTool } from './planted-tree';

const Report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

const lines = (count: number): string => `export const x = 1;\n${'\n'.repeat(count - 1)}`;

/** One violation in each file, and the rule that must report it. */
const planted: readonly { file: string; rule: string; text: string }[] = [
  {
    file: 'src-main/runs/floating.ts',
    rule: 'no-floating-promises',
    text: 'const work = async (): Promise<void> => {};\nexport function start(): void {\n  work();\n}\n',
  },
  {
    file: 'src-shared/domain/any.ts',
    rule: 'no-explicit-any',
    text: 'export const echo = (value: any): unknown => value;\n',
  },
  {
    file: 'src-shared/domain/non-null.ts',
    rule: 'no-non-null-assertion',
    text: 'export const first = (list: string[]): string => list[0]!;\n',
  },
  {
    file: 'src-shared/domain/value-import.ts',
    rule: 'consistent-type-imports',
    text: "import { Thing } from './thing';\nexport const same = (thing: Thing): Thing => thing;\n",
  },
  { file: 'src-main/runs/long.ts', rule: 'max-lines', text: lines(401) },
  {
    file: 'src-main/runs/fetches.ts',
    rule: 'no-restricted-globals',
    text: "export const get = (): Promise<Response> => fetch('http://127.0.0.1/');\n",
  },
  {
    file: 'src-main/runs/prints.ts',
    rule: 'no-console',
    text: "export const say = (): void => console.log('hello');\n",
  },
  {
    file: 'src-main/hosts/http/blocks.ts',
    rule: 'no-restricted-imports',
    text: "import { execSync } from 'node:child_process';\nexport const list = (): Buffer => execSync('ls');\n",
  },
  {
    file: 'src-main/runs/evaluates.ts',
    rule: 'no-eval',
    text: 'export const run = (code: string): void => {\n  eval(code);\n};\n',
  },
  {
    file: 'src-renderer/ui/writes-html.ts',
    rule: 'no-restricted-properties',
    text: 'export const show = (node: Element, text: string): void => {\n  node.innerHTML = text;\n};\n',
  },
  {
    file: 'src-renderer/ui/dangerous.tsx',
    rule: 'no-danger',
    text: 'export const Raw = ({ text }: { text: string }) => <p dangerouslySetInnerHTML={{ __html: text }} />;\n',
  },
  {
    file: 'src-renderer/ui/conditional-hook.tsx',
    rule: 'rules-of-hooks',
    text: "import { useState } from 'react';\nexport function Box({ on }: { on: boolean }) {\n  if (!on) return null;\n  const [text] = useState('');\n  return <p>{text}</p>;\n}\n",
  },
  {
    file: 'test/focused.test.ts',
    rule: 'no-focused-tests',
    text: "import { expect, test } from 'vitest';\ntest.only('alone', () => {\n  expect(1).toBe(1);\n});\n",
  },
  {
    file: 'test/disabled.test.ts',
    rule: 'no-disabled-tests',
    text: "import { expect, test } from 'vitest';\ntest.skip('never', () => {\n  expect(1).toBe(1);\n});\n",
  },
];

/** Code that looks like the above and is allowed where it stands. */
const allowed: readonly { file: string; text: string }[] = [
  { file: 'src-shared/domain/thing.ts', text: 'export interface Thing {\n  name: string;\n}\n' },
  {
    file: 'src-main/providers/http/fetches.ts',
    text: "export const get = (): Promise<Response> => fetch('http://127.0.0.1/');\n",
  },
  { file: 'src-main/hosts/cli/prints.ts', text: "export const say = (): void => console.log('hello');\n" },
  { file: 'src-main/runs/just-fits.ts', text: lines(400) },
];

const configuration = [
  '.oxlintrc.json',
  ...['', '.base', '.shared', '.main', '.preload', '.renderer', '.test'].map(
    (name) => `tsconfig${name}.json`,
  ),
];

describe('the linter', () => {
  let folder = '';
  const broken = new Map<string, string[]>();

  beforeAll(async () => {
    const sources = new Map([...planted, ...allowed].map(({ file, text }) => [file, text]));
    folder = await plantTree(configuration, sources);
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const folders = ['src-shared', 'src-main', 'src-renderer', 'test'];
    const output = await runTool(
      'oxlint/bin/oxlint',
      ['--type-aware', '--format', 'json', ...folders],
      folder,
    );
    const { diagnostics } = Report.parse(JSON.parse(output));
    for (const { code, filename } of diagnostics) {
      const file = filename.replaceAll('\\', '/');
      const rule = /\((.+)\)/.exec(code)?.[1] ?? code;
      broken.set(file, [...(broken.get(file) ?? []), rule]);
    }
  });
  afterAll(() => removeTree(folder));

  test.each(planted)('$rule reports $file', ({ file, rule }) => {
    expect(broken.get(file)).toEqual([rule]);
  });

  test('nothing else is reported', () => {
    const files = new Set(planted.map(({ file }) => file));
    expect([...broken].filter(([file]) => !files.has(file))).toEqual([]);
  });
});
