import type { Failure } from '../../../rpc';

/** What refuses a run before there is a request (docs/interfaces.md#error-codes). */
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  'ALS_UNSUPPORTED',
  'BUDGET_EXCEEDED',
  'CREDENTIAL_MISSING',
  'GROUNDING_UNSUPPORTED',
  'KEYCHAIN_UNAVAILABLE',
  'MISSING_VARIABLE',
  'NO_CONNECTION',
  'NOT_FOUND',
  'PROMPT_INACTIVE',
  'PROVIDER_UNKNOWN',
  'RENDER_LIMIT',
  'TEMPLATE_SYNTAX',
  'VALIDATION_FAILED',
  'VERSION_MISMATCH',
]);

interface FailedRun {
  /** Null where the text was not stored, which comes before sending. */
  readonly template_id: string | null;
  readonly failure: Pick<Failure, 'code'>;
}

/** Only a refusal proves that no call was made. */
export function whatWasSent({ template_id, failure }: FailedRun): string {
  return template_id === null || BEFORE_SENDING.has(failure.code)
    ? 'Nothing was sent.'
    : 'Nothing was sent twice.';
}

/** The failure goes away once a provider is connected. */
export function lacksConnection({ code, data }: Pick<Failure, 'code' | 'data'>): boolean {
  return code === 'NO_CONNECTION' && typeof data['provider'] === 'string';
}
