import { defineConfig } from 'vitest/config';
import { bundled } from './bundled.mjs';
import { MODULES } from './modules.mjs';

// Stryker starts Vitest in separate processes; the environment tells them which module is mutated.
const { tests, needsPostgres = false } = MODULES[process.env.PROMPTER_MUTATED_MODULE];

export default defineConfig({
  plugins: [bundled(tests)],
  test: {
    include: tests,
    // Each mutant has its own process, so test files can share modules within it.
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    globalSetup: needsPostgres ? ['test/support/team/postgres-setup.ts'] : [],
  },
});
