import { globSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/** Packages of many small files that nearly every module loads; others are loaded from node_modules. */
const INLINED = ['drizzle-orm', 'zod', 'uuid'];

/**
 * Bundles each test file with its imports into one module. A mutant's process requests every module from the server,
 * and hundreds of requests would dominate its cost.
 */
export function bundled(patterns) {
  const files = new Set(globSync(patterns).map((file) => resolve(file)));
  return {
    name: 'bundled-tests',
    enforce: 'pre',
    async load(id) {
      if (!files.has(id)) return null;
      const { output } = await build({
        configFile: false,
        logLevel: 'error',
        plugins: [ownAddresses],
        ssr: { noExternal: INLINED },
        build: {
          ssr: id,
          write: false,
          minify: false,
          target: 'esnext',
          rolldownOptions: { output: { format: 'es', codeSplitting: false } },
        },
      });
      return output[0].code;
    },
  };
}

/** Keeps each bundled module's own address, since modules locate files beside them. */
const ownAddresses = {
  name: 'own-addresses',
  enforce: 'pre',
  transform: (code, id) =>
    code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id))),
};
