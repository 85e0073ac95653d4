import type { JsonObject } from '../../src-shared/domain';
import type { ProviderFailure } from '../ports';
import { executeRun, type ExecuteDeps, type ExecuteOptions, type Executed } from './execute';
import type { RunPlan } from './plan';

/** A call that was turned away (`notAccepted`) is sent this often at most. */
const MAX_ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;
/** Batches have time; whoever started a single run sits there and waits. */
export const LONGEST_WAIT_MS = { batch: 60_000, single: 10_000 } as const;

/** How long to wait before the call is sent again; null where it is not. `tried` counts the calls so far. */
export function waitBeforeRetry(
  failure: ProviderFailure | null,
  tried: number,
  longestMs: number,
): number | null {
  if (failure === null || !failure.notAccepted || tried >= MAX_ATTEMPTS) return null;
  const wait = failure.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (tried - 1);
  return wait > longestMs ? null : wait;
}

/**
 * One run by itself, sent again where the provider turned it away and the wait is short, or with the parameters that
 * `adapt` makes of a refusal. Each call is an attempt.
 */
export async function executePatiently(
  deps: ExecuteDeps,
  plan: RunPlan,
  options: ExecuteOptions,
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
    const wait = waitBeforeRetry(executed.failure, tried, LONGEST_WAIT_MS.single);
    // While it waits the run is what it was told: failed. Nothing is to be put right if the process ends now.
    if (wait === null || !(await passes(wait, options.signal))) return executed;
    const { alongside: _, ...again } = options;
    executed = await executeRun(deps, { ...plan, inferenceParams }, { ...again, attemptIndex: tried });
  }
}

/** Resolves to false at once where the signal aborts. */
function passes(ms: number, signal: AbortSignal): Promise<boolean> {
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
