import { hash, randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock, uuidIds } from '../../src-main/core';
import type { Logger } from '../../src-main/ports';
import {
  finishRun,
  insertAttempt,
  insertRawResponse,
  insertRun,
  markAnswered,
  markRawStored,
  openStore,
  type Store,
} from '../../src-main/store';
import { median, temporaryFolder } from './lib/processes';
import { seedHistory } from './seed-history';
import { atMost, fact, type Measure, type Suite } from './suites';
import { derivedRun } from '../support/derived-run';

const SILENT: Logger = { log: () => undefined };
const SEEDED_RUNS = 1_000_000;
/** Runs that end in the same turn of the event loop: one, as in a small comparison, as in a large one. */
const GROUPS = [1, 16, 128];
const RUNS_PER_ROUND = 512;
const ROUNDS = 9;
const TABLES = ['runs', 'attempts', 'raw_responses'] as const;
const SYLLABLES = 'an be co de er fi go ha in ju ka lo me no or pa qui re su ta un ve wo xi yo zen'.split(
  ' ',
);

/**
 * CPU of storing a run beside a bare insert of the same rows into the same tables, in turns, in stores that already
 * hold a million runs. The bare insert does not compress requests and answers: compression is part of the cost of
 * storing a run.
 */
export const storeCost: Suite = {
  name: 'storing a run among 1,000,000: three durable commits, leaves, HMAC and sums, against one bare insert of the same bytes',
  run(log) {
    const ours = temporaryFolder();
    const bare = temporaryFolder();
    const key = randomBytes(32);
    const open = (): Store =>
      openStore({
        home: ours.path,
        ids: uuidIds,
        clock: systemClock,
        logger: SILENT,
        appVersion: 'bench',
        recordKey: () => ({ id: 'bench', key }),
      });
    log(`seeding ${SEEDED_RUNS} runs`);
    const seeded = open();
    seedHistory(seeded, { runs: SEEDED_RUNS, templates: 200, days: 365, from: yearBefore(Date.now()) });
    seeded.close();
    copyFileSync(join(ours.path, 'prompter.db'), join(bare.path, 'bare.db'));
    const store = open();
    const db = openBare(join(bare.path, 'bare.db'));
    try {
      const measures: Measure[] = [];
      for (const group of GROUPS) {
        log(`groups of ${group}`);
        const times: { ours: number; bare: number }[] = [];
        for (let round = 0; round <= ROUNDS; round += 1) {
          const runs = Array.from({ length: RUNS_PER_ROUND }, (_, index) => newRun(store, round, index));
          const oursMs = cpuMs(() => eachGroup(runs, group, (of) => storeAll(store, of)));
          const rows = TABLES.map((table) => rowsOf(store, table, runs));
          const bareMs = cpuMs(() =>
            eachGroup([...runs.keys()], group, (indexes) => insertBare(db, rows, indexes)),
          );
          // The first round warms up.
          if (round > 0) times.push({ ours: oursMs / RUNS_PER_ROUND, bare: bareMs / RUNS_PER_ROUND });
        }
        measures.push(
          fact(`groups of ${group}: bare insert`, 1000 * median(times.map((time) => time.bare)), 'µs CPU'),
          fact(`groups of ${group}: stored run`, 1000 * median(times.map((time) => time.ours)), 'µs CPU'),
          atMost(
            `groups of ${group}: stored run / bare insert`,
            median(times.map((time) => time.ours / time.bare)),
            '×',
            3,
          ),
        );
      }
      return Promise.resolve(measures);
    } finally {
      db.close();
      store.close();
      ours.remove();
      bare.remove();
    }
  },
};

interface Planned {
  readonly run: Parameters<typeof insertRun>[1];
  readonly attemptId: string;
  readonly request: string;
  readonly answer: Uint8Array;
}

function newRun(store: Store, round: number, index: number): Planned {
  const parents = store.read
    .prepare<[number], { template_id: string; connection_id: string }>(
      `SELECT template_id, connection_id FROM runs WHERE seq = ?`,
    )
    .get(1 + (index % 20)) ?? { template_id: '', connection_id: '' };
  const text = prose(300, round * RUNS_PER_ROUND + index);
  const prompt = text.slice(0, 600);
  return {
    attemptId: uuidIds.uuid(),
    request: JSON.stringify({ model: 'gpt-4o', input: prompt }),
    answer: Buffer.from(JSON.stringify({ id: `resp_${uuidIds.uuid()}`, model: 'gpt-4o', output: text })),
    run: {
      ...parents,
      run_id: uuidIds.uuid(),
      org_id: 'default',
      workspace_id: 'default',
      batch_id: null,
      batch_run_index: null,
      replicate_index: 0,
      provider: 'openai',
      model_id: `model-${index % 8}`,
      country: null,
      brand_name: null,
      grounding_mode: 'none',
      rendered_prompt: prompt,
      rendered_prompt_sha256: hash('sha256', prompt),
      simulated: false,
      idempotency_key: null,
      model_version_constraint: null,
      analysis_config: { variables: { text: prompt.slice(0, 100) } },
      executed_at: new Date().toISOString(),
    },
  };
}

