import * as z from 'zod';
import { lastCheckpoint, type Store } from '../store';
import { readHead } from './head';
import type { AuditKeys } from './keys';

/** What a log is held against that is not in the log: gathered before it is read, as it may grow meanwhile. */
export const trustSchema = z.object({
  origin: z.string(),
  /** The signing key's public half, as the store names it and as the keychain has it. */
  stored_key: z.string().nullable(),
  kept_key: z.string().nullable(),
  head_file: z.discriminatedUnion('state', [
    z.object({ state: z.literal('absent') }),
    z.object({ state: z.literal('unreadable') }),
    z.object({ state: z.literal('read'), note: z.string(), verifier_key: z.string() }),
  ]),
  /** How many entries had been signed when the head file was looked at. */
  signed: z.number(),
  /** The last checkpoint as the keychain remembers it. */
  kept_head: z.string().nullable(),
  /** The log that took this one's place, as the keychain remembers it. */
  successor: z.string().nullable(),
  record_keys: z.object({ id: z.string(), key: z.instanceof(Uint8Array) }).array(),
});
export type Trust = z.infer<typeof trustSchema>;

export async function gatherTrust(store: Store, keys: AuditKeys, home: string): Promise<Trust> {
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
