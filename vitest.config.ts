import { configDefaults, defineConfig } from 'vitest/config';

const keychain = ['**/*.keychain.test.ts'];
const postgres = ['**/*.postgres.test.ts'];
const slow = ['test/faults/**/*.test.ts'];
// `.cache` may hold the copy of the sources that a mutation run works on.
const exclude = [...configDefaults.exclude, '.cache/**', 'out/**', 'test/e2e/**'];

export default defineConfig({
  test: {
    // Slow machines and loaded ones must not turn a pass into a failure.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 120_000 } },
    // A test that is left focused would hide all the others.
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          globalSetup: 'test/support/processes/bundles-setup.ts',
          // One module graph for all files of a worker: loading it anew for each took two thirds of the time. What a
          // test leaves behind in a module is a fault that the next file then shows.
          isolate: false,
          maxWorkers: '100%',
          include: ['src-*/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
          exclude: [...exclude, ...keychain, ...postgres, ...slow],
        },
      },
      {
        // Needs an unlocked Secret Service: `npm test` starts one of its own (scripts/lib/keychain.mjs).
        extends: true,
        test: { name: 'keychain', include: keychain, exclude, sequence: { groupOrder: 1 }, maxWorkers: 1 },
      },
      {
        // A real server, one for all files; each test has databases of its own in it.
        extends: true,
        test: {
          name: 'postgres',
          include: postgres,
          exclude,
          globalSetup: 'test/support/team/postgres-setup.ts',
          testTimeout: 1_800_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // Kills processes and floods the disk: one file at a time, with time to finish.
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          exclude,
          testTimeout: 1_800_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
