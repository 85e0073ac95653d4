import { Socket } from 'node:net';
import type { QueryResult } from 'pg';
import { AppError } from '../../../src-shared/domain';
import { withEnvironment } from '../../ports';
import { teamError } from './team-error';
import type { TeamDatabase } from './types';

/** A connection to the team's Postgres. Every wait has a timeout, and no message contains the password. */
export interface Session {
  /** @throws TEAM_UNREACHABLE, TEAM_REFUSED, CANCELLED, or the server's own `DatabaseError` if it is about data */
  query(text: string, values?: readonly unknown[]): Promise<QueryResult<Readonly<Record<string, unknown>>>>;
  /**
   * Runs `work` in a transaction, rolled back if it throws. `begin` is sent with the BEGIN; `bytes` is the size of what
   * `work` sends.
   */
  transaction<T>(begin: string, work: () => Promise<T>, bytes?: number): Promise<T>;
  literal(text: string): string;
  identifier(name: string): string;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Timeout for connecting, in milliseconds. */
  readonly connect: number;
  /** Timeout for a statement, in milliseconds, plus an allowance for sending its bytes over a slow line. */
  readonly answer: number;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes per millisecond; a slower line counts as broken. */
const MIN_BYTES_PER_MS = 25;
const CLOSING_MS = 1_000;

export async function openSession(database: TeamDatabase, options: SessionOptions): Promise<Session> {
  const { signal } = options;
  // Loaded on demand: most starts of the app and the CLI never use a team database.
  const { Client, escapeIdentifier, escapeLiteral } = (await import('pg')).default;
  const socket = new Socket();
  const client = withEnvironment(
    shellSettings(),
    () =>
      new Client({
        host: database.host,
        port: database.port,
        database: database.database,
        user: database.user,
        // A function, because `pg` would replace an empty password with PGPASSWORD or ~/.pgpass.
        password: () => database.password,
        ssl: tlsOptions(database),
        application_name: 'prompter',
        // Detects a peer that vanished, even while the line is idle.
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
        stream: () => socket,
      }),
  );
  // A broken connection fails the current statement or, between statements, the next one.
  client.on('error', () => undefined);

  const failure = (error: unknown): unknown => {
    if (signal?.aborted)
      return new AppError(
        'CANCELLED',
        'The push was cancelled. Records not pushed yet will be pushed later.',
      );
    return teamError(error, database);
  };
  /** Puts a timeout on a wait: a half-open connection would never answer. */
  const bounded = async <T>(what: Promise<T>, milliseconds: number): Promise<T> => {
    const ended = Promise.withResolvers<never>();
    const giveUp = (): void => {
      socket.destroy();
      ended.reject(new Error(`no answer within ${Math.round(milliseconds / 1000)} s`));
    };
    const timer = setTimeout(giveUp, milliseconds);
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) giveUp();
    try {
      return await Promise.race([what, ended.promise]);
    } catch (error) {
      throw failure(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  };

  try {
    await bounded(client.connect(), options.connect);
  } catch (error) {
    socket.destroy();
    throw error;
  }

  const patience = (bytes: number): number => Math.ceil(options.answer + bytes / MIN_BYTES_PER_MS);
  const session: Session = {
    query: (text, values) => bounded(client.query(text, values && [...values]), patience(bytesIn(values))),
    async transaction(begin, work, bytes = 0) {
      await session.query(`BEGIN; ${limits(patience(bytes))}; ${begin}`);
      try {
        const result = await work();
        await session.query('COMMIT');
        return result;
      } catch (error) {
        // Without a connection the server rolls back by itself, and the first error is the one worth reporting.
        if (!socket.destroyed) await session.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    literal: escapeLiteral,
    identifier: escapeIdentifier,
    async close() {
      // Nothing to close on a connection that is already gone.
      if (!socket.destroyed) await bounded(client.end(), CLOSING_MS).catch(() => undefined);
      socket.destroy();
    },
  };
  return session;
}

/**
 * Makes the server give up when we do: otherwise the transaction of a dead line would live on and block the next one.
 * Also overrides the limits of the role and database, since anything slower than those would be retried forever.
 * `transaction_timeout` exists from PostgreSQL 17 on.
 */
function limits(milliseconds: number): string {
  return (
    `SET LOCAL statement_timeout = ${milliseconds}; SET LOCAL idle_in_transaction_session_timeout = ${milliseconds}; ` +
    `SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('transaction_timeout', true) IS NOT NULL`
  );
}

/**
 * `pg` fills every missing option from the PG* variables (PGOPTIONS, PGREPLICATION, PGSSLNEGOTIATION …), and offers no
 * way to turn that off (pg, `lib/connection-parameters.js`). It reads them when a client is created.
 */
function shellSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^PG/i.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function tlsOptions(database: TeamDatabase): false | { rejectUnauthorized: boolean; ca?: string } {
  if (database.tls === 'off') return false;
  // When Node verifies, it also checks the certificate's names against `host`.
  return {
    rejectUnauthorized: database.tls === 'verify',
    ...(database.ca ? { ca: database.ca } : {}),
  };
}

function bytesIn(values: readonly unknown[] = []): number {
  return values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);
}
