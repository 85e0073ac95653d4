import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCore } from '../../src-main/core';
import { resolveConfig } from '../../src-main/home';
import { startPracticeServer } from '../../src-main/practice';
import { newConnectionSchema } from '../../src-shared/domain';
import { runCli, startCli } from '../support/cli';
import { temporaryFolder } from '../support/temporary';

const KILLS = 30;
const INPUTS = 40;
const CELLS = INPUTS * 3;

const progressSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('batch'), batch_id: z.string(), total: z.number() }),
  z.object({
    event: z.literal('stored'),
    batch_run_index: z.number(),
    run_id: z.string(),
    raw_response_sha256: z.string().nullable(),
  }),
]);
type Stored = Extract<z.infer<typeof progressSchema>, { event: 'stored' }>;

const journalSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('request'),
    n: z.number(),
    client_request_id: z.string().nullable(),
    path: z.string(),
  }),
  z.object({ event: z.literal('answer'), n: z.number(), response_sha256: z.string(), complete: z.boolean() }),
]);

/** Park–Miller: the same kills in every run of this test, so that a failure can be seen again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function readJournal(file: string) {
  const entries = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => journalSchema.parse(JSON.parse(line)));
  const answers = new Map(
    entries.flatMap((entry) => (entry.event === 'answer' ? [[entry.n, entry] as const] : [])),
  );
  return entries.flatMap((entry) =>
    entry.event === 'request' ? [{ ...entry, answer: answers.get(entry.n) ?? null }] : [],
  );
}

/** Runs a comparison and kills its process when `killAfter` answers were reported as stored. */
async function killedComparison(
  home: string,
  files: { template: string; inputs: string },
  killAfter: number,
) {
  const env = { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
  const targets = [
    'faults-openai:gpt-4o@latency=4',
    'faults-anthropic:claude-opus-5-5@latency=7',
    'faults-google:gemini-3.8-flash@latency=1',
  ];
  const comparison = startCli(
    [
      'compare',
      files.template,
      '--targets',
      targets.join(','),
      '--inputs',
      files.inputs,
      '--concurrency',
      '8',
      '--progress',
      'jsonl',
      '--json',
    ],
    env,
  );
  const stored: Stored[] = [];
  let batchId: string | null = null;
  comparison.onProgress((line) => {
    if (!line.startsWith('{')) return;
    const event = progressSchema.parse(JSON.parse(line));
    if (event.event === 'batch') batchId = event.batch_id;
    else stored.push(event);
    if (batchId !== null && stored.length >= killAfter) comparison.child.kill('SIGKILL');
  });
  const result = await comparison.done;
  if (batchId === null) throw new Error(`the comparison never started: ${result.stderr}`);
  return { batchId: String(batchId), stored };
}

/** The attempts of a store, read from outside while nobody owns it. */
function attemptsOf(home: string) {
  const db = new Database(join(home, 'prompter.db'), { readonly: true });
  try {
    return z
      .array(
        z.object({
          attempt_id: z.string(),
          status: z.string(),
          run_id: z.string(),
          batch_run_index: z.number(),
        }),
      )
      .parse(
        db
          .prepare(
            'SELECT attempts.attempt_id, attempts.status, run_id, batch_run_index FROM attempts JOIN runs USING (run_id)',
          )
          .all(),
      );
  } finally {
    db.close();
  }
}

describe('a comparison whose process is killed', () => {
  it(`keeps every answer it reported, sends nothing twice, and can be resumed (${KILLS} kills)`, async () => {
    const folder = temporaryFolder();
    const template = join(folder, 'template.json');
    const inputs = join(folder, 'inputs.jsonl');
    writeFileSync(
      template,
      JSON.stringify({ name: 'Kill me', user_prompt_template: 'Say {{ word }}.', model_id: 'gpt-4o' }),
    );
    writeFileSync(
      inputs,
      Array.from({ length: INPUTS }, (_, index) => JSON.stringify({ word: `word ${index}` })).join('\n'),
    );
    const random = randomFrom(20_261_120);
    let unknownSeen = 0;
    let interruptedSeen = 0;

    const killAndResume = async (round: number, killAfter: number): Promise<void> => {
      const home = join(folder, `home-${round}`);
      const env = { PROMPTER_HOME: home, PROMPTER_KEYCHAIN: 'session' };
      const journalFile = join(folder, `journal-${round}.jsonl`);
      const server = await startPracticeServer({ journalFile });
      onTestFinished(() => server.close());
      const before = await createCore({ config: resolveConfig(env), appVersion: 'test', env });
      for (const vendor of ['openai', 'anthropic', 'google'])
        await before.connections.create(
          newConnectionSchema.parse({
            name: `faults-${vendor}`,
            provider: `practice-${vendor}`,
            base_url: server.url,
          }),
        );
      await before.close();

      const { batchId, stored } = await killedComparison(home, { template, inputs }, killAfter);
      const context = `round ${round}, killed after ${killAfter}`;
      const sentBefore = readJournal(journalFile);

      // Opening the store again is what repairs it.
      const core = await createCore({ config: resolveConfig(env), appVersion: 'test', env });
      for (const report of stored) {
        if (report.raw_response_sha256 === null) continue;
        expect(hash('sha256', core.runs.raw({ run_id: report.run_id }).bytes), context).toBe(
          report.raw_response_sha256,
        );
      }
      const interrupted = core.batches.get({ batch_id: batchId });
      // Killed at one of the last cells, it may have ended first.
      const ended = interrupted.counts.succeeded === CELLS;
      expect(ended ? ['paused', 'completed'] : ['paused'], context).toContain(interrupted.status);
      if (interrupted.status === 'paused') interruptedSeen += 1;
      await core.close();

      const attempts = new Map(attemptsOf(home).map((attempt) => [attempt.attempt_id, attempt]));
      for (const request of sentBefore) {
        const attempt = attempts.get(request.client_request_id ?? '');
        expect(attempt, `${context}: request ${request.n} is not on record`).toBeDefined();
        expect(['answered', 'outcome_unknown'], context).toContain(attempt?.status);
        if (attempt?.status === 'outcome_unknown') unknownSeen += 1;
      }
      expect(
        [...attempts.values()].map(({ status }) => status),
        context,
      ).not.toContain('sending');

      const resumed = await runCli(['compare', '--resume', batchId, '--json', '--progress', 'none'], env);
      expect([0, 1], `${context}: ${resumed.stderr}`).toContain(resumed.code);
      const journal = readJournal(journalFile);
      const requestIds = journal.map((request) => request.client_request_id);
      expect(new Set(requestIds).size, `${context}: a request was sent twice`).toBe(requestIds.length);
      const cellOf = new Map(
        attemptsOf(home).map((attempt) => [attempt.attempt_id, attempt.batch_run_index]),
      );
      const sentCells = requestIds.map((id) => cellOf.get(id ?? ''));
      expect(new Set(sentCells).size, `${context}: a cell was sent twice by itself`).toBe(sentCells.length);

      const after = await createCore({ config: resolveConfig(env), appVersion: 'test', env });
      const { counts } = after.batches.get({ batch_id: batchId });
      expect(counts.pending + counts.running, context).toBe(0);
      expect(counts.succeeded + counts.outcome_unknown, context).toBe(CELLS);
      // Every stored answer is what the server says it sent: its journal is the witness.
      const answers = new Map(
        journal.map((request) => [request.client_request_id, request.answer?.response_sha256]),
      );
      const byRun = new Map(attemptsOf(home).map((attempt) => [attempt.run_id, attempt.attempt_id]));
      const { rows } = after.batches.rows({ batch_id: batchId, from: 0, count: INPUTS });
      for (const cell of rows.flatMap((row) => row.cells)) {
        if (cell.status !== 'succeeded') continue;
        expect(cell.raw_response_sha256, context).toBe(answers.get(byRun.get(cell.run_id) ?? ''));
        expect(hash('sha256', after.runs.raw({ run_id: cell.run_id }).bytes), context).toBe(
          cell.raw_response_sha256,
        );
      }
      await after.close();
    };

    const rounds = Array.from({ length: KILLS }, () => Math.floor(random() * (CELLS - 1))).entries();
    // Two at a time: a round waits for its processes most of its time.
    const lane = async (): Promise<void> => {
      for (const [round, killAfter] of rounds) await killAndResume(round, killAfter);
    };
    await Promise.all([lane(), lane()]);
    // A test of doubt that never saw any would prove nothing.
    expect(unknownSeen).toBeGreaterThan(0);
    expect(interruptedSeen).toBeGreaterThan(KILLS * 0.8);
  });
});
