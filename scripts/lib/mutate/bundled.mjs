import { globSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/** Packages of many small files that nearly every module loads; others come from node_modules where they are needed. */
const INLINED = ['drizzle-orm', 'zod', 'uuid'];

/**
 * Makes one module of each test file and all that it imports. A mutant's process asks the server for each module that it
 * loads, and with hundreds of them that is most of what a mutant costs.
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

/** Modules find files beside them: in a bundle as well, each is where it was. */
const ownAddresses = {
  name: 'own-addresses',
  enforce: 'pre',
  transform: (code, id) =>
    code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(id))),
};
