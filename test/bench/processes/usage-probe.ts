/**
 * Loaded with `--import` before a measured process: reports its usage to the parent on request, and on exit writes it
 * to the file named in PROMPTER_BENCH_USAGE. CPU is user + system time of all threads; `max_rss_mb` is the peak.
 */
import { writeFileSync } from 'node:fs';

const file = process.env['PROMPTER_BENCH_USAGE'];

function usage(): { cpu_ms: number; max_rss_mb: number } {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpu_ms: (userCPUTime + systemCPUTime) / 1000, max_rss_mb: maxRSS / 1024 };
}

if (process.channel !== undefined) {
  process.on('message', () => process.send?.(usage()));
  // Listening must not keep the process alive.
  process.channel.unref();
}
process.on('exit', () => {
  if (file !== undefined) writeFileSync(file, JSON.stringify(usage()));
});
