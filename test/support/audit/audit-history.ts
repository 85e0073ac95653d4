import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createAudit, createSealing, type Audit } from '../../../src-main/audit';
import { createLongReads } from '../../../src-main/core/long-reads';
import type { KeyVault } from '../../../src-main/ports';
import {
  archiveConnection,
  archiveTemplate,
  endWithoutAnswer,
  finishRun,
  insertAttempt,
  insertConnection,
  insertRawResponse,
  insertRun,
  insertTemplate,
  markAnswered,
  markRawStored,
  markSendingAgain,
  markUnanswered,
  openStore,
  upsertSeenVersion,
  type Store,
  type WriteDb,
} from '../../../src-main/store';
import { EVIDENCE_KINDS } from './audit-evidence';
import { createTestLogger, storeOptions, testIds } from '../temp-store';
import { derivedRun } from '../derived-run';
import { unplacedTemplate } from '../stored-template';

/** A folder in memory if possible, since these tests exercise the log, not the disk. Removed after the test. */
export function memoryHome(): string {
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'prompter-audit-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

/** A keychain that lasts as long as the test, or poses as session-only. */
export function memoryKeychain(mode: 'os' | 'session' = 'os'): KeyVault {
  const secrets = new Map<string, string>();
  return {
    status: () => Promise.resolve({ mode, available: true, message: null }),
    get: (ref) => Promise.resolve(secrets.get(ref) ?? null),
    set: (ref, secret) => Promise.resolve(void secrets.set(ref, secret)),
    delete: (ref) => Promise.resolve(void secrets.delete(ref)),
  };
}

export interface AuditedStore {
  readonly store: Store;
  readonly audit: Audit;
  close(): Promise<void>;
}

/** Opens a store with its log, as the core does. */
export async function openAudited(home: string, vault: KeyVault): Promise<AuditedStore> {
  const sealing = createSealing();
  const options = storeOptions({ home, recordKey: sealing.current });
  const store = openStore(options);
  const { clock } = options;
  const audit = await createAudit({
    store,
    vault,
    clock,
    ids: testIds,
    logger: createTestLogger(),
    sealing,
    home,
    longReads: createLongReads(store.info.path),
  });
  const close = async (): Promise<void> => {
    await audit.close();
    store.close();
  };
  onTestFinished(() => store.close());
  return { store, audit, close };
}

/** A deterministic generator of whole numbers below a bound. */
export function randomNumbers(seed: number): (below: number) => number {
  let count = 0;
  return (below) => {
    count += 1;
    return Number.parseInt(hash('sha256', `${seed}/${count}`).slice(0, 8), 16) % below;
  };
}

const AT = '2026-01-01T00:00:00.000Z';
const OWNER = { org_id: 'default', workspace_id: 'default' };

/** Random activity of users and providers: a template and a connection first, then `steps` more actions. */
export function liveThrough(store: Store, steps: number, random: (below: number) => number): void {
  const templates = [addTemplate(store)];
  const connections = [addConnection(store)];
  const runs: string[] = [];
  const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)];
  for (let step = 0; step < steps; step++) {
    const template_id = pick(templates) ?? '';
    const connection_id = pick(connections) ?? '';
    const run_id = pick(runs);
    const kind = random(13);
    if (kind === 0) templates.push(addTemplate(store));
    else if (kind === 1) connections.push(addConnection(store));
    else if (kind === 2) store.write((tx) => archiveTemplate(tx, template_id, AT));
    else if (kind === 3) store.write((tx) => archiveConnection(tx, connection_id, AT));
    else if (kind === 4 && run_id !== undefined) retry(store, run_id, random(3));
    else if (kind === 5) addVersion(store, template_id, `v${random(3)}`);
    else if (kind === 6 && run_id !== undefined) reparse(store, run_id);
    else if (kind > 9 && run_id !== undefined)
      EVIDENCE_KINDS[random(EVIDENCE_KINDS.length)]?.(store, { template_id, connection_id, run_id });
    else runs.push(addRun(store, { template_id, connection_id, end: random(4), seed: random(1e6) }));
  }
}

/** One record of every kind, and a budget in force. */
export function gatherEvidence(store: Store): void {
  const known = store.read
    .prepare<[], { template_id: string; connection_id: string; run_id: string }>(
      `SELECT template_id, connection_id, run_id FROM runs ORDER BY seq LIMIT 1`,
    )
    .get();
  if (!known) throw new Error('There is no run yet.');
  for (const kind of [...EVIDENCE_KINDS, ...EVIDENCE_KINDS.slice(1, 2)]) kind(store, known);
}

function addTemplate(store: Store): string {
  const template_id = testIds.uuid();
  store.write((tx) =>
    insertTemplate(
      tx,
      unplacedTemplate({
        ...OWNER,
        template_id,
        name: `Half a pair \ud800 of ${template_id}`,
        system_instructions: 'Be brief.',
        user_prompt_template: 'Say {{ word }} “✓”.',
        country_set: ['DE', 'FR'],
        provider: 'openai',
        model_id: 'gpt-4o',
        inference_params: { temperature: 0.7, stop: ['\u2028'] },
        variables: ['word'],
        config_sha256: hash('sha256', template_id),
        created_at: AT,
        created_by: 'ada',
      }),
    ),
  );
  return template_id;
}

