import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentenceOf } from './failure.mjs';
import { keychainSession } from './keychain.mjs';
import { node24, projectEnv, root, tool } from './project.mjs';
import { run } from './run.mjs';
import { hasBrowser } from './system.mjs';

/** Timeouts below are for hangs only: several times a step's duration on an idle two-core machine. */
const minutes = (count) => count * 60_000;

/** Runs a preparation step: a failure counts, a success is not a test. Returns whether it succeeded. */
export async function runStep(tally, name, step) {
  try {
    await step();
    return true;
  } catch (error) {
    tally.fail(name, sentenceOf(error));
    return false;
  }
}

/**
 * Runs jobs that each keep about one core busy, two at a time. Each job's output is shown when it ends, so that
 * outputs do not mix.
 */
export async function runInPairs(jobs) {
  const waiting = [...jobs];
  const lane = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all([lane(), lane()]);
}

/** Runs a command as a single check, which passes if it exits with 0. */
export async function runCheck(tally, name, args, { timeoutMs = minutes(20) } = {}) {
  const result = await run(node24(), args, { env: projectEnv(), timeoutMs, quiet: true });
  heading(name, result.output);
  if (result.code === 0) tally.pass();
  else tally.fail(name, describe(result));
}

/** Runs a Vitest project and counts each of its tests. `quiet` holds its output back until it ends. */
export async function runVitest(tally, project, { timeoutMs = minutes(60), quiet = false } = {}) {
  if (!quiet) heading(`vitest: ${project}`);
  await withReport(tally, 'vitest', vitestResults, async (report) => {
    const env = projectEnv({ PROMPTER_TEST_REPORT: report });
    const result = await run(node24(), vitestArgs(project), { env, timeoutMs, quiet });
    if (quiet) heading(`vitest: ${project}`, result.output);
    return result;
  });
}

/** Runs the OS keychain tests in a private session, or says why they cannot run. */
export async function runKeychain(tally, { timeoutMs = minutes(15) } = {}) {
  const session = keychainSession();
  if (session.reason) {
    tally.skip('vitest', 'keychain tests', session.reason);
    return;
  }
  await withReport(tally, 'keychain', vitestResults, async (report) => {
    const result = await run(session.command, [...session.args, node24(), ...vitestArgs('keychain')], {
      env: projectEnv({ ...session.env, PROMPTER_TEST_REPORT: report }),
      timeoutMs,
      quiet: true,
    });
    heading('vitest: keychain', result.output);
    return result;
  });
  session.close();
}

/** Runs the browser tests and counts each of them. */
export async function runPlaywright(tally, { timeoutMs = minutes(45) } = {}) {
  heading('playwright');
  if (!(await hasBrowser())) {
    tally.fail('playwright', 'there is no browser: install Chromium (Debian: apt-get install chromium)');
    return;
  }
  // A folder per run: a second run at the same time would empty a shared one.
  const traces = join(root, 'test-results', String(process.pid));
  await withReport(tally, 'playwright', playwrightResults, (report) =>
    run(
      node24(),
      [
        tool('@playwright/test', 'cli.js'),
        'test',
        '--reporter=line,json',
        '--pass-with-no-tests',
        `--output=${traces}`,
      ],
      { env: projectEnv({ PLAYWRIGHT_JSON_OUTPUT_FILE: report }), timeoutMs },
    ),
  );
}

const vitestArgs = (project) => [
  tool('vitest', 'vitest.mjs'),
  'run',
  '--project',
  project,
  '--passWithNoTests',
  '--reporter=default',
  '--reporter=./scripts/lib/vitest-reporter.mjs',
];

/** A runner that fails without naming a failed test has crashed, which counts as a failure too. */
async function withReport(tally, name, read, start) {
  const folder = mkdtempSync(join(tmpdir(), 'prompter-report-'));
  const report = join(folder, 'report.json');
  const result = await start(report);
  const tests = existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : [];
  rmSync(folder, { recursive: true });
  for (const test of tests) {
    if (test.state === 'passed') tally.pass();
    else if (test.state === 'skipped') tally.skip(name, test.name, test.reason);
    else tally.fail(name, test.name);
  }
  const explained = tests.some((test) => test.state === 'failed');
  if (result.code !== 0 && !explained) tally.fail(name, describe(result));
}

const vitestResults = (report) => report;

function playwrightResults(report) {
  const states = { expected: 'passed', skipped: 'skipped' };
  const ofSuite = (suite) => [
    ...(suite.suites ?? []).flatMap(ofSuite),
    ...suite.specs.flatMap((spec) =>
      spec.tests.map((test) => ({
        name: `${spec.file} > ${spec.title}`,
        // A flaky test counts as failed.
        state: states[test.status] ?? 'failed',
        reason: test.annotations.find((note) => note.type === 'skip' || note.type === 'fixme')?.description,
      })),
    ),
  ];
  const outside = report.errors.map((error) => ({
    name: `outside any test: ${error.message}`,
    state: 'failed',
  }));
  return [...report.suites.flatMap(ofSuite), ...outside];
}

const heading = (name, output = '') => process.stdout.write(`\n── ${name}\n${output}`);

function describe({ code, signal, timedOut }) {
  if (timedOut) return 'took too long and was stopped';
  return signal ? `was ended by ${signal}` : `exit code ${code}`;
}
