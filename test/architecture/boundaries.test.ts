import { posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import configuration from '../../.dependency-cruiser.mjs';
import { plantTree, removeTree, runTool } from './planted-tree';
import { allowed, type Violation, violations } from './violations';

const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** Planted packages that are not shipped: Electron brings itself, the other is a tool of the tests. */
const developmentPackages = new Set(['electron', 'fast-check']);

const isLocal = (specifier: string): boolean => specifier.startsWith('.');

const versions = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, '1.0.0']));

/** The sources of the planted files and of everything that they import, packages included. */
function sourcesOf(files: readonly Violation[]): Map<string, string> {
  const sources = new Map<string, string>();
  const packages = new Set<string>();
  for (const { file, imports } of files) {
    for (const specifier of imports) {
      if (isLocal(specifier) && !specifier.endsWith('/nowhere')) {
        sources.set(`${posix.join(posix.dirname(file), specifier)}.ts`, 'export const x = 1;\n');
      } else if (!isLocal(specifier) && !specifier.includes(':')) {
        packages.add(specifier);
        sources.set(`node_modules/${specifier}/package.json`, '{ "main": "index.js" }');
        sources.set(`node_modules/${specifier}/index.js`, 'exports.x = 1;\n');
      }
    }
  }
  for (const { file, imports } of files) {
    const lines = imports.map((specifier) => `import type { x } from '${specifier}';\n`);
    sources.set(file, `${lines.join('')}export const x = 1;\n`);
  }
  const shipped = [...packages].filter((name) => !developmentPackages.has(name));
  const manifest = { dependencies: versions(shipped), devDependencies: versions([...developmentPackages]) };
  sources.set('package.json', JSON.stringify(manifest));
  return sources;
}

/** The names of the rules that each file breaks, in alphabetical order. */
async function cruise(folder: string): Promise<Map<string, string[]>> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const output = await runTool(
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    [...args, 'src-shared', 'src-main', 'src-renderer'],
    folder,
  );
  const broken = new Map<string, Set<string>>();
  for (const { from, rule } of Report.parse(JSON.parse(output)).summary.violations) {
    broken.set(from, (broken.get(from) ?? new Set()).add(rule.name));
  }
  return new Map([...broken].map(([file, rules]) => [file, [...rules].toSorted()]));
}

describe('who may import whom', () => {
  let folder = '';
  let broken = new Map<string, string[]>();

  beforeAll(async () => {
    folder = await plantTree(
      ['.dependency-cruiser.mjs', 'tsconfig.base.json'],
      sourcesOf([...violations, ...allowed]),
    );
    broken = await cruise(folder);
  });
  afterAll(() => removeTree(folder));

  test.each(violations)('$file breaks $rules', ({ file, rules }) => {
    expect(broken.get(file)).toEqual([...rules].toSorted());
  });

  test('nothing else breaks a rule', () => {
    const planted = new Set(violations.map(({ file }) => file));
    expect([...broken].filter(([file]) => !planted.has(file))).toEqual([]);
  });

  test('every rule has a planted violation', () => {
    const planted = new Set(violations.flatMap(({ rules }) => rules));
    expect(planted).toEqual(new Set(configuration.forbidden.map(({ name }) => name)));
  });
});
