import { defineConfig } from 'vitest/config';
import { bundled } from './bundled.mjs';
import { MODULES } from './modules.mjs';

// Stryker starts Vitest in processes of its own; what they inherit says which module is at stake.
const { tests, needsPostgres = false } = MODULES[process.env.PROMPTER_MUTATED_MODULE];

export default defineConfig({
  plugins: [bundled(tests)],
  test: {
    include: tests,
    // Every mutant gets a process of its own; the files of one share their modules in it.
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    globalSetup: needsPostgres ? ['test/support/team/postgres-setup.ts'] : [],
  },
});
