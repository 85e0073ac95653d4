import { keysOf } from '../keys-of';
import type { Protocol } from './protocols';

/** A provider that ships with the app: its row in the store, and whatever else is known of it. */
interface SystemProvider {
  readonly name: string;
  readonly protocol: Protocol;
  /**
   * As the protocol's SDK expects it (OpenAI: ends in /v1; Anthropic and Gemini: without a version). Null: a connection
   * must bring its own (Azure), or the practice server supplies it.
   */
  readonly base_url: string | null;
  readonly needs_key: boolean;
  /** It made the protocol and supports all of it: a refusal is about the request, never about the server. */
  readonly isVendor: boolean;
  /** Its name in the price list; null if its prices are unknown. */
  readonly priceList: string | null;
  /**
   * Model ids that suggest it, in lower case and without faults. `open`: any model that people run themselves. Null: none.
   */
  readonly modelIds: readonly RegExp[] | 'open' | null;
}

/** No model id suggests a practice provider. It is priced like the vendor that it plays, and never counted as spend. */
const PRACTICE = { base_url: null, needs_key: false, isVendor: false, modelIds: null } as const;

const SYSTEM_PROVIDERS = {
  openai: {
    name: 'OpenAI',
    protocol: 'openai_responses',
    base_url: 'https://api.openai.com/v1',
    needs_key: true,
    isVendor: true,
    priceList: 'openai',
    modelIds: [
      /^openai\//,
      /^(gpt-(?!oss)|chatgpt-|o[1-9](-|$)|codex|computer-use-|omni-|text-embedding-|davinci|babbage)[^/]*$/,
    ],
  },
  // Each Azure resource has its own address, and names its deployments as it likes.
  'azure-openai': {
    name: 'Azure OpenAI',
    protocol: 'openai_chat',
    base_url: null,
    needs_key: true,
    isVendor: false,
    priceList: 'azure',
    modelIds: null,
  },
  anthropic: {
    name: 'Anthropic',
    protocol: 'anthropic',
    base_url: 'https://api.anthropic.com',
    needs_key: true,
    isVendor: true,
    priceList: 'anthropic',
    modelIds: [/^anthropic\//, /^(us\.|eu\.)?(anthropic[./])?claude-/],
  },
  google: {
    name: 'Google Gemini',
    protocol: 'gemini',
    base_url: 'https://generativelanguage.googleapis.com',
    needs_key: true,
    isVendor: true,
    priceList: 'google',
    // Ollama names its tags with a colon, so a plain gemma is Google's.
    modelIds: [/^(google|models)\//, /^(gemini-|gemma-|learnlm-|lyria-|nano-banana|deep-research-)[^/]*$/],
  },
  ollama: {
    name: 'Ollama',
    protocol: 'openai_chat',
    base_url: 'http://127.0.0.1:11434/v1',
    needs_key: false,
    isVendor: false,
    priceList: null,
    modelIds: 'open',
  },
  'lm-studio': {
    name: 'LM Studio',
    protocol: 'openai_chat',
    base_url: 'http://127.0.0.1:1234/v1',
    needs_key: false,
    isVendor: false,
    priceList: null,
    modelIds: 'open',
  },
  'practice-openai': {
    ...PRACTICE,
    name: 'Practice (OpenAI)',
    protocol: 'openai_responses',
    priceList: 'openai',
  },
  'practice-anthropic': {
    ...PRACTICE,
    name: 'Practice (Anthropic)',
    protocol: 'anthropic',
    priceList: 'anthropic',
  },
  'practice-google': { ...PRACTICE, name: 'Practice (Google)', protocol: 'gemini', priceList: 'google' },
} as const satisfies Readonly<Record<string, SystemProvider>>;

export type SystemProviderId = keyof typeof SYSTEM_PROVIDERS;
/** In the order of lists. */
export const SYSTEM_PROVIDER_IDS = keysOf(SYSTEM_PROVIDERS);

/** Undefined for a provider that does not ship with the app. */
export function systemProvider(id: SystemProviderId): SystemProvider;
export function systemProvider(id: string): SystemProvider | undefined;
export function systemProvider(id: string): SystemProvider | undefined {
  const known: Readonly<Record<string, SystemProvider>> = SYSTEM_PROVIDERS;
  return Object.hasOwn(known, id) ? known[id] : undefined;
}

/** Practice providers' runs are marked `simulated` and never counted as spend. */
export function isPracticeProvider(providerId: string): boolean {
  return providerId.startsWith('practice-');
}
