import {
  isPracticeProvider,
  SYSTEM_PROVIDER_IDS,
  type Protocol,
  type Provider,
} from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, writtenColumns, type StoredRow } from '../engine/stored-rows';
import { providers } from './tables';

const PROVIDER = storedColumns(providers, namesOf(providers, 'created_at'), 'provider_id');
const SELECT = `SELECT ${PROVIDER.list} FROM providers`;

type SystemProviderId = (typeof SYSTEM_PROVIDER_IDS)[number];

interface SystemProvider {
  readonly name: string;
  readonly protocol: Protocol;
  readonly base_url: string | null;
  readonly needs_key: boolean;
}

/** Base URLs as each protocol's SDK expects them (OpenAI: ends in /v1; Anthropic and Gemini: without a version). */
const SYSTEM_PROVIDERS: Readonly<Record<SystemProviderId, SystemProvider>> = {
  openai: {
    name: 'OpenAI',
    protocol: 'openai_responses',
    base_url: 'https://api.openai.com/v1',
    needs_key: true,
  },
  // Each Azure resource has its own address, so the connection brings it.
  'azure-openai': { name: 'Azure OpenAI', protocol: 'openai_chat', base_url: null, needs_key: true },
  anthropic: {
    name: 'Anthropic',
    protocol: 'anthropic',
    base_url: 'https://api.anthropic.com',
    needs_key: true,
  },
  google: {
    name: 'Google Gemini',
    protocol: 'gemini',
    base_url: 'https://generativelanguage.googleapis.com',
    needs_key: true,
  },
  ollama: {
    name: 'Ollama',
    protocol: 'openai_chat',
    base_url: 'http://127.0.0.1:11434/v1',
    needs_key: false,
  },
  'lm-studio': {
    name: 'LM Studio',
    protocol: 'openai_chat',
    base_url: 'http://127.0.0.1:1234/v1',
    needs_key: false,
  },
  // The practice server gets its address when it starts.
  'practice-openai': {
    name: 'Practice (OpenAI)',
    protocol: 'openai_responses',
    base_url: null,
    needs_key: false,
  },
  'practice-anthropic': {
    name: 'Practice (Anthropic)',
    protocol: 'anthropic',
    base_url: null,
    needs_key: false,
  },
  'practice-google': { name: 'Practice (Google)', protocol: 'gemini', base_url: null, needs_key: false },
};

const NEW = writtenColumns(providers, namesOf(providers));

/** Puts the providers that ship with the app into the state this build knows. */
export function repairSystemProviders(tx: WriteDb, now: string): void {
  for (const provider_id of SYSTEM_PROVIDER_IDS) {
    const { name, protocol, base_url, needs_key } = SYSTEM_PROVIDERS[provider_id];
    const row = { provider_id, name, protocol, base_url, needs_key, is_system: true, created_at: now };
    tx.prepare(`${NEW.insert} ON CONFLICT (provider_id) DO UPDATE SET ${PROVIDER.excluded}`).run(
      ...NEW.encode(row),
    );
  }
}

/** All providers: those of the app in its own order, then the others by name. */
export function listProviders(db: ReadDb): Provider[] {
  const order: readonly string[] = SYSTEM_PROVIDER_IDS;
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const rows = db.prepare<[], StoredRow>(`${SELECT} ORDER BY name`).all();
  return rows.map(providerOf).toSorted((a, b) => rank(a.provider_id) - rank(b.provider_id));
}

export function getProvider(db: ReadDb, providerId: string): Provider | undefined {
  const row = db.prepare<[string], StoredRow>(`${SELECT} WHERE provider_id = ?`).get(providerId);
  return row && providerOf(row);
}

function providerOf(row: StoredRow): Provider {
  const provider = PROVIDER.decode(row);
  return { ...provider, simulated: isPracticeProvider(provider.provider_id) };
}
