import {
  AppError,
  notFound,
  UNKNOWN_VERSION_KEY,
  type GradedVersion,
  type PromptVersion,
  type Run,
  type Template,
} from '../../src-shared/domain';
import type { VersionsService } from '../ports';
import type { Clock, ConnectionResolver, ConnectionTarget, Ids } from '../ports';
import {
  findVersion,
  getTemplate,
  latestVersion,
  listVersions,
  upsertSeenVersion,
  type Store,
} from '../store';

export interface VersionsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly connections: ConnectionResolver;
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

export interface Versions extends VersionsService {
  /**
   * The version that answers now as far as is known: fresh evidence, or a probe. `verified` is false where probes are
   * off and the evidence is only the last known (or none).
   */
  current(request: VersionRequest): Promise<CurrentVersion>;
}

interface VersionRequest {
  readonly template: Template;
  readonly target: ConnectionTarget;
  readonly modelId: string;
  /** Ask the provider, however fresh the evidence is. */
  readonly force?: boolean;
}

export interface CurrentVersion {
  readonly version_id: string;
  /** What was seen of the model that was asked for. The stored row keeps what was seen first under its key. */
  readonly version: GradedVersion;
  readonly created: boolean;
  readonly source: 'cache' | 'live';
  readonly verified: boolean;
}

export function createVersionsService(deps: VersionsDeps): Versions {
  const { store, clock } = deps;
  const inFlight = new Map<string, Promise<CurrentVersion>>();

  const current: Versions['current'] = (request) => {
    const { template, target, modelId } = request;
    const latest = latestVersion(store.read, {
      template_id: template.template_id,
      provider: target.provider.provider_id,
      model_id: modelId,
    });
    if (!request.force && latest && isFresh(latest, clock.now(), deps.config.versionCacheTtlMs)) {
      return Promise.resolve({ ...known(latest), verified: true });
    }
    if (!deps.config.probesEnabled) {
      return Promise.resolve({ ...(latest ? known(latest) : recordUnknown(deps, request)), verified: false });
    }
    // Single flight: whoever asks while a probe is under way shares its answer. It is nobody's own, so it does not end
    // when the one who asked first goes away.
    const key = JSON.stringify([template.template_id, target.connectionId, modelId]);
    const running = inFlight.get(key);
    if (running) return running;
    const probing = probeNow(deps, request).finally(() => inFlight.delete(key));
    inFlight.set(key, probing);
    return probing;
  };

  return {
    current,
    async ensure(input) {
      const template = getTemplate(store.read, input.template_id);
      if (!template) throw notFound('template', input.template_id);
      const modelId = input.model_id ?? template.model_id;
      const target = deps.connections.find({
        org_id: template.org_id,
        connection_id: input.connection_id,
        // A template's provider is about the template's model; another model brings its own.
        provider: input.provider ?? (input.model_id === undefined ? template.provider : undefined),
        model_id: modelId,
      });
      const found = await current({ template, target, modelId, force: input.force });
      return {
        version_id: found.version_id,
        provider: target.provider.provider_id,
        model_id: modelId,
        ...found.version,
        created: found.created,
        source: found.source,
        verified: found.verified,
      };
    },
    list(templateId) {
      if (!getTemplate(store.read, templateId)) throw notFound('template', templateId);
      return { items: listVersions(store.read, templateId) };
    },
  };
}

/** An answer without evidence proves nothing later; nor does one from the future, of a clock that was wrong. */
function isFresh(latest: PromptVersion, now: number, ttlMs: number): boolean {
  const age = now - Date.parse(latest.last_seen_at);
  return latest.evidence_grade !== 'none' && age >= 0 && age < ttlMs;
}

function known(row: PromptVersion): Omit<CurrentVersion, 'verified'> {
  const { version_id, provider_version_key, evidence_grade, evidence } = row;
  return {
    version_id,
    version: { provider_version_key, evidence_grade, evidence },
    created: false,
    source: 'cache',
  };
}

async function probeNow(deps: VersionsDeps, request: VersionRequest): Promise<CurrentVersion> {
  const { template, target, modelId } = request;
  const startedAt = new Date(deps.clock.now()).toISOString();
  const run = await deps.probe({ template, target, modelId, idempotencyKey: probeKey(deps, request) });
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
  const row = findVersion(deps.store.read, {
    org_id: template.org_id,
    workspace_id: template.workspace_id,
    template_id: template.template_id,
    provider_version_key: run.provider_version_key,
  });
  if (!row) throw new Error(`the version of probe ${run.run_id} is not in the history`);
  const isLive = run.executed_at >= startedAt;
  return {
    version_id: row.version_id,
    version: {
      provider_version_key: run.provider_version_key,
      evidence_grade: run.evidence_grade,
      evidence: run.evidence,
    },
    created: isLive && row.first_seen_at >= startedAt,
    source: isLive ? 'live' : 'cache',
    verified: true,
  };
}

/** Probes are hourly unless forced (INTERFACES.md); a forced one is an observation of its own. */
function probeKey(deps: VersionsDeps, request: VersionRequest): string {
  const { template, target, modelId } = request;
  const hour = new Date(deps.clock.now()).toISOString().slice(0, 13).replace(/[-T]/g, '');
  const base = `probe:${template.org_id}:${template.workspace_id}:${template.template_id}:${target.provider.provider_id}:${modelId}:${hour}`;
  return request.force ? `${base}:${deps.ids.uuid()}` : base;
}

/**
 * Nothing is known and nothing may be asked: that is recorded as what it is. All models of a template share the row of
 * the key `unknown`, so what is answered is about the one that was asked for.
 */
function recordUnknown(deps: VersionsDeps, request: VersionRequest): Omit<CurrentVersion, 'verified'> {
  const { template, target, modelId } = request;
  const version: GradedVersion = {
    provider_version_key: UNKNOWN_VERSION_KEY,
    evidence_grade: 'none',
    evidence: { requested_model: modelId, echoed_model: null, system_fingerprint: null, extra: {} },
  };
  const { row, created } = deps.store.write((tx) =>
    upsertSeenVersion(tx, {
      version_id: deps.ids.uuid(),
      org_id: template.org_id,
      workspace_id: template.workspace_id,
      template_id: template.template_id,
      provider: target.provider.provider_id,
      model_id: modelId,
      ...version,
      seen_at: new Date(deps.clock.now()).toISOString(),
    }),
  );
  return { version_id: row.version_id, version, created, source: 'cache' };
}
