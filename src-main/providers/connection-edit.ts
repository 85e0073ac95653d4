import { AppError, isPracticeProvider, validationError } from '../../src-shared/domain';
import type { ConnectionChange, Provider } from '../../src-shared/domain';
import type { KeyVault } from '../ports';
import {
  findActiveConnectionByName,
  forgetServer,
  getProvider,
  insertConnectionChange,
  runningBatchOver,
  setConnectionKey,
} from '../store';
import type { ConnectionRecord, ConnectionSettings, ReadDb, Store } from '../store';
import { checkAddress, checkKeyChoice, nameTaken, storeKey, validSecret } from './connection-key';
import { activeConnection, providerUnknown, withoutSlash } from './connection-lookup';

export interface EditDeps {
  readonly store: Store;
  readonly vault: KeyVault;
}

/**
 * Changes the named fields only; of two edits of the same field the later one wins, and the log has both. Runs keep
 * what they recorded. A stored key is never sent to a server that it was not entered for.
 */
export async function editConnection(
  { store, vault }: EditDeps,
  { connection_id, ...change }: ConnectionChange & { readonly connection_id: string },
  now: () => string,
): Promise<ConnectionRecord> {
  const record = activeConnection(store, connection_id);
  const provider = getProvider(store.read, record.provider);
  if (provider === undefined) throw providerUnknown(record.provider);
  const settings = settingsAfter(record, change);
  checkBuiltIn(record, settings);
  const secret = checkedKey({ record, provider, settings, change });
  checkName(store.read, record, settings.name);
  checkAtRest(store.read, record, settings);

  const before = record.key_ref === null ? null : await vault.get(record.key_ref);
  const key =
    secret === null && change.key_env === undefined
      ? null
      : await storeKey(vault, connection_id, secret, change.key_env ?? null);
  try {
    store.write((tx) => {
      // Both may have changed while waiting for the keychain.
      const current = activeConnection(store, connection_id);
      const next = settingsAfter(current, change);
      checkName(tx, current, next.name);
      checkAtRest(tx, current, next);
      if (changed(current, next)) insertConnectionChange(tx, connection_id, next, now());
      if (current.base_url !== next.base_url) forgetServer(tx, connection_id);
      if (key !== null) setConnectionKey(tx, connection_id, key);
    });
  } catch (error) {
    if (key?.key_ref) await (before === null ? vault.delete(key.key_ref) : vault.set(key.key_ref, before));
    throw error;
  }
  if (key !== null && record.key_ref !== null && key.key_ref === null) await vault.delete(record.key_ref);
  return activeConnection(store, connection_id);
}

function settingsAfter(record: ConnectionRecord, change: ConnectionChange): ConnectionSettings {
  const { base_url = record.base_url } = change;
  return {
    name: change.name ?? record.name,
    base_url: base_url === null ? null : withoutSlash(base_url),
    concurrency: change.concurrency ?? record.concurrency,
  };
}

function changed(before: ConnectionSettings, after: ConnectionSettings): boolean {
  return (
    before.name !== after.name ||
    before.base_url !== after.base_url ||
    before.concurrency !== after.concurrency
  );
}

/** The practice connection is found by name at every start, and must lead to the built-in server. */
function checkBuiltIn(record: ConnectionRecord, next: ConnectionSettings): void {
  if (!isPracticeProvider(record.provider) || record.name !== record.provider) return;
  const path = record.name !== next.name ? 'name' : record.base_url !== next.base_url ? 'base_url' : null;
  if (path !== null)
    throw validationError([{ path, message: `"${record.name}" is built in, so this cannot be changed.` }]);
}

function checkName(db: ReadDb, { org_id, connection_id }: ConnectionRecord, name: string): void {
  const holder = findActiveConnectionByName(db, { org_id, name });
  if (holder !== undefined && holder.connection_id !== connection_id) throw nameTaken(name);
}

/**
 * Keeps the address while a comparison is running: half of its answers would come from one server and half from
 * another, with nothing to tell them apart.
 * @throws BATCH_STATE
 */
function checkAtRest(db: ReadDb, record: ConnectionRecord, next: ConnectionSettings): void {
  if (record.base_url === next.base_url) return;
  const batch = runningBatchOver(db, record.connection_id);
  if (batch === undefined) return;
  const { batch_id, status } = batch;
  const which = batch.name === null ? 'A comparison' : `The comparison "${batch.name}"`;
  throw new AppError(
    'BATCH_STATE',
    `base_url: ${which} is running over "${record.name}". Wait until it has ended, or pause it, and then change the address.`,
    { data: { batch_id, status, connection_id: record.connection_id, field: 'base_url' } },
  );
}

function checkedKey(edit: {
  readonly record: ConnectionRecord;
  readonly provider: Provider;
  readonly settings: ConnectionSettings;
  readonly change: ConnectionChange;
}): string | null {
  const { record, provider, settings, change } = edit;
  checkKeyChoice(change);
  const given = change.secret !== undefined || change.key_env !== undefined;
  checkAddress(provider, { ...settings, hasKey: given || record.key_source !== 'none' });
  const [from, to] = [record, settings].map(({ base_url }) => originOf(base_url ?? provider.base_url));
  if (!given && record.key_ref !== null && from !== to) {
    const message = `the stored key was entered for ${from ?? 'another address'} and is not sent to ${to ?? 'a new one'}: enter the key for the new address`;
    throw validationError([{ path: 'secret', message }]);
  }
  return change.secret === undefined ? null : validSecret(change.secret);
}

function originOf(url: string | null): string | null {
  return url === null ? null : new URL(url).origin;
}
