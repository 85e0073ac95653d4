import type { IncomingHttpHeaders } from 'node:http';
import type { Operation, Protocol } from './exchange';

export interface Route {
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly apiVersion: 'v1' | 'v1beta';
  /** The model named by the path, still with its fault suffix. */
  readonly model: string | undefined;
}

/**
 * Each protocol has its own prefix (`/openai`, `/anthropic`, `/google`) and is also served at the root, where
 * `GET /v1/models` is told apart by the vendors' own headers.
 */
export function routeOf(method: string, path: string, query: string, headers: IncomingHttpHeaders): Route {
  const prefix = /^\/(openai|anthropic|google)(?=\/)/.exec(path)?.[1];
  const local = prefix === undefined ? path : path.slice(prefix.length + 1);
  const protocol = prefix === undefined ? protocolOf(local, query, headers) : knownProtocol(prefix);
  const apiVersion = local.startsWith('/v1beta/') ? 'v1beta' : 'v1';
  const rest = local.startsWith(`/${apiVersion}/`) ? local.slice(apiVersion.length + 2) : '';
  const [operation, model] = operationOf(protocol, method, rest);
  return { protocol, operation, apiVersion, model };
}

/** A path that only one vendor has decides; headers tell the model lists apart. */
function protocolOf(path: string, query: string, headers: IncomingHttpHeaders): Protocol {
  if (path === '/v1/chat/completions' || path === '/v1/responses') return 'openai';
  if (path === '/v1/messages') return 'anthropic';
  if (path.startsWith('/v1beta/') || /:(generate|streamGenerate)Content$/.test(path)) return 'google';
  if ('anthropic-version' in headers) return 'anthropic';
  if ('x-goog-api-key' in headers || /(^|&)(key|pageSize|pageToken)=/.test(query)) return 'google';
  return 'openai';
}

function knownProtocol(prefix: string): Protocol {
  return prefix === 'anthropic' || prefix === 'google' ? prefix : 'openai';
}

function operationOf(
  protocol: Protocol,
  method: string,
  rest: string,
): readonly [Operation, string | undefined] {
  if (method === 'POST') {
    if (protocol === 'openai' && rest === 'chat/completions') return ['chat', undefined];
    if (protocol === 'openai' && rest === 'responses') return ['responses', undefined];
    if (protocol === 'anthropic' && rest === 'messages') return ['messages', undefined];
    const call =
      protocol === 'google' ? /^models\/(.+):(generateContent|streamGenerateContent)$/.exec(rest) : null;
    if (call !== null)
      return [call[2] === 'generateContent' ? 'generate' : 'stream-generate', decoded(call[1])];
  }
  if (method === 'GET') {
    if (rest === 'models') return ['list-models', undefined];
    if (rest.startsWith('models/') && rest.length > 'models/'.length) {
      return ['get-model', decoded(rest.slice('models/'.length))];
    }
  }
  return ['unknown', undefined];
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    // A lone percent sign is part of the name.
    return text ?? '';
  }
}
