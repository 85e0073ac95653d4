import type OpenAI from 'openai';
import type { CallEndpoint } from '../../ports';
import { SDK_TIMEOUT_MARGIN_MS } from '../http';

/** Read by the SDK on its own (openai, `client.ts`); it adds custom headers whatever else it is told. */
export const OPENAI_SDK_VARIABLES = [
  'OPENAI_BASE_URL',
  'OPENAI_CUSTOM_HEADERS',
  'OPENAI_LOG',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
] as const;

let loading: Promise<typeof OpenAI> | undefined;

/** Loaded on first use, which saves other starts 40 ms and 25 MB. */
function loadSdk(): Promise<typeof OpenAI> {
  loading ??= import('openai').then((module) => module.OpenAI);
  return loading;
}

/**
 * A client for one call: creating one takes 10 µs, and a cached one could leak its key or its fetch into another call.
 * Sets every option that the SDK would otherwise look up in the environment.
 */
export async function openAiClient(
  endpoint: CallEndpoint,
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
): Promise<OpenAI> {
  const Sdk = await loadSdk();
  return new Sdk({
    // Local servers need no key, but the SDK insists on one; its header is removed again.
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
