// `npm test`: installs what is missing, runs every check and every test, and ends with the line
// `N passed, N failed, N skipped`. The exit code is 0 only if something ran and nothing failed.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { tool } from './lib/project.mjs';
import { runCheck, runInPairs, runKeychain, runPlaywright, runStep, runVitest } from './lib/runners.mjs';
import { provideSystemPackages } from './lib/system.mjs';
import { createTally } from './lib/tally.mjs';

const oxlint = [tool('oxlint', 'bin/oxlint'), '--type-aware', '--max-warnings', '0'];
const prettier = [tool('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'];
const cruiser = [
  tool('dependency-cruiser', 'bin/dependency-cruiser.mjs'),
  '--config',
  '.dependency-cruiser.mjs',
];
const tsc = (runtime) => [tool('typescript', 'bin/tsc'), '-p', `tsconfig.${runtime}.json`];

async function runAll(tally) {
  if (!(await runStep(tally, 'install', ensureInstalled))) return;
  await provideSystemPackages();
  await runStep(tally, 'build', ensureBuilt);
  await runInPairs([
    ...['main', 'renderer', 'test', 'shared', 'preload'].map(
      (runtime) => () => runCheck(tally, `types: ${runtime}`, tsc(runtime)),
    ),
    () => runCheck(tally, 'lint', oxlint),
    () => runCheck(tally, 'format', prettier),
    () => runCheck(tally, 'architecture', [...cruiser, 'src-shared', 'src-main', 'src-renderer']),
  ]);
  // These two use all cores on their own.
  await runVitest(tally, 'unit');
  await runPlaywright(tally);
  // These run their files one after the other.
  await runInPairs([
    () => runVitest(tally, 'slow', { quiet: true }),
    async () => {
      await runVitest(tally, 'postgres', { quiet: true });
      await runKeychain(tally);
    },
  ]);
}

// Keeps test data out of a real team database.
delete process.env.PROMPTER_DATABASE_URL;
const tally = createTally();
await runAll(tally);
process.exitCode = tally.close();
