import type { CallRequest, ComposedRequest } from '../../ports';
import { bodyText } from './capture';
import type { CallSteps } from './run-call';
import { scrubSdkVariables } from './scrub-env';

/** What says how the body is to be read. All others are left out, so that no credential can be among them. */
const SHOWN_HEADERS: ReadonlySet<string> = new Set(['content-type', 'anthropic-version', 'anthropic-beta']);

/** No SDK gives up earlier on a request that is never sent. */
const TIMEOUT_MS = 60_000;

/**
 * The request that `runCall` would send: built by the adapter and written by the SDK, whose `fetch` keeps it instead of
 * sending it. Give an endpoint without its secret: the request then needs no redaction.
 */
export async function composeRequest(steps: CallSteps, request: CallRequest): Promise<ComposedRequest> {
  const call = {
    ...request,
    timeoutMs: TIMEOUT_MS,
    attemptId: 'composed',
    signal: new AbortController().signal,
  };
  const built = steps.build(call);
  if (!built.ok) return { ok: false, message: built.message, problem: built.untaken ?? null };
  scrubSdkVariables(steps.sdkVariables);
  const kept: (ComposedRequest & { ok: true })[] = [];
  const keep: typeof globalThis.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    kept.push({
      ok: true,
      method: init.method ?? 'GET',
      url: input instanceof Request ? input.url : String(input),
      headers: [...headers].filter(([name]) => SHOWN_HEADERS.has(name)),
      body: bodyText(init.body),
    });
    return Promise.reject(new Error('A composed request is not sent.'));
  };
  try {
    await steps.send(call, built, keep);
  } catch (error) {
    // The SDK's own error about the fetch that sent nothing, unless it never came that far.
    if (kept.length === 0) {
      const message = error instanceof Error ? error.message : 'the request could not be built';
      return { ok: false, message, problem: null };
    }
  }
  const [composed] = kept;
  if (composed === undefined) throw new Error('The SDK sent no request.');
  return composed;
}
