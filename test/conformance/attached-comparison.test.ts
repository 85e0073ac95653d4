import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { homeForCommands, type CommandHome, type ServedHome } from '../support/served-home';

const files = mkdtempSync(join(tmpdir(), 'prompter-attached-'));
afterAll(() => rmSync(files, { recursive: true }));

const template = join(files, 'greet.yaml');
writeFileSync(template, 'name: Greeting\nmodel_id: gpt-4o\nuser_prompt_template: Greet {{ name }}\n');
const ROWS = 40;
const rows = join(files, 'rows.csv');
writeFileSync(rows, `name\n${Array.from({ length: ROWS }, (_, index) => `n${index}\n`).join('')}`);

/** Slow enough to be interrupted, with one call at a time under way. */
const slow = ['compare', template, '--targets', 'practice-openai:gpt-4o@latency=50', '--inputs', rows];

/** Begins a comparison in the running Prompter and calls back once, when a few of its cells are stored. */
async function interrupted({ run }: CommandHome, interrupt: () => void) {
  let done = false;
  const outcome = await run([...slow, '--concurrency', '1', '--progress', 'jsonl'], ({ err }) => {
    if (done || (err.match(/"event":"stored"/g) ?? []).length < 3) return;
    done = true;
    interrupt();
  });
  expect(done).toBe(true);
  const batchId = /prompter compare --resume (\S+)/.exec(outcome.err)?.[1] ?? '';
  return { ...outcome, batchId };
}

async function batchOf({ run }: CommandHome, batchId: string) {
  return JSON.parse((await run(['batch', 'get', batchId, '--json'])).out);
}

test('Ctrl+C pauses the comparison in the running Prompter; it is resumed there with every cell told', async () => {
  const prompter = homeForCommands();
  await prompter.serve();
  const paused = await interrupted(prompter, () => process.emit('SIGINT'));
  expect(paused.exitCode).toBe(1);
  expect(paused.err).toContain('Pausing: calls in progress finish and are stored.');
  expect(paused.err).toContain('The comparison is paused.');
  const before = await batchOf(prompter, paused.batchId);
  expect(before).toMatchObject({ status: 'paused', counts: { running: 0, failed: 0, outcome_unknown: 0 } });
  expect(before.counts.pending).toBeGreaterThan(0);

  const resumed = await prompter.run([
    'compare',
    '--resume',
    paused.batchId,
    '--json',
    '--progress',
    'jsonl',
  ]);
  expect([resumed.exitCode, JSON.parse(resumed.out)]).toMatchObject([
    0,
    { status: 'completed', counts: { succeeded: ROWS } },
  ]);
  expect(resumed.err.match(/"event":"stored"/g)).toHaveLength(before.counts.pending);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a Prompter that ends by %s amid a comparison is told, loses nothing, and the command to resume works alone',
  async (signal) => {
    const prompter = homeForCommands();
    const served: ServedHome = await prompter.serve();
    const closed = await interrupted(prompter, () => served.child.kill(signal));
    expect(closed.exitCode).toBe(1);
    expect(closed.err).toMatch(
      /error: The running Prompter was closed before it had answered\..*\nTo resume:\n/,
    );
    await served.end('SIGKILL');

    const before = await batchOf(prompter, closed.batchId);
    expect(before.status).toBe('paused');
    const stored = new Set(closed.err.match(/"run_id":"[^"]+"/g));
    expect(before.counts.succeeded).toBeGreaterThanOrEqual(stored.size);
    const resume = ['compare', '--resume', closed.batchId, '--retry-unknown', '--json'];
    const resumed = JSON.parse((await prompter.run(resume)).out);
    expect(resumed).toMatchObject({ status: 'completed', counts: { succeeded: ROWS } });
  },
);

test('a Prompter that is closed amid a run is told in JSON, too', async () => {
  const prompter = homeForCommands();
  const served = await prompter.serve();
  const running = ['run', template, '--var', 'name=Ada', '--stream', '--json'];
  let closed = false;
  const outcome = await prompter.run(
    [...running, '--target', 'practice-openai:gpt-4o@slowstream=600'],
    ({ err }) => {
      if (closed || !err.includes('Created template')) return;
      closed = true;
      served.child.kill('SIGTERM');
    },
  );
  expect([outcome.exitCode, JSON.parse(outcome.out)]).toMatchObject([1, { error: { code: 'APP_CLOSED' } }]);
});
