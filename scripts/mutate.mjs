// `npm run mutate [module]`: plants mistakes in the critical modules, one at a time, and counts how many the tests
// catch.
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { MODULES } from './lib/mutate/modules.mjs';
import { lineOf, survivorLine, tallyOf } from './lib/mutate/tally.mjs';
import { preparePostgres } from './lib/postgres.mjs';
import { node24, projectEnv, root } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';

// Keeps mutants away from a real team database.
delete process.env.PROMPTER_DATABASE_URL;

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(MODULES, name));
  if (unknown !== undefined)
    throw new Error(
      `There is no module "${unknown}" to mutate. There are: ${Object.keys(MODULES).join(', ')}.`,
    );
  await ensureInstalled();
  // Stryker runs its processes on this process's Node.
  if (Number(process.versions.node.split('.')[0]) < 24) {
    become(node24(), process.argv.slice(1), { env: projectEnv() });
    return;
  }
  const tallies = new Map();
  const folder = temporaryFolder();
  process.env.TMPDIR = folder;
  try {
    for (const name of names.length > 0 ? names : Object.keys(MODULES)) {
      const stop = MODULES[name].needsPostgres ? await providePostgres() : () => undefined;
      try {
        tallies.set(name, await mutate(name));
      } finally {
        await stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [name, { survivors }] of tallies) {
    if (survivors.length > 0) process.stdout.write(`\nSurvivors of ${name}:\n`);
    for (const survivor of survivors) process.stdout.write(`${survivorLine(survivor)}\n`);
  }
  process.stdout.write('\n');
  for (const [name, tally] of tallies) process.stdout.write(`${lineOf(name, tally)}\n`);
  process.exitCode = [...tallies.values()].every(({ isEnough }) => isEnough) ? 0 : 1;
});

/**
 * Temporary files of mutants' tests: in memory if possible, since none must survive a reboot. A killed mutant cleans
 * up nothing, so everything is removed with the folder.
 */
function temporaryFolder() {
  const memory = '/dev/shm';
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'prompter-mutate-'));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * One server for all mutants, unless one is given: a separate one, so that a killed mutant does not take it down.
 * @returns a function that stops it
 */
async function providePostgres() {
  if (process.env.TEST_DATABASE_URL !== undefined) return () => undefined;
  const { server, port, password, stop } = await preparePostgres({ flags: ['-c', 'fsync=off'] });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.TEST_DATABASE_URL = `postgres://postgres:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
  return async () => {
    delete process.env.TEST_DATABASE_URL;
    await stop();
  };
}

async function mutate(name) {
  // Imported here, because it may have been installed just now.
  const { Stryker } = await import('@stryker-mutator/core');
  process.chdir(root);
  process.env.PROMPTER_MUTATED_MODULE = name;
  process.stdout.write(`Mutating ${name}…\n`);
  const results = await new Stryker({
    mutate: MODULES[name].mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/lib/mutate/vitest.config.mjs', related: false },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // A timeout counts as killed, so it must be long enough for a busy machine.
    timeoutMS: 30_000,
    tempDirName: '.cache/mutate',
    ignorePatterns: ['.cache', 'out', 'test-results', 'playwright-report'],
    reporters: ['progress-append-only'],
    logLevel: 'warn',
  }).runMutationTest();
  return tallyOf(results);
}
