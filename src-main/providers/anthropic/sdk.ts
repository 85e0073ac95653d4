import type Anthropic from '@anthropic-ai/sdk';
import type { CallEndpoint } from '../../ports';
import { SDK_TIMEOUT_MARGIN_MS } from '../http';

/** Read by the SDK on its own (@anthropic-ai/sdk, `client.ts`); it adds custom headers whatever else it is told. */
export const ANTHROPIC_SDK_VARIABLES = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_CUSTOM_HEADERS',
  'ANTHROPIC_LOG',
  'ANTHROPIC_PROFILE',
  'ANTHROPIC_CONFIG_DIR',
  'ANTHROPIC_OPEN_TELEMETRY',
  'ANTHROPIC_OPEN_TELEMETRY_PROPAGATION',
  'ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE',
] as const;

let loading: Promise<typeof Anthropic> | undefined;

/** Loaded on first use, which saves other starts 30 ms and 20 MB. */
function loadSdk(): Promise<typeof Anthropic> {
  loading ??= import('@anthropic-ai/sdk').then((module) => module.Anthropic);
  return loading;
}

/**
 * A client for one call: creating one takes 8 µs, and a cached one could leak its key or its fetch into another call. A
 * key is always passed: without one the SDK searches the environment and then profiles on disk.
 */
export async function anthropicClient(
  endpoint: CallEndpoint,
  fetch: typeof globalThis.fetch,
  timeoutMs: number,
): Promise<Anthropic> {
  const Sdk = await loadSdk();
  return new Sdk({
    apiKey: endpoint.secret ?? 'none',
    baseURL: endpoint.baseUrl,
    webhookKey: null,
    maxRetries: 0,
    timeout: timeoutMs + SDK_TIMEOUT_MARGIN_MS,
    logLevel: 'off',
    openTelemetry: false,
    fetch,
    ...(endpoint.secret === null ? { defaultHeaders: { authorization: null } } : {}),
  });
}
