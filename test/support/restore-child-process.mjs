// A process that restores a backup and dies before a step: `node restore-child-process.mjs HOME FILE STEP`.
// It says "done" where it is not asked to die.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { module: store } = await runnerImport(`${root}/src-main/store/index.ts`, { root, logLevel: 'error' });
const [home, file, deadly] = process.argv.slice(2);

await store.restoreStore({
  home,
  file,
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  previousHead: null,
  onStep(step) {
    if (step === deadly) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('done\n');
