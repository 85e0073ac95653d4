import { isAppError, notFound, type RunSummary, timestampOf } from '../../src-shared/domain';
import type { ConnectionResolver, Service } from '../ports';
import {
  findVersion,
  requireTemplate,
  listDriftEvents,
  listVersions,
  upsertSeenVersion,
  type StoredRunSummary,
} from '../store';
import { assertActive, assertInUse, providerOf } from '../templates';
import {
  createCurrentVersions,
  knownVersion,
  unverifiedVersion,
  type CurrentDeps,
  type CurrentVersion,
  type FindCurrentVersion,
  type VersionRequest,
} from './current';
import { createDriftAnswers } from './drift-answers';
import { createPins } from './pins';
import { createProviderVersions } from './provider-versions';

export interface VersionsDeps extends CurrentDeps {
  readonly connections: ConnectionResolver;
  /** A stored run with its output text. */
  readonly summary: (row: StoredRunSummary) => RunSummary;
}

export interface Versions extends Service<'versions'> {
  readonly current: FindCurrentVersion;
  /** The same without asking the model: unverified where the evidence is not fresh. */
  readonly known: (request: VersionRequest) => CurrentVersion;
}

export function createVersionsService(deps: VersionsDeps): Versions {
  const { store, clock } = deps;
  const current = createCurrentVersions(deps);
  return {
    current,
    known: (request) => knownVersion(deps, request),
    ...createPins(deps),
    ofProvider: createProviderVersions({ ...deps, current }),
    async ensure(input) {
      const template = requireTemplate(store.read, input.template_id);
      const { org_id = template.org_id, workspace_id = template.workspace_id } = input;
      if (template.org_id !== org_id || template.workspace_id !== workspace_id) {
        throw notFound('template', input.template_id);
      }
      assertInUse(store.read, template);
      assertActive(store.read, template);
      const modelId = input.model_id ?? template.model_id;
      const target = deps.connections.find({
        org_id: template.org_id,
        connection_id: input.connection_id,
        provider: providerOf(template, input),
        model_id: modelId,
      });
      const startedAt = timestampOf(clock.now());
      const request = { template, target, modelId, force: input.force };
      const found = await currentOrLastKnown(deps, current, request);
      const { version, source, verified, observed_at, unverified_reason } = found;
      // The evidence may come from another template's run; from here on it is in this one's history too, unknown
      // versions included. All models of a template share one row per key, but what is returned is about the requested
      // model.
      const place = {
        org_id: template.org_id,
        workspace_id: template.workspace_id,
        template_id: template.template_id,
        provider_version_key: version.provider_version_key,
      };
      const seen_at = observed_at ?? startedAt;
      const known = findVersion(store.read, place);
      const { row, created } =
        known && seen_at <= known.last_seen_at
          ? { row: known, created: false }
          : store.write((tx) =>
              upsertSeenVersion(tx, {
                ...place,
                version_id: deps.ids.uuid(),
                provider: target.provider.provider_id,
                model_id: modelId,
                ...version,
                seen_at,
              }),
            );
      return {
        version_id: row.version_id,
        provider: target.provider.provider_id,
        model_id: modelId,
        ...version,
        created: created || (source === 'live' && row.first_seen_at >= startedAt),
        source,
        verified,
        unverified_reason,
      };
    },
    list({ template_id }) {
      requireTemplate(store.read, template_id);
      return { items: listVersions(store.read, template_id) };
    },
    drift({ template_id, cursor, limit }) {
      return listDriftEvents(store.read, { template_id }, { cursor, limit });
    },
    driftAnswers: createDriftAnswers(deps),
  };
}

type Found = CurrentVersion & { readonly unverified_reason: 'probes_off' | 'offline' | null };

/** Probe failures that only mean the provider was out of reach. */
const OFFLINE: ReadonlySet<unknown> = new Set(['network_error', 'timeout']);

/** Offline counts as probes off: returns the last known version, unverified, with the reason. */
async function currentOrLastKnown(
  deps: CurrentDeps,
  current: FindCurrentVersion,
  request: VersionRequest,
): Promise<Found> {
  try {
    const found = await current(request);
    return { ...found, unverified_reason: found.verified ? null : 'probes_off' };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'PROVIDER_FAILURE' || !OFFLINE.has(error.data?.['failure_code']))
      throw error;
    return { ...unverifiedVersion(deps, request), unverified_reason: 'offline' };
  }
}
