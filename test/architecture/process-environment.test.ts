import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './planted-tree';

const CHANGES = /delete process\.env\b|process\.env(\.\w+|\[[^\]]+\])\s*=[^=]|Object\.assign\(process\.env/;
const PATCHES = /\.prototype(\.\w+|\[[^\]]+\])\s*=[^=]|defineProperty\(\w+\.prototype/;

const sources = ['src-main', 'src-shared', 'src-renderer'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
);
const having = (pattern: RegExp): string[] =>
  sources.filter((path) => pattern.test(readFileSync(join(projectRoot, path), 'utf8')));

test('what all modules share is changed in one place each', () => {
  expect(having(CHANGES)).toEqual(['src-main/ports/process-environment.ts']);
  expect(having(PATCHES)).toEqual(['src-main/templates/liquid/positions.ts']);
});
