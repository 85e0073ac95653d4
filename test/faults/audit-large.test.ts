import { hash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { insertAttempt, insertRawResponse } from '../../src-main/store';
import {
  gatherEvidence,
  liveThrough,
  memoryHome,
  memoryKeychain,
  openAudited,
  randomNumbers,
} from '../support/audit/audit-history';
import { runCli } from '../support/cli';
import { testIds } from '../support/temp-store';

const ANSWERS = 3_000;
const ANSWER_BYTES = 40_000;
/** Well below what the answers are together. */
const HEAP_MB = 64;

it('exports and verifies a log that is larger than memory, on the built product', async () => {
  const home = memoryHome();
  const { store, close } = await openAudited(home, memoryKeychain('session'));
  liveThrough(store, 30, randomNumbers(1));
  gatherEvidence(store);
  const run = store.read.prepare<[], { run_id: string }>(`SELECT run_id FROM runs LIMIT 1`).get();
  const at = '2026-01-01T00:00:00.000Z';
  for (let index = 0; index < ANSWERS; index++) {
    const bytes = randomBytes(ANSWER_BYTES);
    const attempt_id = testIds.uuid();
    store.write((tx) => {
      const attempt_index = 1000 + index;
      insertAttempt(tx, { attempt_id, run_id: run?.run_id ?? '', attempt_index, started_at: at });
      insertRawResponse(tx, {
        attempt_id,
        http_status: 200,
        headers: [],
        sha256: hash('sha256', bytes),
        size: bytes.length,
        bytes,
        complete: true,
        redacted: false,
        inParts: false,
        request_body: null,
        stored_at: at,
      });
    });
  }
  await close();

  const env = {
    PROMPTER_HOME: home,
    PROMPTER_KEYCHAIN: 'session',
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
  };
  const out = join(home, 'audit.jsonl');
  const exported = await runCli(['audit', 'export', '--out', out], env);
  expect(exported.stderr).toBe('');
  expect(exported.code).toBe(0);
  expect(statSync(out).size).toBeGreaterThan(2 * HEAP_MB * 2 ** 20);
  for (const args of [
    ['audit', 'verify'],
    ['audit', 'verify', out],
  ]) {
    const verified = await runCli(args, env);
    expect(verified.stdout).toMatch(/^\d{4} entries verified/);
    expect(verified.code).toBe(0);
  }
});
