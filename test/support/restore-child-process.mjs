// A process that restores a backup and dies before a step: `node restore-child-process.mjs HOME FILE STEP`. Prints
// "done" if it need not die.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { module: backups } = await runnerImport(`${root}/src-main/core/backups.ts`, {
  root,
  logLevel: 'error',
});
const [home, file, deadly] = process.argv.slice(2);

await backups.restoreHome({
  home,
  file,
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  onStep(step) {
    if (step === deadly) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('done\n');
