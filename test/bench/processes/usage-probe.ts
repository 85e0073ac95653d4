/**
 * Loaded with `--import` before a measured process: at its end, writes what it used to the file named in
 * PROMPTER_BENCH_USAGE. CPU is user + system of all threads; `max_rss_mb` is the peak.
 */
import { writeFileSync } from 'node:fs';

const file = process.env['PROMPTER_BENCH_USAGE'];

process.on('exit', () => {
  if (file === undefined) return;
  const usage = process.resourceUsage();
  writeFileSync(
    file,
    JSON.stringify({
      cpu_ms: (usage.userCPUTime + usage.systemCPUTime) / 1000,
      max_rss_mb: usage.maxRSS / 1024,
    }),
  );
});
