import type { GradedVersion, ProviderVersion } from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, type StoredRow } from '../engine/stored-rows';
import { providerVersionCache } from './tables';

/** The newest evidence for a model behind a connection, shared by templates. */
export interface CachedVersion extends Pick<
  ProviderVersion,
  'connection_id' | 'model_id' | 'provider' | 'run_id' | 'etag' | 'observed_at'
> {
  readonly template_id: string;
  readonly version: GradedVersion;
}

const CACHED = storedColumns(
  providerVersionCache,
  namesOf(providerVersionCache),
  'connection_id',
  'model_id',
);

export function findCachedVersion(
  db: ReadDb,
  connectionId: string,
  modelId: string,
): CachedVersion | undefined {
  const row = db
    .prepare<[string, string], StoredRow>(
      `SELECT ${CACHED.list} FROM provider_version_cache WHERE connection_id = ? AND model_id = ?`,
    )
    .get(connectionId, modelId);
  return row && cachedOf(row);
}

/** The model that last answered through a connection. */
export function lastAnsweredModel(db: ReadDb, connectionId: string): string | null {
  const row = db
    .prepare<[string], { model_id: string }>(
      `SELECT model_id FROM provider_version_cache WHERE connection_id = ? ORDER BY observed_at DESC LIMIT 1`,
    )
    .get(connectionId);
  return row?.model_id ?? null;
}

/** What is known of a provider's models, over connections that still exist. */
export function listCachedVersions(db: ReadDb, provider: string): CachedVersion[] {
  return db
    .prepare<[string], StoredRow>(
      `SELECT ${CACHED.list} FROM provider_version_cache JOIN connections USING (connection_id)
       WHERE provider_version_cache.provider = ? AND connections.deleted_at IS NULL ORDER BY connections.seq, model_id`,
    )
    .all(provider)
    .map(cachedOf);
}

/** Which version is cached and since when: all that a run's commit needs. */
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
  tx.prepare(`${CACHED.insert} ON CONFLICT (connection_id, model_id) DO UPDATE SET ${CACHED.excluded}`).run(
    ...CACHED.encode({ ...entry, ...version }),
  );
  tx.changed('versions', entry.run_id);
}

function cachedOf(row: StoredRow): CachedVersion {
  const { provider_version_key, evidence_grade, evidence, ...entry } = CACHED.decode(row);
  return { ...entry, version: { provider_version_key, evidence_grade, evidence } };
}
