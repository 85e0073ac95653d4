/** `npm run bench [SUITE…]`: every suite, or those whose name contains a word; writes test/bench/results.json. */
import { writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { besidePromptfoo } from './beside-promptfoo';
import { compareThroughput } from './compare-throughput';
import { conversationEditor } from './conversation-editor';
import { insightQueries } from './insight';
import { interfaceSpeed } from './interface';
import { realLatency } from './real-latency';
import { teamPush } from './team-push';
import { start } from './start';
import { storeCost } from './store-cost';
import { templateLibrary } from './template-library';
import { watching } from './watching';
import type { Measure, Suite } from './suites';

const suites: readonly Suite[] = [
  besidePromptfoo,
  compareThroughput,
  realLatency,
  watching,
  start,
  templateLibrary,
  interfaceSpeed,
  conversationEditor,
  insightQueries,
  storeCost,
  teamPush,
];
const RESULTS = resolve(import.meta.dirname, '../../test/bench/results.json');

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = suites.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
if (chosen.length === 0) {
  process.stderr.write(`No suite has a name with ${words.join(' or ')}.\n`);
  process.exit(2);
}
const results: { suite: string; measures: Measure[] }[] = [];
for (const suite of chosen) {
  process.stdout.write(`\n${suite.name}\n`);
  const measures = await suite.run((line) => process.stderr.write(`  ${line}\n`));
  results.push({ suite: suite.name, measures });
  for (const { name, value, unit, goal, met } of measures) {
    const verdict = goal === undefined ? '' : `   goal ${goal}${met ? '' : '   NOT MET'}`;
    const shown = value === null ? 'not measured' : `${format(value).padStart(10)} ${unit}`;
    process.stdout.write(`  ${name.padEnd(48)} ${shown}${verdict}\n`);
  }
}
// A figure over its goal may be the machine's fault; a missing one proves nothing and must not look like a pass.
if (results.some(({ measures }) => measures.some(({ value }) => value === null))) process.exitCode = 1;
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
