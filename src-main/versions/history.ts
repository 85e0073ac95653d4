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
   * Records that a version answered, in the caller's commit: in the template's history, in the cache that templates
   * share, and as drift where another one answered before. `storedAt` is given where an answer from earlier is read
   * again: it then changes nothing that was seen since.
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

/** Times of the same version are true to the minute: a batch of thousands of answers must not write them each time. */
const SEEN_RESOLUTION_MS = 60_000;
/** Of the time that evidence is believed, this part may be lost to that. */
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
  /** What answers now is newer than whatever is recorded, also where a wrong clock dated that into the future. */
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
  // An answer that says nothing of its version is no evidence of another one.
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

/** Of what tells versions apart. The rest of the evidence (response ids, times) differs in every answer. */
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
