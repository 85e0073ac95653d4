import { FAILURE_WORDS, type FailureCode } from '../../../src-shared/domain';

const ADVICE: Partial<Record<FailureCode, string>> = {
  auth_failed: 'Check the key of this connection under Providers.',
  permission_denied: 'This key has no access to the model.',
  model_not_found: 'Check the model id: the provider does not know it.',
  rate_limited: 'Retry later, or lower the concurrency.',
  quota_exhausted: 'Add credit or raise the limit with the provider.',
  overloaded: 'Retry later.',
  network_error: 'Check the network and the address of the connection.',
  timeout: 'It may still have been billed.',
  stream_cut: 'What arrived is stored.',
  parse_failed: 'The raw answer is stored and can be parsed again.',
  version_mismatch: 'To accept the new version, pin it under Versions.',
};

/** The kind of failure, the provider's message, and what to do; of a call that is sent again, nothing. */
export function FailureText({
  code,
  message,
  isOver = true,
}: {
  readonly code: FailureCode | null;
  readonly message: string | null;
  readonly isOver?: boolean;
}) {
  return (
    <>
      {code && <strong title={code}>{FAILURE_WORDS[code]}.</strong>} {message}
      {isOver ? code && ADVICE[code] && <> {ADVICE[code]}</> : ' The call is sent again.'}
    </>
  );
}
