import { Socket } from 'node:net';
import type { QueryResult } from 'pg';
import { AppError } from '../../../src-shared/domain';
import { withEnvironment } from '../../ports';
import { teamError } from './team-error';
import type { TeamDatabase } from './types';

/** A connection to the team's Postgres. Every wait is bounded, and the password is never shown. */
export interface Session {
  /** @throws TEAM_UNREACHABLE, TEAM_REFUSED, CANCELLED, or the server's `DatabaseError` as it is where it is about data */
  query(text: string, values?: readonly unknown[]): Promise<QueryResult<Readonly<Record<string, unknown>>>>;
  /** `work` in a transaction, rolled back where it throws. `begin` is sent with the BEGIN; `bytes` are what work sends. */
  transaction<T>(begin: string, work: () => Promise<T>, bytes?: number): Promise<T>;
  literal(text: string): string;
  identifier(name: string): string;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Timeout for connecting, in milliseconds. */
  readonly connect: number;
  /** Timeout for a statement, in milliseconds, plus what its bytes may take on a slow line. */
  readonly answer: number;
  readonly signal?: AbortSignal | undefined;
}

/** A line slower than this (bytes a millisecond) counts as broken. */
const SLOWEST_LINE = 25;
const CLOSING_MS = 1_000;

export async function openSession(database: TeamDatabase, options: SessionOptions): Promise<Session> {
  const { signal } = options;
  // Loaded when it is needed: most starts of the app and the CLI never talk to a team database.
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
        // A function, because `pg` would replace an empty password by PGPASSWORD or ~/.pgpass.
        password: () => database.password,
        ssl: tlsOptions(database),
        application_name: 'prompter',
        // Notices a peer that vanished, even while nothing is sent.
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
        stream: () => socket,
      }),
  );
  // What breaks the connection fails the statement under way; between statements the next one says so.
  client.on('error', () => undefined);

  const failure = (error: unknown): unknown => {
    if (signal?.aborted)
      return new AppError(
        'CANCELLED',
        'The push was cancelled. Records not pushed yet will be pushed later.',
      );
    return teamError(error, database);
  };
  /** Every wait has an end: a half-open connection answers nothing for ever. */
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

  const patience = (bytes: number): number => Math.ceil(options.answer + bytes / SLOWEST_LINE);
  const session: Session = {
    query: (text, values) => bounded(client.query(text, values && [...values]), patience(bytesIn(values))),
    async transaction(begin, work, bytes = 0) {
      await session.query(`BEGIN; ${limits(patience(bytes))}; ${begin}`);
      try {
        const result = await work();
        await session.query('COMMIT');
        return result;
      } catch (error) {
        // Without a connection the server rolls back by itself, and the first error says more.
        if (!socket.destroyed) await session.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    literal: escapeLiteral,
    identifier: escapeIdentifier,
    async close() {
      // The connection is gone: there is nobody to say goodbye to.
      if (!socket.destroyed) await bounded(client.end(), CLOSING_MS).catch(() => undefined);
      socket.destroy();
    },
  };
  return session;
}

/**
 * The server gives up when we do: otherwise the transaction of a line that went dead would go on, and hold up the next
 * one. Limits of the role or the database end nothing sooner, or what takes longer than they allow would be tried for
 * ever; `transaction_timeout` is known from PostgreSQL 17 on.
 */
function limits(milliseconds: number): string {
  return (
    `SET LOCAL statement_timeout = ${milliseconds}; SET LOCAL idle_in_transaction_session_timeout = ${milliseconds}; ` +
    `SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('transaction_timeout', true) IS NOT NULL`
  );
}

/**
 * `pg` fills every option that is not given from the shell's PG* variables (PGOPTIONS, PGREPLICATION, PGSSLNEGOTIATION …),
 * and this cannot be turned off (pg, `lib/connection-parameters.js`). It reads them when a client is created.
 */
function shellSettings(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^PG/i.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function tlsOptions(database: TeamDatabase): false | { rejectUnauthorized: boolean; ca?: string } {
  if (database.tls === 'off') return false;
  // Where Node verifies, it checks the certificate's names against `host` as well.
  return {
    rejectUnauthorized: database.tls === 'verify',
    ...(database.ca ? { ca: database.ca } : {}),
  };
}

function bytesIn(values: readonly unknown[] = []): number {
  return values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);
}
