// `npm run mutate [module]`: plants mistakes in the modules that must not have any, one at a time, and counts how many of
// them the tests notice.
import { existsSync } from 'node:fs';
import { ensureInstalled } from './lib/install.mjs';
import { MODULES } from './lib/mutate/modules.mjs';
import { lineOf, survivorLine, tallyOf } from './lib/mutate/tally.mjs';
import { node24, projectEnv, root } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';

// Nothing that a mutant makes is pushed to anybody's team.
delete process.env.PROMPTER_DATABASE_URL;
// Stores in memory, where there is a place for them: what they hold is at stake here, not that it outlives the machine.
const MEMORY = '/dev/shm';
if (process.env.TMPDIR === undefined && existsSync(MEMORY)) process.env.TMPDIR = MEMORY;

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(MODULES, name));
  if (unknown !== undefined)
    throw new Error(
      `There is no module "${unknown}" to mutate. There are: ${Object.keys(MODULES).join(', ')}.`,
    );
  await ensureInstalled();
  // Stryker's processes run on the Node that this one runs on.
  if (Number(process.versions.node.split('.')[0]) < 24) {
    become(node24(), process.argv.slice(1), { env: projectEnv() });
    return;
  }
  const tallies = new Map();
  for (const name of names.length > 0 ? names : Object.keys(MODULES)) tallies.set(name, await mutate(name));
  for (const [name, { survivors }] of tallies) {
    if (survivors.length > 0) process.stdout.write(`\nSurvivors of ${name}:\n`);
    for (const survivor of survivors) process.stdout.write(`${survivorLine(survivor)}\n`);
  }
  process.stdout.write('\n');
  for (const [name, tally] of tallies) process.stdout.write(`${lineOf(name, tally)}\n`);
  process.exitCode = [...tallies.values()].every(({ isEnough }) => isEnough) ? 0 : 1;
});

async function mutate(name) {
  // Here, because it may have been installed just now.
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
    // A mutant that runs out of time counts as killed: a machine that is busy must not kill any.
    timeoutMS: 30_000,
    tempDirName: '.cache/mutate',
    ignorePatterns: ['.cache', 'out', 'test-results', 'playwright-report'],
    reporters: ['progress-append-only'],
    logLevel: 'warn',
  }).runMutationTest();
  return tallyOf(results);
}
