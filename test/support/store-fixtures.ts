import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { restoreHome } from '../../src-main/core';
import type { KeyVault } from '../../src-main/ports';
import {
  copyStore,
  insertReview,
  listActiveConnections,
  listRestores,
  listTemplates,
  SCHEMA_VERSION,
  type Store,
} from '../../src-main/store';
import { gatherEvidence, liveThrough, memoryHome, openAudited, randomNumbers } from './audit/audit-history';
import type { AuditedStore } from './audit/audit-history';
import { createTestClock, testIds } from './temp-store';

/** Stores left by builds of earlier schemas; see the README.md beside them for their contents. */
const FOLDER = resolve(import.meta.dirname, '../fixtures/stores');

export function fixtureFolder(schema: number): string {
  return join(FOLDER, String(schema).padStart(4, '0'));
}

/** The schemas that have a fixture. */
export function fixtureSchemas(): number[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
}

const read = (schema: number, name: string): string =>
  gunzipSync(readFileSync(join(fixtureFolder(schema), `${name}.gz`))).toString('utf8');

/** A fixture's keychain: the keys that signed its log and records, made for it alone. */
export function fixtureVault(schema: number): KeyVault {
  const path = join(fixtureFolder(schema), 'keychain.json');
  return vaultOf(
    new Map(Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, 'utf8'))))),
  );
}

export function fixtureExport(schema: number): string {
  return read(schema, 'export.jsonl');
}

/** What `shownBy` returned when the fixture was made. */
export function fixtureShown(schema: number): unknown {
  return JSON.parse(read(schema, 'shown.json'), comparable);
}

/**
 * A record that a later entry replaced is shown as it would be logged now, so a later build shows it with the columns
 * logged since: it is compared field by field. Any other record is shown as it was logged, byte for byte.
 */
function comparable(_key: string, value: unknown): unknown {
  const entry = supersededSchema.safeParse(value);
  if (!entry.success) return value;
  return { ...entry.data, content: JSON.parse(entry.data.content) as unknown };
}

const supersededSchema = z.looseObject({ state: z.literal('superseded'), content: z.string() });

/** A copy of a fixture's data folder, removed after the test. */
export function unpackFixture(schema: number): string {
  const home = memoryHome();
  const folder = fixtureFolder(schema);
  writeFileSync(join(home, 'prompter.db'), gunzipSync(readFileSync(join(folder, 'prompter.db.gz'))));
  copyFileSync(join(folder, 'audit-head'), join(home, 'audit-head'));
  return home;
}

function vaultOf(secrets: Map<string, string>): KeyVault {
  return {
    status: () => Promise.resolve({ mode: 'os', available: true, message: null }),
    get: (ref) => Promise.resolve(secrets.get(ref) ?? null),
    set: (ref, secret) => Promise.resolve(void secrets.set(ref, secret)),
    delete: (ref) => Promise.resolve(void secrets.delete(ref)),
  };
}

/** A store's evidence as the product shows it. Tests ignore fields that later builds add. */
export async function shownBy({ store, audit }: Pick<AuditedStore, 'store' | 'audit'>): Promise<unknown> {
  const rows = (sql: string): unknown[] => store.read.prepare<[], unknown>(sql).all();
  const entries = [];
  for (let cursor: string | undefined; ;) {
    const page = await audit.list({ limit: 100, ...(cursor !== undefined && { cursor }) });
    entries.push(...page.items.map(({ seq }) => audit.entry({ seq })));
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  const shown = {
    templates: listTemplates(store.read, { include_archived: true }, { limit: 100 }).items,
    connections: listActiveConnections(store.read, 'default'),
    restores: listRestores(store.read),
    // Money as text, since it may exceed a double's exact range.
    runs: rows(
      `SELECT run_id, template_id, status, executed_at, rendered_prompt, response_output_sha256, record_hmac,
         CAST(cost_picodollars AS TEXT) AS cost FROM runs ORDER BY seq`,
    ),
    reviews: rows(`SELECT review_id, run_id, action, corrected_text FROM reviews ORDER BY seq`),
    entries: entries.toReversed(),
  };
  return JSON.parse(JSON.stringify(shown), comparable) as unknown;
}

/** Makes a store of the current schema with a record of each kind and a restore in its history, and its export. */
export async function makeFixture(): Promise<void> {
  const folder = fixtureFolder(SCHEMA_VERSION);
  if (existsSync(folder))
    throw new Error(`${folder} is there: remove it first, unless its schema has shipped.`);
  const [home, secrets] = [memoryHome(), new Map<string, string>()];
  const vault = vaultOf(secrets);
  const live = async (seed: number): Promise<AuditedStore> => {
    const opened = await openAudited(home, vault);
    liveThrough(opened.store, 30, randomNumbers(seed));
    return opened;
  };
  const first = await live(1);
  gatherEvidence(first.store);
  await first.close();
  const copy = join(memoryHome(), 'copy.db');
  await copyStore({ source: join(home, 'prompter.db'), target: copy });
  await (await live(2)).close();
  await restoreHome({ home, file: copy, clock: createTestClock(Date.UTC(2026, 1, 1)) });

  const last = await live(3);
  gatherEvidence(last.store);
  reviewOne(last.store);
  const text = await (await last.audit.export()).file.text();
  const shown = await shownBy(last);
  await last.close();

  mkdirSync(folder, { recursive: true });
  const write = (name: string, data: string | Uint8Array): void =>
    writeFileSync(join(folder, `${name}.gz`), gzipSync(data, { level: 9 }));
  write('prompter.db', readFileSync(join(home, 'prompter.db')));
  write('export.jsonl', text);
  write('shown.json', JSON.stringify(shown));
  copyFileSync(join(home, 'audit-head'), join(folder, 'audit-head'));
  writeFileSync(join(folder, 'keychain.json'), `${JSON.stringify(Object.fromEntries(secrets), null, 2)}\n`);
}

function reviewOne(store: Store): void {
  const run = store.read
    .prepare<[], { run_id: string; template_id: string; attempt_id: string; sha256: string }>(
      `SELECT run_id, template_id, attempt_id, sha256 FROM runs JOIN raw_responses USING (attempt_id)
       WHERE status = 'succeeded' ORDER BY runs.seq LIMIT 1`,
    )
    .get();
  if (!run) throw new Error('There is no run to review.');
  const { sha256, ...of } = run;
  store.write((tx) =>
    insertReview(tx, {
      ...of,
      review_id: testIds.uuid(),
      org_id: 'default',
      workspace_id: 'default',
      action: 'correct',
      corrected_text: 'As it should be “✓”.',
      reason: 'Cut short.',
      raw_response_sha256: sha256,
      previous_review_id: null,
      reviewed_by: 'ada',
      created_at: '2026-01-02T00:00:00.000Z',
    }),
  );
}
