import type { ConnectionTest } from '../../src-shared/domain';
import type { ProviderFailure } from '../ports';
import type { ModelListing } from './http';

export type TestVerdict = Omit<ConnectionTest, 'tested_at'>;

/** What a test found out, in words for the user (REQUIREMENTS.md, P4). */
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

/** A key that cannot be had is found out before anything is sent. */
export function verdictWithoutKey(message: string): TestVerdict {
  return { ok: false, reached: [], message, models: null, latency_ms: null };
}

function reachedBy(failure: ProviderFailure): ConnectionTest['reached'] {
  if (failure.httpStatus === null) return [];
  // Limits are counted by key, so whoever meets one was recognised.
  const known = failure.code === 'rate_limited' || failure.code === 'quota_exhausted';
  return known ? ['network', 'authorised'] : ['network'];
}

function explain(failure: ProviderFailure): string {
  const said = failure.message;
  switch (failure.code) {
    case 'auth_failed':
      return `The key was not accepted (${failure.httpStatus}): ${said}`;
    case 'permission_denied':
      return `The key is valid, but may not list models (${failure.httpStatus}): ${said}`;
    case 'rate_limited':
      return `Too many requests just now (${failure.httpStatus}): ${said}`;
    case 'quota_exhausted':
      return `The account's quota or credit is used up (${failure.httpStatus}): ${said}`;
    case 'timeout':
      return failure.httpStatus === null
        ? `No answer in time: ${said}`
        : `The server gave up waiting (${failure.httpStatus}): ${said}`;
    case 'overloaded':
    case 'provider_error':
      return `The server has a problem of its own (${failure.httpStatus}): ${said}`;
    case 'model_not_found':
    case 'invalid_request':
      return failure.httpStatus === 404
        ? `There is no model list at this address (404): check the base URL. ${said}`
        : `The server did not accept the request (${failure.httpStatus ?? 'not sent'}): ${said}`;
    default:
      return said;
  }
}