/** Text with natural word frequencies, which zstd halves; a few repeated words would compress to nothing. */
function prose(words: number, seed: number): string {
  let state = seed + 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: words }, () => {
    // Low numbers are more frequent and give shorter words.
    let word = Math.min(next(700), next(700), next(700));
    let text = SYLLABLES[word % SYLLABLES.length] ?? '';
    while ((word = Math.floor(word / SYLLABLES.length)) > 0) text += SYLLABLES[word % SYLLABLES.length] ?? '';
    return text;
  }).join(' ');
}

/** A run's three commits, each shared by the group. */
function storeAll(store: Store, planned: readonly Planned[]): void {
  const at = new Date().toISOString();
  store.write((tx) => {
    for (const { run, attemptId } of planned) {
      insertRun(tx, run);
      insertAttempt(tx, { attempt_id: attemptId, run_id: run.run_id, attempt_index: 0, started_at: at });
    }
  });
  store.write((tx) => {
    for (const { run, attemptId, request, answer } of planned) {
      insertRawResponse(tx, {
        attempt_id: attemptId,
        http_status: 200,
        headers: [
          ['content-type', 'application/json'],
          ['x-request-id', attemptId],
        ],
        sha256: hash('sha256', answer),
        bytes: answer,
        size: answer.byteLength,
        complete: true,
        redacted: false,
        inParts: false,
        request_body: request,
        stored_at: at,
      });
      markAnswered(tx, {
        assets: [],
        attempt_id: attemptId,
        request_api: 'openai.responses',
        request_body: request,
        ended_at: at,
      });
      markRawStored(tx, run.run_id, attemptId, { latency_ms: 812.5, first_byte_ms: 301.2 });
    }
  });
  store.write((tx) => {
    for (const { run } of planned) {
      finishRun(
        tx,
        run.run_id,
        derivedRun({
          last_parse_attempt_at: at,
          response_output_sha256: run.rendered_prompt_sha256,
          provider_version_key: 'gpt-4o-2024-08-06',
          evidence_grade: 'dated_snapshot',
          system_fingerprint: 'fp_1',
          finish_reason: 'stop',
          finish_reason_raw: 'stop',
          input_tokens: 500,
          output_tokens: 400,
          cost_picodollars: 37_500_000n,
          latency_ms: 812.5,
          first_byte_ms: 301.2,
        }),
      );
      tx.changed('runs', run.run_id);
    }
  });
}

/** The start of 365 past days, so that runs stored now fall into a separate hour. */
function yearBefore(now: number): string {
  return new Date(now - 366 * 86_400_000).toISOString().slice(0, 10);
}

/** The same tables and indexes without triggers, foreign keys or audit log. */
function openBare(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = OFF');
  const triggers = db
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  return db;
}

interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

function rowsOf(store: Store, table: (typeof TABLES)[number], planned: readonly Planned[]): TableRows {
  const column = table === 'runs' ? 'run_id' : 'attempt_id';
  const find = store.read.prepare<[string], Record<string, unknown>>(
    `SELECT * FROM ${table} WHERE ${column} = ?`,
  );
  const rows = planned.map(({ run, attemptId, request, answer }) => ({
    ...find.get(table === 'runs' ? run.run_id : attemptId),
    ...(table === 'attempts' ? { request_json: Buffer.from(request) } : {}),
    ...(table === 'raw_responses' ? { bytes: answer, encoding: 'identity' } : {}),
  }));
  const columns = Object.keys(rows[0] ?? {});
  return {
    table,
    columns,
    rows: rows.map((row: Record<string, unknown>) => columns.map((name) => row[name])),
  };
}

const prepared = new Map<string, Database.Statement>();

function insertBare(db: Database.Database, tables: readonly TableRows[], indexes: readonly number[]): void {
  db.exec('BEGIN IMMEDIATE');
  for (const { table, columns, rows } of tables) {
    let insert = prepared.get(table);
    if (!insert) {
      const places = columns.map(() => '?').join(', ');
      insert = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
      prepared.set(table, insert);
    }
    for (const index of indexes) insert.run(...(rows[index] ?? []));
  }
  db.exec('COMMIT');
}

function eachGroup<T>(items: readonly T[], size: number, work: (group: readonly T[]) => void): void {
  for (let from = 0; from < items.length; from += size) work(items.slice(from, from + size));
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
