import { hash } from 'node:crypto';
import { type GradedVersion, timestampOf } from '../../src-shared/domain';
import { canonicalJsonOfValue } from '../../src-shared/domain/canonical';
import type { Clock, Ids } from '../ports';
import {
  cachedVersionSeen,
  insertDriftEvent,
  lastSighting,
  putCachedVersion,
  putSighting,
  upsertSeenVersion,
  versionLastSeenAt,
  type WriteDb,
} from '../store';

export interface VersionHistory {
  /**
   * Records in the caller's transaction that a version answered: in the template's history, in the cache that templates
   * share, and as drift if another version answered before. `storedAt` is set when a stored answer is re-read; it never
   * overrides anything observed since.
   */
  seen(tx: WriteDb, run: SeenBy, version: GradedVersion, storedAt?: string): void;
}

export interface SeenBy {
  readonly run_id: string;
  readonly org_id: string;
  readonly workspace_id: string;
  readonly template_id: string;
  readonly provider: string;
  readonly connection_id: string;
  readonly model_id: string;
}

/** Repeat sightings of a version are recorded to the minute, so that a batch of thousands does not write one each. */
const SEEN_RESOLUTION_MS = 60_000;
/** The share of the evidence's lifetime that this rounding may cost. */
const CACHE_RESOLUTION = 0.1;

export function createVersionHistory(deps: {
  clock: Clock;
  ids: Ids;
  config: { readonly versionCacheTtlMs: number };
}): VersionHistory {
  const cacheResolutionMs = Math.min(SEEN_RESOLUTION_MS, deps.config.versionCacheTtlMs * CACHE_RESOLUTION);
  return {
    seen(tx, run, version, storedAt) {
      const seen: Seen = {
        version,
        at: storedAt ?? timestampOf(deps.clock.now()),
        isNow: !storedAt,
      };
      remember(tx, deps.ids, run, seen);
      cache(tx, run, seen, cacheResolutionMs);
      compare(tx, deps.ids, run, seen);
    },
  };
}

interface Seen {
  readonly version: GradedVersion;
  readonly at: string;
  /** A live answer outranks every record, even one that a wrong clock dated in the future. */
  readonly isNow: boolean;
}

function remember(tx: WriteDb, ids: Ids, run: SeenBy, { version, at }: Seen): void {
  const lastSeen = versionLastSeenAt(tx, { ...run, provider_version_key: version.provider_version_key });
  if (lastSeen !== null && Date.parse(at) - Date.parse(lastSeen) < SEEN_RESOLUTION_MS) return;
  upsertSeenVersion(tx, {
    version_id: ids.uuid(),
    org_id: run.org_id,
    workspace_id: run.workspace_id,
    template_id: run.template_id,
    provider: run.provider,
    model_id: run.model_id,
    ...version,
    seen_at: at,
  });
}

function cache(tx: WriteDb, run: SeenBy, { version, at, isNow }: Seen, resolutionMs: number): void {
  const known = cachedVersionSeen(tx, run.connection_id, run.model_id);
  if (known) {
    const age = Date.parse(at) - Date.parse(known.observed_at);
    if (age < 0 && !isNow) return;
    if (known.provider_version_key === version.provider_version_key && age >= 0 && age < resolutionMs) return;
  }
  putCachedVersion(tx, {
    connection_id: run.connection_id,
    model_id: run.model_id,
    provider: run.provider,
    run_id: run.run_id,
    template_id: run.template_id,
    version,
    etag: versionEtag(version),
    observed_at: at,
  });
}

function compare(tx: WriteDb, ids: Ids, run: SeenBy, { version, at, isNow }: Seen): void {
  // An answer without version evidence does not prove a different version.
  if (version.evidence_grade === 'none') return;
  const before = lastSighting(tx, run);
  if (before) {
    const age = Date.parse(at) - Date.parse(before.seen_at);
    if (age < 0 && !isNow) return;
    const isSame = before.provider_version_key === version.provider_version_key;
    if (isSame && age >= 0 && age < SEEN_RESOLUTION_MS) return;
    if (!isSame) {
      insertDriftEvent(
        tx,
        {
          drift_id: ids.uuid(),
          org_id: run.org_id,
          workspace_id: run.workspace_id,
          template_id: run.template_id,
          provider: run.provider,
          connection_id: run.connection_id,
          model_id: run.model_id,
          after: { ...version, run_id: run.run_id },
          seen_at: at,
        },
        before,
      );
    }
  }
  putSighting(tx, run, { version, run_id: run.run_id, seen_at: at });
}

/** Covers what distinguishes versions. Other evidence (response ids, times) differs in every answer. */
function versionEtag({ provider_version_key, evidence_grade, evidence }: GradedVersion): string {
  const { requested_model, echoed_model, system_fingerprint } = evidence;
  return hash(
    'sha256',
    canonicalJsonOfValue({
      provider_version_key,
      evidence_grade,
      requested_model,
      echoed_model,
      system_fingerprint,
    }),
  );
}
