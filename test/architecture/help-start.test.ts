import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { CLI } from '../support/cli';

/** Tells on standard error of every module that is loaded. */
const WATCH = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });
`)}`;

/** The sources of what the built program loads for a command: files of ours, and packages of others. */
function loadedBy(...args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', WATCH, CLI, ...args], {
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('prompter')]);
  const urls = stderr.split('\n').filter((line) => /^(file|node):/.test(line));
  return urls.flatMap((url) => (url.startsWith('node:') ? [url] : sourcesOf(fileURLToPath(url))));
}

const mapSchema = z.object({ sources: z.array(z.string()) });

function sourcesOf(chunk: string): string[] {
  if (chunk.includes('node_modules')) return [chunk];
  return mapSchema
    .parse(JSON.parse(readFileSync(`${chunk}.map`, 'utf8')))
    .sources.map((source) => source.replace(/^(?:\.\.\/)+/, ''));
}

const HEAVY =
  /^src-main\/(?!hosts\/cli\/|home\/)|^src-main\/hosts\/cli\/(yaml|demo|attach\/(?!owner-closed))|^src-shared\/contract\/|node_modules\/(better-sqlite3|drizzle-orm|openai|@anthropic-ai|@google|pg|csv-parse|yaml|liquidjs|ajv|@napi-rs)\//;

test.each(['--help', 'compare --help', 'sync init --help'])(
  'prompter %s loads the words of the commands, and nothing that does their work',
  (args) => {
    const sources = loadedBy(...args.split(' '));
    expect(sources).toContain('src-main/hosts/cli/commands/compare.ts');
    expect(sources.filter((source) => HEAVY.test(source))).toEqual([]);
  },
);
