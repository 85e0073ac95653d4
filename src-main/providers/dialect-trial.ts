import { RESPONSE_FORMATS, STREAM_OPTIONS } from '../../src-shared/domain';
import type { DialectField, DialectTrial, JsonObject, ServerDialect } from '../../src-shared/domain';
import type { CallEndpoint, EchoGuard, Ids, ProviderClient } from '../ports';

export interface TrialDeps {
  readonly client: ProviderClient;
  readonly guard: EchoGuard;
  readonly ids: Ids;
}

export interface TrialOptions {
  readonly modelId: string;
  /** The features to try. */
  readonly fields: readonly DialectField[];
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/** A local server may have to load the model first. */
const TIMEOUT_MS = 60_000;
/**
 * Identical in every call, so that calls differ only in what is tried. JSON mode requires the word "JSON" in the
 * prompt.
 */
const PROMPT = 'Answer with this JSON and nothing else: {"ok": true}';
const SCHEMA: JsonObject = {
  type: 'object',
  properties: { ok: { type: 'boolean' } },
  required: ['ok'],
  additionalProperties: false,
};
const PLAIN: Attempt = { stream: false, streamOptions: 'omit', responseFormat: 'none' };

interface Attempt extends ServerDialect {
  readonly stream: boolean;
}

/** Anything but a model's answer or a rejection of the request reveals nothing about the request. */
type Reply =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unclear'; readonly message: string };

/** Ends the trial: further calls would fare the same. */
class Inconclusive extends Error {}

/**
 * Finds out what a chat completions server supports by what it rejects. A rejection counts only if the same call
 * without the rejected part is answered: otherwise it may be about the model or the account.
 */
export async function tryDialect(
  deps: TrialDeps,
  endpoint: CallEndpoint,
  { modelId, fields, signal, timeoutMs = TIMEOUT_MS }: TrialOptions,
): Promise<DialectTrial> {
  let calls = 0;
  const found: Pick<DialectTrial, 'stream_options' | 'response_format'> = {
    stream_options: null,
    response_format: null,
  };

  const isTaken = async (attempt: Attempt): Promise<boolean> => {
    calls += 1;
    const reply = await ask(deps, endpoint, { modelId, attempt, signal, timeoutMs });
    if (reply.kind === 'unclear') throw new Inconclusive(reply.message);
    lastRefusal = reply.kind === 'refused' ? reply.message : lastRefusal;
    return reply.kind === 'answered';
  };
  let lastRefusal = '';
  /** The first form that the server accepts; the last form is the control, without anything to try. */
  const firstAccepted = async <T extends string>(
    forms: readonly T[],
    attemptOf: (form: T) => Attempt,
  ): Promise<T> => {
    for (const form of forms) if (await isTaken(attemptOf(form))) return form;
    throw new Inconclusive(`The server refused even a plain call: ${lastRefusal}`);
  };

  const problem = await (async () => {
    if (fields.includes('stream_options')) {
      found.stream_options = await firstAccepted(STREAM_OPTIONS, (streamOptions) => ({
        ...PLAIN,
        stream: true,
        streamOptions,
      }));
    }
    if (fields.includes('response_format')) {
      found.response_format = await firstAccepted(RESPONSE_FORMATS, (responseFormat) => ({
        ...PLAIN,
        responseFormat,
      }));
    }
    return null;
  })().catch((error: unknown) => {
    if (error instanceof Inconclusive) return error.message;
    throw error;
  });

  return { calls, model_id: modelId, ...found, message: inWords(found, problem) };
}

async function ask(
  { client, guard, ids }: TrialDeps,
  endpoint: CallEndpoint,
  call: {
    readonly modelId: string;
    readonly attempt: Attempt;
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
  },
): Promise<Reply> {
  const { modelId, attempt, signal, timeoutMs } = call;
  const { stream, ...dialect } = attempt;
  let reply: Reply = { kind: 'unclear', message: 'There was no answer.' };
  const outcome = await client.call(
    {
      endpoint: { ...endpoint, dialect },
      modelId,
      messages: [{ role: 'user', content: PROMPT }],
      tools: [],
      toolChoice: null,
      // Enough for the JSON: some servers reject an answer that is cut off before it fits the schema.
      inferenceParams: { max_tokens: 64 },
      responseSchema: SCHEMA,
      search: false,
      stream,
      timeoutMs,
      attemptId: ids.uuid(),
      signal,
    },
    {
      onExchange(exchange) {
        const answer = { ...exchange, ...guard.redactAnswer(exchange) };
        reply = read(client.parse({ ...answer, requestedModel: modelId, providerId: endpoint.providerId }));
        return Promise.resolve();
      },
    },
  );
  return outcome.kind === 'answered' ? reply : { kind: 'unclear', message: outcome.failure.message };
}

function read(parsed: ReturnType<ProviderClient['parse']>): Reply {
  if (!parsed.ok) return { kind: 'unclear', message: parsed.message };
  const { failure } = parsed.answer;
  if (failure === null) return { kind: 'answered' };
  const { message, code, httpStatus } = failure;
  const isRefused = code === 'invalid_request' && (httpStatus === 400 || httpStatus === 422);
  // The server accepted the request, but its model failed to produce the JSON.
  const isModelsFault = isRefused && failure.providerCode === 'json_validate_failed';
  return { kind: isRefused && !isModelsFault ? 'refused' : 'unclear', message };
}

const STREAM_WORDS = {
  send: 'Streams report token counts.',
  omit: 'The server rejects stream_options, so streams report no token counts.',
} as const;
const FORMAT_WORDS = {
  json_schema: 'It supports JSON schemas.',
  json_object: 'It rejects JSON schemas, but supports JSON mode.',
  none: 'It supports neither JSON schemas nor JSON mode.',
} as const;

function inWords(
  { stream_options, response_format }: Pick<DialectTrial, 'stream_options' | 'response_format'>,
  problem: string | null,
): string {
  return [
    stream_options && STREAM_WORDS[stream_options],
    response_format && FORMAT_WORDS[response_format],
    problem === null ? null : `The rest is still unknown: ${problem}`,
  ]
    .filter((text) => text !== null)
    .join(' ');
}
