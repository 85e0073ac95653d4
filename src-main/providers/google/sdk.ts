import type { GoogleGenAI } from '@google/genai';
import { withEnvironment, type CallEndpoint } from '../../ports';

/** Read by the SDK on its own (@google/genai, `client.ts`). */
export const GOOGLE_SDK_VARIABLES = [
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_VERTEX_BASE_URL',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_GENAI_USE_ENTERPRISE',
  'GOOGLE_GENAI_API_VERSION',
] as const;

type Sdk = typeof GoogleGenAI;
let loading: Promise<Sdk> | undefined;

/** Loaded on first use, which saves other starts 55 ms and 40 MB. */
function loadSdk(): Promise<Sdk> {
  loading ??= import('@google/genai').then((module) => module.GoogleGenAI);
  return loading;
}

/**
 * A client for one call: creating one takes 5 µs, and a cached one could leak its key or its fetch into another call.
 */
export async function googleClient(
  endpoint: CallEndpoint,
  fetch: typeof globalThis.fetch,
  apiVersion: string,
): Promise<GoogleGenAI> {
  const Client = await loadSdk();
  return withOneKeyName(
    () =>
      new Client({
        apiKey: endpoint.secret ?? 'none',
        vertexai: false,
        apiVersion,
        httpOptions: {
          baseUrl: endpoint.baseUrl,
          apiVersion,
          fetch: endpoint.secret === null ? withoutKey(fetch) : fetch,
        },
      }),
  );
}

/** The SDK insists on a key and always sends it; a local server without one must not receive a made-up one. */
function withoutKey(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete('x-goog-api-key');
    return fetch(input, { ...init, headers });
  };
}

/**
 * With both GOOGLE_API_KEY and GEMINI_API_KEY set, the constructor prints a warning each time, although it is given a
 * key and uses neither (@google/genai, `getApiKeyFromEnv`). One of them is hidden from it meanwhile.
 */
function withOneKeyName(construct: () => GoogleGenAI): GoogleGenAI {
  return withEnvironment({ GOOGLE_API_KEY: undefined }, construct);
}