function addConnection(store: Store): string {
  const connection_id = testIds.uuid();
  store.write((tx) =>
    insertConnection(tx, {
      org_id: OWNER.org_id,
      connection_id,
      name: connection_id,
      provider: 'openai',
      base_url: null,
      key_source: 'none',
      key_ref: null,
      key_env: null,
      concurrency: 4,
      created_at: AT,
      last_test_at: null,
      last_test_ok: null,
      last_test_message: null,
      deleted_at: null,
    }),
  );
  return connection_id;
}

function addVersion(store: Store, template_id: string, key: string): void {
  const evidence = { requested_model: 'gpt-4o', echoed_model: key, system_fingerprint: null, extra: {} };
  store.write((tx) => {
    upsertSeenVersion(tx, {
      ...OWNER,
      version_id: testIds.uuid(),
      template_id,
      provider: 'openai',
      model_id: 'gpt-4o',
      provider_version_key: key,
      evidence_grade: 'pinned_id',
      evidence,
      seen_at: AT,
    });
  });
}

/** Outcomes: 0 answered, 1 no answer, 2 in progress, 3 answered but not parsed yet. */
function addRun(
  store: Store,
  run: { template_id: string; connection_id: string; end: number; seed: number },
): string {
  const run_id = testIds.uuid();
  store.write((tx) => {
    insertRun(tx, {
      ...OWNER,
      run_id,
      template_id: run.template_id,
      batch_id: null,
      batch_run_index: null,
      replicate_index: 0,
      provider: 'openai',
      connection_id: run.connection_id,
      model_id: 'gpt-4o',
      country: null,
      brand_name: null,
      grounding_mode: 'none',
      rendered_prompt: `Say ${run.seed} \udc00 in a "few"\n words.`,
      rendered_prompt_sha256: hash('sha256', String(run.seed)),
      simulated: false,
      idempotency_key: null,
      model_version_constraint: null,
      analysis_config: { seed: run.seed, rate: 0.1 },
      executed_at: AT,
    });
  });
  attempt(store, run_id, 0, run.end);
  return run_id;
}

function retry(store: Store, run_id: string, end: number): void {
  const attempts = store.read
    .prepare<[string], { n: number }>(`SELECT count(*) AS n FROM attempts WHERE run_id = ?`)
    .get(run_id);
  store.write((tx) => markSendingAgain(tx, run_id));
  attempt(store, run_id, attempts?.n ?? 0, end);
}

function attempt(store: Store, run_id: string, attempt_index: number, end: number): void {
  const attempt_id = testIds.uuid();
  store.write((tx) => insertAttempt(tx, { attempt_id, run_id, attempt_index, started_at: AT }));
  if (end === 1) {
    const failure = { code: 'timeout', message: 'Too slow.' };
    store.write((tx) => {
      markUnanswered(tx, { attempt_id, status: 'outcome_unknown', ended_at: AT, failure });
      endWithoutAnswer(tx, run_id, {
        status: 'failed',
        failure_code: 'timeout',
        failure_message: failure.message,
      });
    });
  }
  if (end === 1 || end === 2) return;
  const bytes = Buffer.from(`{"output":"${attempt_id}"}`);
  store.write((tx) => {
    insertRawResponse(tx, {
      attempt_id,
      http_status: 200,
      headers: [['content-type', 'application/json']],
      sha256: hash('sha256', bytes),
      size: bytes.length,
      bytes,
      complete: true,
      redacted: false,
      inParts: false,
      request_body: '{"model":"gpt-4o"}',
      stored_at: AT,
    });
    markAnswered(tx, {
      assets: [],
      attempt_id,
      request_api: 'openai.responses',
      request_body: '{"model":"gpt-4o"}',
      ended_at: AT,
    });
    markRawStored(tx, run_id, attempt_id, { latency_ms: 12.25, first_byte_ms: 1 / 3 });
  });
  if (end !== 3) store.write((tx) => finish(tx, run_id, bytes));
}

/** Parses the stored answer again, with a different outcome. */
function reparse(store: Store, run_id: string): void {
  const run = store.read
    .prepare<[string], { status: string }>(`SELECT status FROM runs WHERE run_id = ?`)
    .get(run_id);
  if (run?.status !== 'succeeded' && run?.status !== 'raw_stored') return;
  store.write((tx) => finish(tx, run_id, Buffer.from('read again')));
}

function finish(tx: WriteDb, run_id: string, bytes: Uint8Array): void {
  finishRun(
    tx,
    run_id,
    derivedRun({
      last_parse_attempt_at: AT,
      response_output_sha256: hash('sha256', bytes),
      provider_version_key: 'v1',
      evidence_grade: 'pinned_id',
      finish_reason: 'stop',
      finish_reason_raw: 'stop',
      input_tokens: 3,
      output_tokens: 5,
      cost_picodollars: 9_007_199_254_740_993n,
      latency_ms: 12.25,
      first_byte_ms: 1 / 3,
    }),
  );
}
