import { defineConfig } from 'vitest/config';
import { MODULES } from './modules.mjs';

// Stryker starts Vitest in processes of its own; what they inherit says which module is at stake.
const { tests, needsPostgres = false } = MODULES[process.env.PROMPTER_MUTATED_MODULE];

export default defineConfig({
  test: {
    include: tests,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    globalSetup: needsPostgres ? ['test/support/team/postgres-setup.ts'] : [],
  },
});
