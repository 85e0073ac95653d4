import type { Exchange } from '../exchange';

/** Headers that a vendor sends with every answer, errors included. */
export function vendorHeaders(exchange: Exchange): Record<string, string> {
  switch (exchange.protocol) {
    case 'openai':
      return {
        'x-request-id': `req_${exchange.digest.slice(0, 32)}`,
        'openai-version': '2020-10-01',
        'openai-organization': 'org-practice',
        'openai-processing-ms': String(Math.round(exchange.faults.latency ?? 0)),
      };
    case 'anthropic':
      return {
        'request-id': anthropicRequestId(exchange),
        'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
      };
    case 'google':
      return { 'x-gemini-service-tier': 'standard' };
  }
}

/** Also part of Anthropic's error bodies, so a function of the request. */
export function anthropicRequestId(exchange: Exchange): string {
  return `req_011${exchange.digest.slice(0, 21)}`;
}

/** `x-ratelimit-*` of OpenAI. */
export function openAiRateHeaders(remaining: number, reset: string): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '500000',
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-remaining-tokens': String(remaining * 1000),
    'x-ratelimit-reset-requests': reset,
    'x-ratelimit-reset-tokens': reset,
  };
}

const ANTHROPIC_LIMITS = {
  requests: 1_000,
  tokens: 500_000,
  'input-tokens': 400_000,
  'output-tokens': 100_000,
};

/** `anthropic-ratelimit-*`. Resets are RFC 3339 times, so these headers follow the clock; bodies never do. */
export function anthropicRateHeaders(remainingShare: number, resetSeconds: number): Record<string, string> {
  const reset = new Date(Date.now() + resetSeconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const headers: Record<string, string> = {};
  for (const [kind, limit] of Object.entries(ANTHROPIC_LIMITS)) {
    headers[`anthropic-ratelimit-${kind}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${kind}-remaining`] = String(Math.floor(limit * remainingShare));
    headers[`anthropic-ratelimit-${kind}-reset`] = reset;
  }
  return headers;
}
