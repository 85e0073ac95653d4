import {
  evidenceGradeSchema,
  versionEvidenceSchema,
  type GradedVersion,
  type ProviderVersion,
} from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { readColumn, readJsonColumn } from '../engine/column-values';

/** The newest evidence of a model behind a connection. Templates share it. */
export interface CachedVersion extends Pick<
  ProviderVersion,
  'connection_id' | 'model_id' | 'provider' | 'run_id' | 'etag' | 'observed_at'
> {
  readonly template_id: string;
  readonly version: GradedVersion;
}

interface CacheRow {
  connection_id: string;
  model_id: string;
  provider: string;
  run_id: string;
  template_id: string;
  provider_version_key: string;
  evidence_grade: string;
  evidence: string;
  etag: string;
  observed_at: string;
}

export function findCachedVersion(
  db: ReadDb,
  connectionId: string,
  modelId: string,
): CachedVersion | undefined {
  const row = db
    .prepare<[string, string], CacheRow>(
      `SELECT * FROM provider_version_cache WHERE connection_id = ? AND model_id = ?`,
    )
    .get(connectionId, modelId);
  return row && cachedOf(row);
}

/** The model that a connection got an answer from last. */
export function lastAnsweredModel(db: ReadDb, connectionId: string): string | null {
  const row = db
    .prepare<[string], { model_id: string }>(
      `SELECT model_id FROM provider_version_cache WHERE connection_id = ? ORDER BY observed_at DESC LIMIT 1`,
    )
    .get(connectionId);
  return row?.model_id ?? null;
}

/** What is known of a provider's models, over connections that are still there. */
export function listCachedVersions(db: ReadDb, provider: string): CachedVersion[] {
  return db
    .prepare<[string], CacheRow>(
      `SELECT cache.* FROM provider_version_cache AS cache JOIN connections USING (connection_id)
       WHERE cache.provider = ? AND connections.deleted_at IS NULL ORDER BY connections.seq, model_id`,
    )
    .all(provider)
    .map(cachedOf);
}

/** Which version is cached and since when: all that the commit of a run needs. */
export function cachedVersionSeen(
  db: ReadDb,
  connectionId: string,
  modelId: string,
): { provider_version_key: string; observed_at: string } | undefined {
  return db
    .prepare<[string, string], { provider_version_key: string; observed_at: string }>(
      `SELECT provider_version_key, observed_at FROM provider_version_cache
       WHERE connection_id = ? AND model_id = ?`,
    )
    .get(connectionId, modelId);
}

export function putCachedVersion(tx: WriteDb, { version, ...entry }: CachedVersion): void {
  tx.prepare(
    `INSERT INTO provider_version_cache (connection_id, model_id, provider, run_id, template_id, provider_version_key,
       evidence_grade, evidence, etag, observed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (connection_id, model_id) DO UPDATE SET provider = excluded.provider, run_id = excluded.run_id,
       template_id = excluded.template_id, provider_version_key = excluded.provider_version_key,
       evidence_grade = excluded.evidence_grade, evidence = excluded.evidence, etag = excluded.etag,
       observed_at = excluded.observed_at`,
  ).run(
    entry.connection_id,
    entry.model_id,
    entry.provider,
    entry.run_id,
    entry.template_id,
    version.provider_version_key,
    version.evidence_grade,
    JSON.stringify(version.evidence),
    entry.etag,
    entry.observed_at,
  );
  tx.changed('versions', entry.run_id);
}

function cachedOf(row: CacheRow): CachedVersion {
  const { provider_version_key, evidence_grade, evidence, ...entry } = row;
  const where = (column: string): string =>
    `provider_version_cache.${column} of ${row.model_id} at ${row.connection_id}`;
  return {
    ...entry,
    version: {
      provider_version_key,
      evidence_grade: readColumn(evidenceGradeSchema, evidence_grade, where('evidence_grade')),
      evidence: readJsonColumn(versionEvidenceSchema, evidence, where('evidence')),
    },
  };
}
