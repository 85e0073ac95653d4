import { writeFileSync } from 'node:fs';

/**
 * Writes the report for `npm test` to the file named by PROMPTER_TEST_REPORT. Unlike Vitest's JSON, it has skip
 * reasons, files that failed to load, and errors outside tests.
 */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const results = modules.flatMap((module) => [...brokenSuites(module), ...testsOf(module)]);
    const outside = unhandledErrors.map((error) => ({
      name: `outside any test: ${error.message}`,
      state: 'failed',
    }));
    writeFileSync(process.env.PROMPTER_TEST_REPORT, JSON.stringify([...results, ...outside]));
  }
}

/** A file that does not load, or a hook that throws, counts as one failed test, since its tests never ran. */
function brokenSuites(module) {
  const failed = (suite, name) =>
    suite.errors().length > 0 ? [{ name: `${name} (set-up)`, state: 'failed' }] : [];
  const file = module.relativeModuleId;
  return [
    ...failed(module, file),
    ...[...module.children.allSuites()].flatMap((suite) => failed(suite, `${file} > ${suite.fullName}`)),
  ];
}

function testsOf(module) {
  return [...module.children.allTests()].map((test) => {
    const result = test.result();
    // A test still pending at the end was interrupted.
    const state = result.state === 'pending' ? 'failed' : result.state;
    return { name: `${module.relativeModuleId} > ${test.fullName}`, state, reason: result.note };
  });
}
