import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { layPostgres } from '../../../scripts/lib/postgres.mjs';
import type { TeamDatabase } from '../../../src-main/team/postgres';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test-certificate';

/**
 * `fast`: connections are ended and everything is written down, as by an administrator; `immediate`: nothing is, and the
 * next start recovers from the log; `kill`: the same, and the server's other processes find out by themselves.
 */
export type Ending = 'fast' | 'immediate' | 'kill';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
const START_MS = 60_000;

export interface PostgresServer {
  /** The superuser, in the database `postgres`. */
  readonly admin: TeamDatabase;
  /** A new, empty database. */
  createDatabase(): Promise<TeamDatabase>;
  /** Ends the server and starts it again. */
  restart(how: Ending): Promise<void>;
  /** The same as a standby, until `pg_promote()`: it follows nobody, and takes no writes. */
  restartAsStandby(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL of its own, with TLS by a certificate of the test's, gone when it is stopped. Without `fsync` it
 * survives its own end, not that of the machine, which no test brings about.
 */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  let log: (line: string) => void = () => undefined;
  const { server, folder, port, password, stop } = await layPostgres({
    flags: [
      ...(fsync ? [] : ['-c', 'fsync=off']),
      '-c',
      'ssl=on',
      '-c',
      'listen_addresses=127.0.0.1,127.0.0.2',
    ],
    onLog: (line) => log(line),
  });
  const admin: TeamDatabase = {
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'postgres',
    password,
    tls: 'off',
  };
  await server.initialise();
  const { uid, gid } = statSync(folder);
  const giveFile = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    chownSync(join(folder, name), uid, gid);
  };
  giveFile('server.crt', TEST_CERTIFICATE);
  giveFile('server.key', TEST_CERTIFICATE_KEY);
  await server.start();
  let databases = 0;
  return {
    admin,
    async createDatabase() {
      databases += 1;
      const database = `team_${databases}`;
      await asAdmin(admin, (client) => client.query(`CREATE DATABASE ${database}`));
      return { ...admin, database };
    },
    async restart(how) {
      process.kill(postmaster(folder), SIGNALS[how]);
      // Its own signal comes too late to matter; it waits for the end.
      await server.stop();
      await startAgain(server);
    },
    async restartAsStandby() {
      process.kill(postmaster(folder), SIGNALS.fast);
      await server.stop();
      giveFile('standby.signal', '');
      await new Promise<void>((ready, failed) => {
        log = (line) => line.includes('ready to accept read-only connections') && ready();
        // Done when it takes writes again.
        server.start().catch(failed);
      });
    },
    stop,
  };
}

/** The first line of its lock file. */
function postmaster(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10);
}

/** It refuses to start as long as processes of a killed one are still using its memory. */
async function startAgain(server: { start(): Promise<void> }): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    try {
      return await server.start();
    } catch {
      if (Date.now() > deadline) throw new Error('PostgreSQL does not start again.');
    }
  }
}

/** Plain SQL, past the engine. */
export async function asAdmin<T>(database: TeamDatabase, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, user, password } = database;
  const client = new Client({ host, port, user, password, database: database.database, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
