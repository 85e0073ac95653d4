/** `npm run bench [SUITE…]`: every suite, or those whose name contains a word; writes test/bench/results.json. */
import { writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { compareThroughput } from './compare-throughput';
import { insightQueries } from './insight';
import { interfaceSpeed } from './interface';
import { recordedLatency } from './recorded-latency';
import { teamPush } from './team-push';
import { storeCost } from './store-cost';
import { templateLibrary } from './template-library';
import type { Measure, Suite } from './suites';

const suites: readonly Suite[] = [
  compareThroughput,
  recordedLatency,
  templateLibrary,
  interfaceSpeed,
  insightQueries,
  storeCost,
  teamPush,
];
const RESULTS = resolve(import.meta.dirname, '../../test/bench/results.json');

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = suites.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
const results: { suite: string; measures: Measure[] }[] = [];
for (const suite of chosen) {
  process.stdout.write(`\n${suite.name}\n`);
  const measures = await suite.run((line) => process.stderr.write(`  ${line}\n`));
  results.push({ suite: suite.name, measures });
  for (const { name, value, unit, goal, met } of measures) {
    const verdict = goal === undefined ? '' : `   goal ${goal}${met ? '' : '   NOT MET'}`;
    process.stdout.write(`  ${name.padEnd(44)} ${format(value).padStart(10)} ${unit}${verdict}\n`);
  }
}
if (words.length === 0) {
  const machine = {
    platform: platform(),
    arch: arch(),
    cpus: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  writeFileSync(
    RESULTS,
    `${JSON.stringify({ measured_at: new Date().toISOString(), machine, results }, null, 2)}\n`,
  );
  process.stdout.write(`\nWritten to test/bench/results.json\n`);
}

function format(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
