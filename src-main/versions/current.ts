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
  /** Sends the smallest request that reveals a version. An ordinary run: stored raw first, priced, visible. */
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
  /** The probe is sent on its behalf, and its last known version is the fallback. */
  readonly template: Template;
  readonly target: ConnectionTarget;
  readonly modelId: string;
  /** Probe even if the evidence is fresh. */
  readonly force?: boolean;
}

export interface CurrentVersion {
  /** As observed on the requested model. The stored row keeps the first observation of its key. */
  readonly version: GradedVersion;
  readonly source: 'cache' | 'live';
  readonly verified: boolean;
  /** When the evidence was observed; null without evidence. */
  readonly observed_at: string | null;
}

/**
 * The best known current version: from fresh evidence, or a probe. With probes off, falls back to the last known
 * version, or none, with `verified: false`.
 * @throws PROVIDER_FAILURE if the probe fails
 */
export type FindCurrentVersion = (request: VersionRequest) => Promise<CurrentVersion>;

/** The cache in front of the probes, shared by all templates that use a connection's model. */
export function createCurrentVersions(deps: CurrentDeps): FindCurrentVersion {
  const inFlight = new Map<string, Promise<CurrentVersion>>();
  return (request) => {
    const known = knownVersion(deps, request);
    if (known.verified && !request.force) return Promise.resolve(known);
    if (!deps.config.probesEnabled) return Promise.resolve(unverifiedVersion(deps, request));
    // Single flight: concurrent callers share one probe. It belongs to none of them, so it survives when the first one
    // leaves. Other processes reach the store through the one that owns it, so they share it too.
    const key = JSON.stringify([request.target.connectionId, request.modelId]);
    const running = inFlight.get(key);
    if (running) return running;
    const probing = probeNow(deps, request).finally(() => inFlight.delete(key));
    inFlight.set(key, probing);
    return probing;
  };
}

/** What is known without asking the model: verified only while the evidence is fresh. */
export function knownVersion(deps: CurrentDeps, request: VersionRequest): CurrentVersion {
  const known = lastKnown(deps, request);
  // An answer without evidence proves nothing later either.
  const isVerified =
    known !== undefined && known.version.evidence_grade !== 'none' && isFresh(deps, known.observed_at);
  return { ...(known ?? nothing(request)), verified: isVerified };
}

/** The last known version, or "unknown", when no probe is possible. */
export function unverifiedVersion(deps: CurrentDeps, request: VersionRequest): CurrentVersion {
  return { ...(lastKnown(deps, request) ?? nothing(request)), verified: false };
}

/** Evidence dated in the future comes from a wrong clock and proves nothing. */
function isFresh({ clock, config }: CurrentDeps, observedAt: string | null): boolean {
  if (observedAt === null) return false;
  const age = clock.now() - Date.parse(observedAt);
  return age >= 0 && age < config.versionCacheTtlMs;
}

type Known = Omit<CurrentVersion, 'verified'>;

function lastKnown({ store }: CurrentDeps, { template, target, modelId }: VersionRequest): Known | undefined {
  const cached = findCachedVersion(store.read, target.connectionId, modelId);
  if (cached) return { version: cached.version, source: 'cache', observed_at: cached.observed_at };
  // Predates the cache: good as a fallback when probing is impossible, but not as fresh evidence.
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
  // At most one probe an hour unless forced (docs/interfaces.md#idempotency): the idempotency key returns this hour's
  // probe if there is one. If its evidence has expired, another is forced.
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
