import type { FailureCode } from './run';

/** What a failure is called on screen; programs use its code. */
export const FAILURE_WORDS: Readonly<Record<FailureCode, string>> = {
  version_mismatch: 'Wrong version',
  not_grounded: 'Not grounded',
  output_invalid: 'Invalid output',
  parse_failed: 'Unreadable answer',
  guardrail_blocked: 'Blocked by a guardrail',
  attestation_failed: 'Attestation failed',
  als_over_limit: 'Ambient block too long',
  rate_limited: 'Rate limited',
  quota_exhausted: 'Quota used up',
  auth_failed: 'Key refused',
  permission_denied: 'Not permitted',
  model_not_found: 'Model not found',
  invalid_request: 'Request refused',
  provider_error: 'Provider error',
  overloaded: 'Provider overloaded',
  network_error: 'Network error',
  timeout: 'Timed out',
  stream_cut: 'Stream cut off',
  refused: 'Refused by the model',
  missing_variable: 'Missing variable',
};
