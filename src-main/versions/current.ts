import {
  AppError,
  type GradedVersion,
  hourKeyOf,
  type Run,
  type Template,
  timestampOf,
  UNKNOWN_VERSION_KEY,
} from '../../src-shared/domain';
import type { Clock, ConnectionTarget, Ids } from '../ports';
import { findCachedVersion, latestVersion, type Store } from '../store';

export interface CurrentDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Sends the smallest request that shows a version, as a run like any other: stored raw first, priced, visible. */
  readonly probe: (request: ProbeRequest) => Promise<Run>;
  readonly config: { readonly probesEnabled: boolean; readonly versionCacheTtlMs: number };
}

export interface ProbeRequest {
  readonly template: Template;
  readonly target: ConnectionTarget;
  readonly modelId: string;
  readonly idempotencyKey: string;
}

export interface VersionRequest {
  /** In whose name a probe is sent, and whose last known version counts where nothing else is known. */
  readonly template: Template;
  readonly target: ConnectionTarget;
  readonly modelId: string;
  /** Ask the provider, however fresh the evidence is. */
  readonly force?: boolean;
}

export interface CurrentVersion {
  /** What was seen of the model that was asked for. The stored row keeps what was seen first under its key. */
  readonly version: GradedVersion;
  readonly source: 'cache' | 'live';
  readonly verified: boolean;
  /** When the evidence was seen; null where there is none. */
  readonly observed_at: string | null;
}

/**
 * The version that answers now as far as is known: fresh evidence, or a probe. `verified` is false where probes are
 * off and the evidence is only the last known (or none). @throws PROVIDER_FAILURE where the probe fails
 */
export type FindCurrentVersion = (request: VersionRequest) => Promise<CurrentVersion>;

/** The cache in front of the probes: templates share what is known of a connection's model. */
export function createCurrentVersions(deps: CurrentDeps): FindCurrentVersion {
  const inFlight = new Map<string, Promise<CurrentVersion>>();
  return (request) => {
    const known = lastKnown(deps, request);
    // An answer without evidence proves nothing later.
    if (
      !request.force &&
      known &&
      known.version.evidence_grade !== 'none' &&
      isFresh(deps, known.observed_at)
    ) {
      return Promise.resolve({ ...known, verified: true });
    }
    if (!deps.config.probesEnabled) return Promise.resolve(unverifiedVersion(deps, request));
    // Single flight: whoever asks while a probe is under way shares its answer. It is nobody's own, so it does not end
    // when the one who asked first goes away. One process owns the store, so others come through it and share as well.
    const key = JSON.stringify([request.target.connectionId, request.modelId]);
    const running = inFlight.get(key);
    if (running) return running;
    const probing = probeNow(deps, request).finally(() => inFlight.delete(key));
    inFlight.set(key, probing);
    return probing;
  };
}

/** The last known version, or that nothing is known, as an answer where nobody can be asked. */
export function unverifiedVersion(deps: CurrentDeps, request: VersionRequest): CurrentVersion {
  return { ...(lastKnown(deps, request) ?? nothing(request)), verified: false };
}

/** Evidence from the future is of a clock that was wrong, and proves nothing. */
function isFresh({ clock, config }: CurrentDeps, observedAt: string | null): boolean {
  if (observedAt === null) return false;
  const age = clock.now() - Date.parse(observedAt);
  return age >= 0 && age < config.versionCacheTtlMs;
}

type Known = Omit<CurrentVersion, 'verified'>;

function lastKnown({ store }: CurrentDeps, { template, target, modelId }: VersionRequest): Known | undefined {
  const cached = findCachedVersion(store.read, target.connectionId, modelId);
  if (cached) return { version: cached.version, source: 'cache', observed_at: cached.observed_at };
  // Seen before there was a cache: a last word where nobody may be asked, but nothing to go by.
  const seen = latestVersion(store.read, {
    template_id: template.template_id,
    provider: target.provider.provider_id,
    model_id: modelId,
  });
  if (!seen) return undefined;
  const { provider_version_key, evidence_grade, evidence } = seen;
  return {
    version: { provider_version_key, evidence_grade, evidence },
    source: 'cache',
    observed_at: null,
  };
}

function nothing({ modelId }: VersionRequest): Known {
  return {
    version: {
      provider_version_key: UNKNOWN_VERSION_KEY,
      evidence_grade: 'none',
      evidence: { requested_model: modelId, echoed_model: null, system_fingerprint: null, extra: {} },
    },
    source: 'cache',
    observed_at: null,
  };
}

async function probeNow(deps: CurrentDeps, request: VersionRequest): Promise<CurrentVersion> {
  const { template, target, modelId } = request;
  const startedAt = timestampOf(deps.clock.now());
  const once = probeKey(deps, request);
  const again = `${once}:${deps.ids.uuid()}`;
  const probe = (idempotencyKey: string) => deps.probe({ template, target, modelId, idempotencyKey });
  const isLive = (run: Run): boolean => run.executed_at >= startedAt;
  // Probes are hourly unless forced (docs/interfaces.md#idempotency): the key answers with the probe of this hour
  // where there is one. Evidence that has expired is no answer to that question, so it forces another.
  let run = await probe(request.force ? again : once);
  if (!isLive(run) && !isFresh(deps, run.executed_at)) run = await probe(again);
  if (
    run.status !== 'succeeded' ||
    run.provider_version_key === null ||
    run.evidence_grade === null ||
    run.evidence === null
  ) {
    throw new AppError(
      'PROVIDER_FAILURE',
      `The probe of ${modelId} through "${target.name}" failed: ${run.failure_message ?? run.status}`,
      { data: { run_id: run.run_id, failure_code: run.failure_code, connection_id: target.connectionId } },
    );
  }
  return {
    version: {
      provider_version_key: run.provider_version_key,
      evidence_grade: run.evidence_grade,
      evidence: run.evidence,
    },
    source: isLive(run) ? 'live' : 'cache',
    verified: true,
    observed_at: run.executed_at,
  };
}

function probeKey({ clock }: CurrentDeps, { template, target, modelId }: VersionRequest): string {
  const hour = hourKeyOf(clock.now());
  return `probe:${template.org_id}:${template.workspace_id}:${template.template_id}:${target.provider.provider_id}:${modelId}:${hour}`;
}
