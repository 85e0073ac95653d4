import { protocolOfApi, type JsonObject, type ResponseApi, type Tool } from '../../src-shared/domain';
import { createProviderClients } from '../../src-main/providers';
import { deriveRun, type Derivation } from '../../src-main/runs/derive';
import { answerBytes } from './provider-calls';

const clients = createProviderClients();

interface AnswerContext {
  readonly schema?: JsonObject | null;
  readonly kind?: 'run' | 'probe';
  /** Names of the tools that were offered. */
  readonly tools?: readonly string[];
}

/** What a run comes to that is answered with this body. */
export function derive(
  api: ResponseApi,
  body: string | object,
  { schema = null, kind = 'run', tools = [] }: AnswerContext = {},
): Derivation {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const template = {
    model_version_constraint: null,
    fingerprint_allowlist: [],
    response_schema: schema,
    tools: tools.map(toolOf),
    tool_choice: tools.length === 0 ? null : ('auto' as const),
  };
  return deriveRun(
    {
      client: clients.clientFor(protocolOfApi(api)),
      pricing: { priceOf: () => null },
      now: '2026-11-20T10:00:00.000Z',
    },
    answerBytes(api, text),
    {
      template,
      kind,
      groundingMode: 'none',
      providerId: 'p',
      modelId: 'm',
      executedAt: '2026-11-20T10:00:00.000Z',
      latencyMs: 1,
      firstByteMs: 1,
    },
  );
}

function toolOf(name: string): Tool {
  return { name, description: '', parameters: null, strict: null };
}

/** A stream of unnamed events. */
export const events = (...data: (object | string)[]): string =>
  data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');

/** A chat completion with this message. */
export const chat = (message: object, finish_reason: string | null = 'stop') => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
});
