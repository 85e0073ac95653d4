/** Counts results and prints the closing lines. `where` names a test's runner. */
export function createTally() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const skips = [];

  return {
    pass(count = 1) {
      counts.passed += count;
    },
    fail(where, name) {
      counts.failed += 1;
      failures.push(`${where}: ${name}`);
    },
    skip(where, name, reason) {
      counts.skipped += 1;
      skips.push(`${where}: ${name}: ${reason || 'no reason given'}`);
    },
    /** Prints all skipped and failed tests, then the totals; returns the exit code. */
    close() {
      const lines = [
        '',
        ...skips.map((skip) => `SKIPPED ${skip}`),
        ...failures.map((failure) => `FAILED ${failure}`),
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
      return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
    },
  };
}
