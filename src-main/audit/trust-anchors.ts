import * as z from 'zod';
import { lastCheckpoint, type Store } from '../store';
import { readHead } from './head';
import type { AuditKeys } from './keys';

/** Facts from outside the log to verify it against. Gathered before the log is read, because it may grow meanwhile. */
export const trustAnchorsSchema = z.object({
  origin: z.string(),
  /** The public signing key, from the store and from the keychain. */
  stored_key: z.string().nullable(),
  kept_key: z.string().nullable(),
  head_file: z.discriminatedUnion('state', [
    z.object({ state: z.literal('absent') }),
    z.object({ state: z.literal('unreadable') }),
    z.object({ state: z.literal('read'), note: z.string(), verifier_key: z.string() }),
  ]),
  /** Entries signed by the time the head file was read. */
  signed: z.number(),
  /** The last checkpoint, from the keychain. */
  kept_head: z.string().nullable(),
  /** The log that replaced this one, from the keychain. */
  successor: z.string().nullable(),
  record_keys: z.object({ id: z.string(), key: z.instanceof(Uint8Array) }).array(),
});
export type TrustAnchors = z.infer<typeof trustAnchorsSchema>;

export async function gatherTrustAnchors(store: Store, keys: AuditKeys, home: string): Promise<TrustAnchors> {
  const { stored, kept } = await keys.verifierKeys();
  const remembered = await keys.remembered();
  const recordKeys = await keys.recordKeys();
  const head = readHead(home);
  return {
    origin: keys.origin,
    stored_key: stored,
    kept_key: kept,
    head_file:
      head === null
        ? { state: 'absent' }
        : head === 'unreadable'
          ? { state: 'unreadable' }
          : { state: 'read', ...head },
    signed: lastCheckpoint(store.read)?.size ?? 0,
    kept_head: remembered.head,
    successor: remembered.successor,
    record_keys: [...recordKeys.values()].map(({ id, key }) => ({ id, key: Uint8Array.from(key) })),
  };
}
