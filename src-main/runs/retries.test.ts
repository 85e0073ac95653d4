import { describe, expect, it } from 'vitest';
import type { ProviderFailure } from '../ports';
import { MAX_WAIT_MS, waitBeforeRetry } from './retries';

const refused = (more: Partial<ProviderFailure> = {}): ProviderFailure => ({
  code: 'rate_limited',
  message: 'Slow down',
  httpStatus: 429,
  providerCode: null,
  param: null,
  requestId: null,
  retryable: true,
  notAccepted: true,
  retryAfterMs: null,
  ...more,
});

describe('the wait before a call is sent again', () => {
  it('doubles from a second where the provider names none, and ends with the fourth call', () => {
    const waits = [1, 2, 3, 4, 5].map((tried) => waitBeforeRetry(refused(), tried, MAX_WAIT_MS.batch));
    expect(waits).toEqual([1000, 2000, 4000, null, null]);
  });

  it.each([
    ['batch', 60_000],
    ['single', 10_000],
  ] as const)('is what the provider asks for, up to what a %s has time for', (kind, longest) => {
    const waitOf = (retryAfterMs: number) => waitBeforeRetry(refused({ retryAfterMs }), 1, MAX_WAIT_MS[kind]);
    expect([0, 250, longest, longest + 1].map(waitOf)).toEqual([0, 250, longest, null]);
  });

  it('is none for an answer, and for a call that may have been accepted', () => {
    expect(waitBeforeRetry(null, 1, MAX_WAIT_MS.batch)).toBeNull();
    expect(
      waitBeforeRetry(refused({ notAccepted: false, retryAfterMs: 1 }), 1, MAX_WAIT_MS.batch),
    ).toBeNull();
  });
});
