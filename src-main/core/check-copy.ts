import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../src-shared/domain';
import { adoptRecords, verifyCopy, type AuditReport } from '../audit';
import type { Clock } from '../ports';
import { copyStore, openStore, schemaVersionOf, SCHEMA_VERSION } from '../store';
import { createLongReads } from './long-reads';
import { uuidIds } from './runtime';

/**
 * Compares each record of a copy with its hash in the copy's own audit log, and the log with its signatures. The copy
 * is only read. A copy with an earlier schema is compared as it would be after its first start: a temporary copy of it
 * is migrated and then deleted.
 * @throws STORE_CORRUPT naming the first record, DISK_FULL
 */
export async function checkCopy(options: {
  /** The copy's file, and what it is called to whoever chose it. */
  path: string;
  name: string;
  home: string;
  clock: Clock;
}): Promise<void> {
  const { path, name } = options;
  const report = schemaVersionOf(path) === SCHEMA_VERSION ? await verify(path) : null;
  refuse(name, report ?? (await verifyBroughtUpToDate(options)));
}

function verify(path: string): Promise<AuditReport | null> {
  return createLongReads(path)(verifyCopy, null);
}

/** On the data folder's disk if there is one: temporary folders may be in memory. */
async function verifyBroughtUpToDate({
  path,
  home,
  clock,
}: {
  path: string;
  home: string;
  clock: Clock;
}): Promise<AuditReport | null> {
  const folder = mkdtempSync(join(existsSync(home) ? home : tmpdir(), 'checking-'));
  try {
    await copyStore({ source: path, target: join(folder, 'prompter.db') });
    const store = openStore({
      home: folder,
      ids: uuidIds,
      clock,
      logger: { log: () => {} },
      appVersion: 'check',
    });
    try {
      adoptRecords(store);
      return await verify(store.info.path);
    } finally {
      store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuse(name: string, report: AuditReport | null): void {
  if (report?.ok === true) return;
  const first = report?.problems[0]?.message ?? 'Its audit log could not be read.';
  const others = (report?.problem_count ?? 1) - 1;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  throw new AppError(
    'STORE_CORRUPT',
    `${name} does not match its audit log: ${first}${more} Nothing was changed. Choose another backup ` +
      '(prompter backup list).',
    { data: { path: name, reason: first, problems: report?.problems ?? [] } },
  );
}
