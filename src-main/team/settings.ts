import * as z from 'zod';
import { getSetting, putSetting, type Store, type WriteDb } from '../store';
import type { TeamDatabase } from './postgres';

const DATABASE = 'team.database';

/** Everything but the password, which only the key vault holds. */
const storedSchema = z.object({
  host: z.string(),
  port: z.number().int(),
  database: z.string(),
  user: z.string(),
  tls: z.enum(['verify', 'unverified', 'off']),
  ca: z.string().nullable(),
});
export type StoredDatabase = z.infer<typeof storedSchema>;

export function storedDatabase(store: Store): StoredDatabase | null {
  const text = getSetting(store.read, DATABASE);
  return text === null ? null : storedSchema.nullable().parse(JSON.parse(text));
}

export function putDatabase(tx: WriteDb, database: StoredDatabase | null): void {
  putSetting(tx, DATABASE, JSON.stringify(database));
}

export function withoutPassword({ host, port, database, user, tls, ca }: TeamDatabase): StoredDatabase {
  return { host, port, database, user, tls, ca: ca ?? null };
}

/** Whether the password of one database may go to the other: same server and user, and verified or the same TLS. */
export function maySharePassword(given: StoredDatabase, wanted: StoredDatabase): boolean {
  return (
    given.host === wanted.host &&
    given.port === wanted.port &&
    given.user === wanted.user &&
    (wanted.tls === 'verify' || wanted.tls === given.tls)
  );
}
