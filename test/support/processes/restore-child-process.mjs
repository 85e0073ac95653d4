// A process that restores a backup and dies before a step: `node restore-child-process.mjs BUNDLE HOME FILE STEP`, with
// src-main/core/backups.ts as a bundle. Prints "done" if it need not die.
const [bundle, home, file, deadly] = process.argv.slice(2);
const backups = await import(bundle);

await backups.restoreHome({
  home,
  file,
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
  onStep(step) {
    if (step === deadly) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('done\n');
