/** The percentage of a module's mutants that its tests must kill. */
export const MIN_KILLED_PERCENT = 85;

/** Modules whose bugs no other check would reveal, each with the tests that must catch them. */
export const MODULES = {
  derive: { mutate: ['src-main/runs/derive.ts'], tests: ['src-main/runs/derive.test.ts'] },
  'read-output': { mutate: ['src-main/runs/read-output.ts'], tests: ['src-main/runs/read-output.test.ts'] },
  cost: {
    mutate: ['src-main/runs/cost.ts'],
    tests: ['src-main/runs/cost.test.ts', 'src-main/runs/bills/*.test.ts'],
  },
  'runner-state': {
    mutate: ['src-main/batches/runner-state.ts'],
    tests: ['src-main/batches/runner-state.test.ts'],
  },
  runner: {
    mutate: ['src-main/batches/runner.ts'],
    tests: ['runner', 'back-off', 'budgets', 'halts', 'refusals', 'month-budget', 'drift', 'batches'].map(
      (name) => `src-main/batches/${name}.test.ts`,
    ),
  },
  capture: { mutate: ['src-main/runs/capture.ts'], tests: ['src-main/runs/capture.test.ts'] },
  drain: {
    mutate: ['src-main/team/postgres/drain.ts'],
    tests: ['src-main/team/postgres/drain.postgres.test.ts'],
    needsPostgres: true,
  },
  tree: { mutate: ['src-main/audit/tree/*.ts', '!**/*.test.ts'], tests: ['src-main/audit/tree/*.test.ts'] },
  current: { mutate: ['src-main/versions/current.ts'], tests: ['src-main/versions/current.test.ts'] },
};
