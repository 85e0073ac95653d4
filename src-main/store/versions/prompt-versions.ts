import type { GradedVersion, PromptVersion } from '../../../src-shared/domain';
import { appendStored } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { promptVersions } from './tables';

const VERSION = storedColumns(promptVersions, namesOf(promptVersions, 'seq'), 'version_id');
const SELECT = `SELECT ${VERSION.list} FROM prompt_versions`;
const OF_KEY = 'org_id = ? AND workspace_id = ? AND template_id = ? AND provider_version_key = ?';
/** Identifies a template's version. */
type VersionRef = Pick<PromptVersion, 'org_id' | 'workspace_id' | 'template_id' | 'provider_version_key'>;

/** A version that answered for a template at `seen_at`. `version_id` is used if it is new. */
export interface SeenVersion extends GradedVersion {
  readonly version_id: string;
  readonly org_id: string;
  readonly workspace_id: string;
  readonly template_id: string;
  readonly provider: string;
  readonly model_id: string;
  readonly seen_at: string;
}

/**
 * Records that a version answered. What was known at the first sighting stays; only `last_seen_at` moves, never back.
 * One row per template and `provider_version_key`. Runs on every answer, hence the plain SQL.
 */
export function upsertSeenVersion(tx: WriteDb, seen: SeenVersion): { row: PromptVersion; created: boolean } {
  const known = findVersion(tx, seen);
  if (!known) {
    const { seen_at, ...version } = seen;
    const row: PromptVersion = { ...version, first_seen_at: seen_at, last_seen_at: seen_at };
    tx.prepare(VERSION.insert).run(...VERSION.encode(row));
    appendStored(tx, 'version', row.version_id);
    tx.changed('versions', row.version_id);
    return { row, created: true };
  }
  if (seen.seen_at <= known.last_seen_at) return { row: known, created: false };
  tx.prepare<[string, string], never>(`UPDATE prompt_versions SET last_seen_at = ? WHERE version_id = ?`).run(
    seen.seen_at,
    known.version_id,
  );
  return { row: { ...known, last_seen_at: seen.seen_at }, created: false };
}

/** The version of this model that last answered for the template. */
export function latestVersion(
  db: ReadDb,
  ref: { readonly template_id: string; readonly provider: string; readonly model_id: string },
): PromptVersion | undefined {
  const row = db
    .prepare<[string, string, string], StoredRow>(
      `${SELECT} WHERE template_id = ? AND provider = ? AND model_id = ? ORDER BY last_seen_at DESC, seq DESC LIMIT 1`,
    )
    .get(ref.template_id, ref.provider, ref.model_id);
  return row && VERSION.decode(row);
}

/** All versions seen with the template, last seen first. */
export function listVersions(db: ReadDb, templateId: string): PromptVersion[] {
  return db
    .prepare<[string], StoredRow>(`${SELECT} WHERE template_id = ? ORDER BY last_seen_at DESC, seq DESC`)
    .all(templateId)
    .map(VERSION.decode);
}

/**
 * When a version last answered for a template; null if never. Prepared, for every run's commit: the row is rewritten
 * only if this is old.
 */
export function versionLastSeenAt(db: ReadDb, key: VersionRef): string | null {
  const row = db
    .prepare<[string, string, string, string], { last_seen_at: string }>(
      `SELECT last_seen_at FROM prompt_versions WHERE ${OF_KEY}`,
    )
    .get(key.org_id, key.workspace_id, key.template_id, key.provider_version_key);
  return row?.last_seen_at ?? null;
}

export function findVersion(db: ReadDb, key: VersionRef): PromptVersion | undefined {
  const row = db
    .prepare<[string, string, string, string], StoredRow>(`${SELECT} WHERE ${OF_KEY}`)
    .get(key.org_id, key.workspace_id, key.template_id, key.provider_version_key);
  return row && VERSION.decode(row);
}
