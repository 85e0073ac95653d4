import {
  AppError,
  notFound,
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
  readonly probe: (request: ProbeRequest, signal: AbortSignal | undefined) => Promise<Run>;
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
  current(
    request: { template: Template; target: ConnectionTarget; modelId: string; force?: boolean },
    signal?: AbortSignal,
  ): Promise<CurrentVersion>;
}

export interface CurrentVersion {
  readonly row: PromptVersion;
  readonly created: boolean;
  readonly source: 'cache' | 'live';
  readonly verified: boolean;
}

export function createVersionsService(deps: VersionsDeps): Versions {
  const { store, clock } = deps;
  const inFlight = new Map<string, Promise<CurrentVersion>>();

  const current: Versions['current'] = (request, signal) => {
    const { template, target, modelId } = request;
    const place = {
      template_id: template.template_id,
      provider: target.provider.provider_id,
      model_id: modelId,
    };
    const latest = latestVersion(store.read, place);
    if (
      !request.force &&
      latest &&
      clock.now() - Date.parse(latest.last_seen_at) < deps.config.versionCacheTtlMs
    ) {
      return Promise.resolve({ row: latest, created: false, source: 'cache', verified: true });
    }
    if (!deps.config.probesEnabled) {
      const row = latest ?? recordUnknown(deps, request);
      return Promise.resolve({ row, created: false, source: 'cache', verified: false });
    }
    // Single flight: whoever asks while a probe is under way shares its answer.
    const key = JSON.stringify([template.template_id, target.connectionId, modelId]);
    const running = inFlight.get(key);
    if (running) return running;
    const probing = probeNow(deps, request, signal).finally(() => inFlight.delete(key));
    inFlight.set(key, probing);
    return probing;
  };

  return {
    current,
    async ensure(input, signal) {
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
      const found = await current({ template, target, modelId, force: input.force }, signal);
      return {
        version_id: found.row.version_id,
        // A key seen before through another provider keeps its row; the answer is about what was asked for.
        provider: target.provider.provider_id,
        model_id: modelId,
        provider_version_key: found.row.provider_version_key,
        evidence_grade: found.row.evidence_grade,
        evidence: found.row.evidence,
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

async function probeNow(
  deps: VersionsDeps,
  request: { template: Template; target: ConnectionTarget; modelId: string; force?: boolean },
  signal: AbortSignal | undefined,
): Promise<CurrentVersion> {
  const { template, target, modelId } = request;
  const startedAt = new Date(deps.clock.now()).toISOString();
  const run = await deps.probe(
    { template, target, modelId, idempotencyKey: probeKey(deps, request) },
    signal,
  );
  if (
    run.provider_version_key === null ||
    (run.status !== 'succeeded' && run.failure_code !== 'version_mismatch')
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
    row,
    created: isLive && row.first_seen_at >= startedAt,
    source: isLive ? 'live' : 'cache',
    verified: true,
  };
}

/** Probes are hourly unless forced (INTERFACES.md); a forced one is an observation of its own. */
function probeKey(
  deps: VersionsDeps,
  request: { template: Template; target: ConnectionTarget; modelId: string; force?: boolean },
): string {
  const { template, target, modelId } = request;
  const hour = new Date(deps.clock.now()).toISOString().slice(0, 13).replace(/[-T]/g, '');
  const base = `probe:${template.org_id}:${template.workspace_id}:${template.template_id}:${target.provider.provider_id}:${modelId}:${hour}`;
  return request.force ? `${base}:${deps.ids.uuid()}` : base;
}

/** Nothing is known and nothing may be asked: that is recorded as what it is. */
function recordUnknown(
  deps: VersionsDeps,
  request: { template: Template; target: ConnectionTarget; modelId: string },
): PromptVersion {
  const { template, target, modelId } = request;
  const unknown: GradedVersion = {
    provider_version_key: 'unknown',
    evidence_grade: 'none',
    evidence: { requested_model: modelId, echoed_model: null, system_fingerprint: null, extra: {} },
  };
  return deps.store.write(
    (tx) =>
      upsertSeenVersion(tx, {
        version_id: deps.ids.uuid(),
        org_id: template.org_id,
        workspace_id: template.workspace_id,
        template_id: template.template_id,
        provider: target.provider.provider_id,
        model_id: modelId,
        ...unknown,
        seen_at: new Date(deps.clock.now()).toISOString(),
      }).row,
  );
}
