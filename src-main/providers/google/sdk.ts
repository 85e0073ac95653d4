import type { GoogleGenAI } from '@google/genai';
import { withEnvironment, type CallEndpoint } from '../../ports';

/** What the SDK reads by itself (@google/genai, `client.ts`). */
export const GOOGLE_SDK_VARIABLES = [
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_VERTEX_BASE_URL',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_GENAI_USE_ENTERPRISE',
  'GOOGLE_GENAI_API_VERSION',
] as const;

type Sdk = typeof GoogleGenAI;
let loading: Promise<Sdk> | undefined;

/** Loads the SDK at its first use: it costs 55 ms and 40 MB that a start without it saves. */
function loadSdk(): Promise<Sdk> {
  loading ??= import('@google/genai').then((module) => module.GoogleGenAI);
  return loading;
}

/** A client for one call: making one takes 5 µs, and none that is kept could give its key or its fetch to another. */
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

/** The SDK insists on a key and always sends it; a local server that needs none must not get a made-up one. */
function withoutKey(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete('x-goog-api-key');
    return fetch(input, { ...init, headers });
  };
}

/**
 * With both GOOGLE_API_KEY and GEMINI_API_KEY set, the constructor prints a warning each time, although it is given
 * a key and uses neither (@google/genai, `getApiKeyFromEnv`). One of them is out of its sight while it runs.
 */
function withOneKeyName(construct: () => GoogleGenAI): GoogleGenAI {
  return withEnvironment({ GOOGLE_API_KEY: undefined }, construct);
}
