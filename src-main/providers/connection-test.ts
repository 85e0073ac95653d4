import { isAppError, openDialectFields } from '../../src-shared/domain';
import type { ConnectionTest, DialectTrial } from '../../src-shared/domain';
import type { Ids, ProviderClients, ProviderFailure, Service } from '../ports';
import {
  getConnectionDialect,
  lastAnsweredModel,
  replaceModels,
  setConnectionDialect,
  setConnectionTest,
} from '../store';
import { resolveEndpoint } from './connection-lookup';
import type { ResolveDeps, ResolvedConnection } from './connection-lookup';
import { tryDialect } from './dialect-trial';
import { NOT_FOUND_MESSAGE, type ModelListing } from './http';
import { modelToTry } from './model-to-try';

type TestInput = Parameters<Service<'connections'>['test']>[0];

export interface TestDeps extends ResolveDeps {
  readonly clients: ProviderClients;
  readonly ids: Ids;
}

/** Lists the models, on request tries out what the server supports, and stores the findings. */
export async function testConnection(
  deps: TestDeps,
  input: TestInput,
  { signal, testedAt }: { readonly signal: AbortSignal; readonly testedAt: string },
): Promise<ConnectionTest> {
  const { verdict, models, trial } = await tryConnection(deps, input, signal);
  const { connection_id } = input;
  deps.store.write((tx) => {
    setConnectionTest(tx, connection_id, {
      at: testedAt,
      ok: verdict.ok,
      message: trial === null ? verdict.message : `${verdict.message} ${trial.message}`,
    });
    if (models !== null) replaceModels(tx, connection_id, models, testedAt);
    // An inconclusive test keeps the findings of an earlier one.
    if (trial !== null) {
      setConnectionDialect(tx, connection_id, {
        ...(trial.stream_options && { stream_options_found: trial.stream_options }),
        ...(trial.response_format && { response_format_found: trial.response_format }),
      });
    }
  });
  return { ...verdict, trial, tested_at: testedAt };
}

async function tryConnection(deps: TestDeps, input: TestInput, signal: AbortSignal) {
  try {
    const resolved = await resolveEndpoint(deps, input.connection_id);
    const client = deps.clients.clientFor(resolved.provider.protocol);
    const listing = await client.listModels(resolved.endpoint, signal);
    return {
      verdict: verdictOf(listing),
      models: listing.ok ? listing.models : null,
      trial: input.calls ? await tryServer(deps, input, { ...resolved, listing, signal }) : null,
    };
  } catch (error) {
    if (isAppError(error) && error.code === 'CREDENTIAL_MISSING') {
      return { verdict: verdictWithoutKey(error.message), models: null, trial: null };
    }
    throw error;
  }
}

async function tryServer(
  deps: TestDeps,
  { connection_id, model_id }: TestInput,
  found: ResolvedConnection & { readonly listing: ModelListing; readonly signal: AbortSignal },
): Promise<DialectTrial | null> {
  const { endpoint, connection, provider, listing, signal } = found;
  const dialect = getConnectionDialect(deps.store.read, connection_id);
  const fields = openDialectFields({ base_url: connection.base_url, dialect }, provider);
  if (fields.length === 0 || !mayAnswer(listing)) return null;
  const modelId =
    model_id ??
    lastAnsweredModel(deps.store.read, connection_id) ??
    (listing.ok ? modelToTry(listing.models) : null);
  if (modelId === null) {
    const message =
      'No model is known that could be called to find what the server understands: name one (model_id, --model).';
    return { calls: 0, model_id: null, stream_options: null, response_format: null, message };
  }
  const client = deps.clients.clientFor(provider.protocol);
  const guard = deps.clients.echoGuard(endpoint.secret);
  return tryDialect({ client, guard, ids: deps.ids }, endpoint, { modelId, fields, signal });
}

/** Servers without a model list, and keys that may not read it, can still answer calls. */
function mayAnswer(listing: ModelListing): boolean {
  if (listing.ok) return true;
  const { code, httpStatus } = listing.failure;
  return httpStatus === 404 || httpStatus === 405 || code === 'permission_denied';
}

/** For the model list alone. */
export type TestVerdict = Omit<ConnectionTest, 'tested_at' | 'trial'>;

/** A test's result, as text for the user (docs/providers.md#testing-a-connection). */
export function verdictOf(listing: ModelListing): TestVerdict {
  if (!listing.ok) {
    return {
      ok: false,
      reached: reachedBy(listing.failure),
      message: explain(listing.failure),
      models: null,
      latency_ms: null,
    };
  }
  const count = listing.models.length;
  return {
    ok: true,
    reached: ['network', 'authorised', 'models'],
    message: count === 1 ? 'Connected: 1 model.' : `Connected: ${count} models.`,
    models: count,
    latency_ms: Math.round(listing.latencyMs),
  };
}

/** Reports an unavailable key before anything is sent. */
export function verdictWithoutKey(message: string): TestVerdict {
  return { ok: false, reached: [], message, models: null, latency_ms: null };
}

function reachedBy(failure: ProviderFailure): ConnectionTest['reached'] {
  if (failure.httpStatus === null) return [];
  // Limits are counted per key, so a client that hits one was recognised.
  const known = failure.code === 'rate_limited' || failure.code === 'quota_exhausted';
  return known ? ['network', 'authorised'] : ['network'];
}

function explain(failure: ProviderFailure): string {
  const said = failure.message;
  switch (failure.code) {
    case 'auth_failed':
      return `The key was not accepted (${failure.httpStatus}): ${said}`;
    case 'permission_denied':
      return `The key is valid, but is not allowed to list models (${failure.httpStatus}): ${said}`;
    case 'rate_limited':
      return `Too many requests right now (${failure.httpStatus}): ${said}`;
    case 'quota_exhausted':
      return `The account's quota or credit is used up (${failure.httpStatus}): ${said}`;
    case 'timeout':
      return failure.httpStatus === null
        ? `No answer in time: ${said}`
        : `The server gave up waiting (${failure.httpStatus}): ${said}`;
    case 'overloaded':
    case 'provider_error':
      return `The server has an internal problem (${failure.httpStatus}): ${said}`;
    case 'model_not_found':
    case 'invalid_request':
      if (said.startsWith(NOT_FOUND_MESSAGE)) return said;
      return failure.httpStatus === 404
        ? `There is no model list at this address (404). Check the base URL. ${said}`
        : `The server did not accept the request (${failure.httpStatus ?? 'not sent'}): ${said}`;
    default:
      return said;
  }
}
