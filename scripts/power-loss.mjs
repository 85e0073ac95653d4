// `npm run test:power-loss`: the long form of test/faults/power-loss.test.ts. PROMPTER_POWER_LOSS_IMAGES and
// PROMPTER_POWER_LOSS_SEED set how many images it makes, and which.
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { node24, projectEnv, tool } from './lib/project.mjs';
import { become, main } from './lib/run.mjs';
import { provideSystemPackages } from './lib/system.mjs';

// Keeps test data out of a real team database.
delete process.env.PROMPTER_DATABASE_URL;
await main(async () => {
  await ensureInstalled();
  await provideSystemPackages();
  await ensureBuilt();
  const test = [tool('vitest', 'vitest.mjs'), 'run', '--project', 'slow', 'test/faults/power-loss.test.ts'];
  const env = projectEnv({ PROMPTER_POWER_LOSS_IMAGES: process.env.PROMPTER_POWER_LOSS_IMAGES ?? '10000' });
  become(node24(), test, { env });
});
