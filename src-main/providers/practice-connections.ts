import { DEFAULT_ORG_ID, isPracticeProvider, SYSTEM_PROVIDER_IDS } from '../../src-shared/domain';
import type { Ids } from '../ports';
import { findActiveConnectionByName, insertConnection, UNTESTED } from '../store';
import type { Store } from '../store';

/** The practice server is on this machine and has no rate limit, so a comparison's own concurrency decides. */
export const PRACTICE_CONCURRENCY = 128;

/** Creates the practice connections on first start, and again if they are missing. */
export function ensurePracticeConnections(
  { store, ids }: { readonly store: Store; readonly ids: Ids },
  now: string,
): void {
  const missing = SYSTEM_PROVIDER_IDS.filter(isPracticeProvider).filter(
    (name) => findActiveConnectionByName(store.read, { org_id: DEFAULT_ORG_ID, name }) === undefined,
  );
  if (missing.length === 0) return;
  store.write((tx) => {
    for (const name of missing) {
      insertConnection(tx, {
        connection_id: ids.uuid(),
        org_id: DEFAULT_ORG_ID,
        name,
        provider: name,
        base_url: null,
        key_source: 'none',
        key_ref: null,
        key_env: null,
        concurrency: PRACTICE_CONCURRENCY,
        created_at: now,
        ...UNTESTED,
        deleted_at: null,
      });
    }
  });
}
