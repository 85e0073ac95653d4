import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { systemClock, uuidIds } from '../../src-main/core';
import { createLongReads } from '../../src-main/core/long-reads';
import type { Logger } from '../../src-main/ports';
import { openStore, type Store } from '../../src-main/store';
import {
  createTeamEngine,
  disconnectTeam,
  initTeamDatabase,
  type TeamDatabase,
} from '../../src-main/team/postgres';
import { startPostgres, type PostgresServer } from '../support/team/postgres-server';
import { median, temporaryFolder } from './lib/processes';
import { seedRuns } from './seed-runs';
import { atLeast, fact, type Suite } from './suites';

const SILENT: Logger = { log: () => undefined };
const RUNS = 100_000;
const ROUNDS = 3;
/** A run is the request, its result, and audit entries for both. */
const TABLES = ['runs', 'run_results', 'audit_leaves'];
const ORG = { org_id: 'bench', role: 'bench_org', password: 'bench' };

/** The first push of 100,000 runs, against a bare COPY of the same rows. */
export const teamPush: Suite = {
  name: 'team database: push of 100,000 runs with results and audit entries against COPY, same server',
  async run(log) {
    const folder = temporaryFolder();
    const server = await startPostgres({ fsync: true });
    const store = openStore({
      home: folder.path,
      ids: uuidIds,
      clock: systemClock,
      logger: SILENT,
      appVersion: 'bench',
    });
    try {
      log('seeding 100,000 runs');
      seedRuns(store, { count: RUNS, templates: 10, models: 4, days: 30, from: '2026-10-01' });
      const pushes: number[] = [];
      const copies: number[] = [];
      let rows = 0;
      for (let round = 1; round <= ROUNDS; round += 1) {
        const pushed = await push(store, server);
        rows = pushed.rows;
        pushes.push(pushed.ms);
        copies.push(await copy(pushed.database, server, folder.path));
        log(`round ${round}: push ${Math.round(pushed.ms)} ms, COPY ${Math.round(copies.at(-1) ?? 0)} ms`);
      }
      return [
        fact('rows', rows, 'rows'),
        fact('push', rows / (median(pushes) / 1000), 'rows/s'),
        fact('bare COPY', rows / (median(copies) / 1000), 'rows/s'),
        atLeast('push / COPY', median(copies.map((ms, round) => ms / (pushes[round] ?? NaN))), '×', 0.6),
      ];
    } finally {
      store.close();
      await server.stop();
      folder.remove();
    }
  },
};

async function push(
  store: Store,
  server: PostgresServer,
): Promise<{ ms: number; rows: number; database: TeamDatabase }> {
  const admin = await server.createDatabase();
  await initTeamDatabase(admin, ORG);
  await checkpoint(admin);
  disconnectTeam(store);
  const database = { ...admin, user: ORG.role, password: ORG.password };
  const startedAt = performance.now();
  const engine = createTeamEngine({
    store,
    longReads: createLongReads(store.info.path),
    clock: systemClock,
    ids: uuidIds,
    logger: SILENT,
    database,
    org_id: ORG.org_id,
  });
  await engine.push();
  const ms = performance.now() - startedAt;
  await engine.close();
  const rows = await connected(admin, async (client) => {
    const counts = TABLES.map((table) => `(SELECT count(*) FROM prompter.${table})`).join(' + ');
    const { rows: counted } = await client.query<{ n: number }>(`SELECT (${counts})::int AS n`);
    return counted[0]?.n ?? 0;
  });
  return { ms, rows, database: admin };
}

/** Into tables with the same keys and checks, as the superuser, who bypasses row-level security. */
async function copy(source: TeamDatabase, server: PostgresServer, folder: string): Promise<number> {
  const files = await Promise.all(
    TABLES.map((table) =>
      connected(source, async (client) => {
        const file = join(folder, `${table}.copy`);
        await pipeline(client.query(copyTo(`COPY prompter.${table} TO STDOUT`)), createWriteStream(file));
        return { table, file };
      }),
    ),
  );
  const admin = await server.createDatabase();
  await initTeamDatabase(admin, ORG);
  await checkpoint(admin);
  return connected(admin, async (client) => {
    const startedAt = performance.now();
    for (const { table, file } of files) {
      const into = client.query(copyFrom(`COPY prompter.${table} FROM STDIN`));
      await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), into);
    }
    return performance.now() - startedAt;
  });
}

function checkpoint(admin: TeamDatabase): Promise<unknown> {
  return connected(admin, (client) => client.query('CHECKPOINT'));
}

async function connected<T>(database: TeamDatabase, work: (client: Client) => Promise<T>): Promise<T> {
  const { host, port, user, password } = database;
  const client = new Client({ host, port, user, password, database: database.database, ssl: false });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
