import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const made = new Map<string, Promise<string>>();

/**
 * A source file of the project with all it imports, as a file that Node runs: importing through Vite takes each of the
 * many processes that tests start and kill seconds.
 * @param entry its path in the project
 * @returns the path of the bundle, which is made once a worker
 */
export function bundled(entry: string): Promise<string> {
  const known = made.get(entry) ?? bundle(entry);
  made.set(entry, known);
  return known;
}

async function bundle(entry: string): Promise<string> {
  const outDir = mkdtempSync(join(inject('bundlesFolder'), 'bundle-'));
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    // Reading packages file by file is most of what a start takes.
    ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        // The worker is looked for beside the product's code.
        input: {
          entry: join(root, entry),
          'check-worker': join(root, 'src-main/store/backup/check-worker.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  });
  return join(outDir, 'entry.js');
}
