import {
  isPracticeProvider,
  SYSTEM_PROVIDER_IDS,
  systemProvider,
  type Provider,
} from '../../../src-shared/domain';
import type { ReadDb, WriteDb } from '../engine/db';
import { namesOf, storedColumns, writtenColumns, type StoredRow } from '../engine/stored-rows';
import { providers } from './tables';

const PROVIDER = storedColumns(providers, namesOf(providers, 'created_at'), 'provider_id');
const SELECT = `SELECT ${PROVIDER.list} FROM providers`;

const NEW = writtenColumns(providers, namesOf(providers));

/** Brings the built-in providers up to date with this build. */
export function repairSystemProviders(tx: WriteDb, now: string): void {
  for (const provider_id of SYSTEM_PROVIDER_IDS) {
    const { name, protocol, base_url, needs_key } = systemProvider(provider_id);
    const row = { provider_id, name, protocol, base_url, needs_key, is_system: true, created_at: now };
    tx.prepare(`${NEW.insert} ON CONFLICT (provider_id) DO UPDATE SET ${PROVIDER.excluded}`).run(
      ...NEW.encode(row),
    );
  }
}

/** All providers: built-in ones in the app's order, then others by name. */
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
