import type OpenAI from 'openai';
import type { CallEndpoint } from '../../ports';
import { SDK_TIMEOUT_MARGIN_MS } from '../http';

/** What the SDK reads by itself (openai, `client.ts`); it adds custom headers to requests whatever else it is told. */
export const OPENAI_SDK_VARIABLES = [
  'OPENAI_BASE_URL',
  'OPENAI_CUSTOM_HEADERS',
  'OPENAI_LOG',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
] as const;

let loading: Promise<typeof OpenAI> | undefined;

/** Loads the SDK at its first use: it costs 40 ms and 25 MB that a start without it saves. */
function loadSdk(): Promise<typeof OpenAI> {
  loading ??= import('openai').then((module) => module.OpenAI);
  return loading;
}

/**
 * A client for one call: making one takes 10 µs, and none that is kept could give its key or its fetch to another
 * call. Every option that the SDK would look up in the environment is said here.
 */
export async function openAiClient(
  endpoint: CallEndpoint,
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
): Promise<OpenAI> {
  const Sdk = await loadSdk();
  return new Sdk({
    // Local servers need no key, the SDK insists on one: then the header is taken out again.
    apiKey: endpoint.secret ?? 'none',
    adminAPIKey: null,
    baseURL: endpoint.baseUrl,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: timeoutMs + SDK_TIMEOUT_MARGIN_MS,
    logLevel: 'off',
    fetch,
    ...(endpoint.secret === null ? { defaultHeaders: { authorization: null } } : {}),
  });
}
