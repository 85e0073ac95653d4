import { timestampOf, type JsonObject, type RetryWait } from '../../src-shared/domain';
import type { ProviderFailure } from '../ports';
import type { WriteDb } from '../store';
import { executeRun, type ExecuteDeps, type ExecuteOptions, type Executed } from './execute';
import type { RunPlan } from './plan';

/** At most this many calls, the first included, while the provider does not accept them (`notAccepted`). */
const MAX_ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;
/** A batch can wait; somebody is waiting for a single run. */
export const MAX_WAIT_MS = { batch: 60_000, single: 10_000 } as const;

/** Milliseconds until the next attempt; null for no retry. `tried` counts the calls so far. */
export function waitBeforeRetry(
  failure: ProviderFailure | null,
  tried: number,
  longestMs: number,
): number | null {
  if (failure === null || !failure.notAccepted || tried >= MAX_ATTEMPTS) return null;
  const wait = failure.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (tried - 1);
  return wait > longestMs ? null : wait;
}

export interface RetryOptions extends ExecuteOptions {
  /** Before each wait. */
  readonly onWait: (wait: RetryWait) => void;
  /** In the commit that records the call as sent again. A wait that is stopped has none. */
  readonly onResend: (tx: WriteDb) => void;
}

/**
 * Executes a single run. Retries if the provider did not accept the call and the wait is short, or at once with the
 * parameters that `adapt` derives from the refusal. Each call is an attempt.
 */
export async function executeWithRetries(
  deps: ExecuteDeps,
  plan: RunPlan,
  { onWait, onResend, ...options }: RetryOptions,
  adapt: (params: JsonObject, failure: ProviderFailure | null) => JsonObject | null = () => null,
): Promise<Executed> {
  let executed = await executeRun(deps, plan, options);
  let { inferenceParams } = plan;
  for (let tried = 1; ; tried += 1) {
    const adapted = tried < MAX_ATTEMPTS ? adapt(inferenceParams, executed.failure) : null;
    if (adapted !== null) {
      inferenceParams = adapted;
      const { alongside: _, ...again } = options;
      executed = await executeRun(deps, { ...plan, inferenceParams }, { ...again, attemptIndex: tried });
      continue;
    }
    const wait = waitBeforeRetry(executed.failure, tried, MAX_WAIT_MS.single);
    if (wait === null || executed.failure === null) return executed;
    // During the wait the run is stored as failed, so nothing needs repair if the process ends now.
    onWait({
      attempt: tried + 1,
      attempts: MAX_ATTEMPTS,
      retry_at: timestampOf(deps.clock.now() + wait),
      failure_code: executed.failure.code,
      failure_message: executed.failure.message,
    });
    if (!(await waitUnlessAborted(wait, options.signal))) return executed;
    const again = { ...options, alongside: onResend, attemptIndex: tried };
    executed = await executeRun(deps, { ...plan, inferenceParams }, again);
  }
}

/** Resolves to false as soon as the signal aborts. */
function waitUnlessAborted(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
