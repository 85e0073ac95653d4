import type { GradedVersion } from '../../src-shared/domain';
import type { Clock, Ids } from '../ports';
import { upsertSeenVersion, versionLastSeenAt, type WriteDb } from '../store';

export interface VersionHistory {
  /** Records that a version answered for a template, in the caller's commit. */
  seen(tx: WriteDb, run: SeenBy, version: GradedVersion): void;
}

export interface SeenBy {
  readonly org_id: string;
  readonly workspace_id: string;
  readonly template_id: string;
  readonly provider: string;
  readonly model_id: string;
}

/** `last_seen_at` is true to the minute: a batch of thousands of answers must not write it thousands of times. */
const SEEN_RESOLUTION_MS = 60_000;

export function createVersionHistory(deps: { clock: Clock; ids: Ids }): VersionHistory {
  return {
    seen(tx, run, version) {
      const now = deps.clock.now();
      const lastSeen = versionLastSeenAt(tx, { ...run, provider_version_key: version.provider_version_key });
      if (lastSeen !== null && now - Date.parse(lastSeen) < SEEN_RESOLUTION_MS) return;
      upsertSeenVersion(tx, {
        version_id: deps.ids.uuid(),
        org_id: run.org_id,
        workspace_id: run.workspace_id,
        template_id: run.template_id,
        provider: run.provider,
        model_id: run.model_id,
        ...version,
        seen_at: new Date(now).toISOString(),
      });
    },
  };
}
