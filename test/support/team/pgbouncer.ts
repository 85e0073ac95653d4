import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { TeamDatabase } from '../../../src-main/team/postgres';
import { freePort } from '../../../scripts/lib/postgres.mjs';
import { temporaryFolder } from '../temporary';

export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;

/**
 * Debian's PgBouncer in front of a server, until the test ends: SCRAM, passwords from the server itself, and one
 * server connection per role and database, which passes to another client after every transaction or statement.
 */
export async function startPgBouncer(
  admin: TeamDatabase,
  pool_mode: 'transaction' | 'statement' = 'transaction',
): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const users = join(folder, 'users.txt');
  const settings = join(folder, 'pgbouncer.ini');
  writeFileSync(users, `"${admin.user}" "${admin.password}"\n`);
  writeFileSync(
    settings,
    `[databases]
* = host=${admin.host} port=${admin.port} auth_user=${admin.user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1
pool_mode = ${pool_mode}
default_pool_size = 1
`,
  );
  // PgBouncer refuses to run as root, so another user must be able to read its files.
  for (const path of [folder, users, settings]) chmodSync(path, 0o755);
  const asRoot = process.getuid?.() === 0;
  const pooler = spawn('pgbouncer', [...(asRoot ? ['-u', 'postgres'] : []), settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(pooler, 'exit');
  onTestFinished(async () => {
    pooler.kill('SIGKILL');
    await ended;
  });
  const said: string[] = [];
  for await (const line of createInterface(pooler.stderr)) {
    said.push(line);
    if (line.includes('process up')) {
      pooler.stderr.resume();
      return port;
    }
  }
  throw new Error(`PgBouncer does not start: ${said.join('\n')}`);
}
