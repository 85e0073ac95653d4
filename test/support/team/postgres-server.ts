import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { preparePostgres } from '../../../scripts/lib/postgres.mjs';
import type { TeamDatabase } from '../../../src-main/team/postgres';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test-certificate';

/**
 * `fast`: ends connections and flushes everything, as an administrator would; `immediate`: flushes nothing, and the
 * next start recovers from the WAL; `kill`: the same, but the server's other processes find out on their own.
 */
export type Ending = 'fast' | 'immediate' | 'kill';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
const START_MS = 60_000;

export interface PostgresServer {
  /** The superuser's connection to the database `postgres`. */
  readonly admin: TeamDatabase;
  /** A new, empty database. */
  createDatabase(): Promise<TeamDatabase>;
  /** Stops the server and starts it again. */
  restart(how: Ending): Promise<void>;
  /** Restarts as a standby without a primary, which refuses writes until `pg_promote()`. */
  restartAsStandby(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real, throw-away PostgreSQL with TLS by the test certificate. Without `fsync` it survives its own crash but not
 * the machine's, which no test causes.
 */
export async function startPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  let log: (line: string) => void = () => undefined;
  const { server, folder, port, password, stop } = await preparePostgres({
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
      // Sends another signal, too late to matter, and waits for the process to end.
      await server.stop();
      await startAgain(server);
    },
    async restartAsStandby() {
      process.kill(postmaster(folder), SIGNALS.fast);
      await server.stop();
      giveFile('standby.signal', '');
      await new Promise<void>((ready, failed) => {
        log = (line) => line.includes('ready to accept read-only connections') && ready();
        // Done once it accepts writes again.
        server.start().catch(failed);
      });
    },
    stop,
  };
}

/** The process id, from the first line of the lock file. */
function postmaster(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10);
}

/** PostgreSQL refuses to start while processes of a killed server still use its shared memory. */
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

/** Runs plain SQL, bypassing the engine. */
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
