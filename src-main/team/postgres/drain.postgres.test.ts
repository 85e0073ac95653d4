import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { seedRunParents } from '../../../test/support/run-parents';
import { asAdmin } from '../../../test/support/team/postgres-server';
import { newTeam, type TestTeam } from '../../../test/support/team/team-database';
import { answeredRun } from '../../../test/support/team/team-history';
import { createTestLogger, openTempStore, testIds } from '../../../test/support/temp-store';
import type { LogSpan } from '../../audit';
import { countQueued, insertPin, lastLeafSeq, listAside, startOutbox, type Store } from '../../store';
import { drain, type Drain, type Settled } from './drain';
import { openTeamSession, type TeamServer } from './server';
import type { Session } from './session';

const MIB = 1024 * 1024;
/** So many records go in one transaction at most; more than that many bytes only where one record has them. */
const BATCH_RECORDS = 4_000;
const BATCH_BYTES = 8 * MIB;
const RECOUNT: Settled = { taken: 0, aside: 0, alarm: null, left: 'recount' };

let team: TestTeam;
beforeAll(async () => {
  team = await newTeam();
});
afterAll(() =>
  asAdmin(inject('postgresAdmin'), (client) =>
    client.query(`DROP DATABASE ${team.admin.database} WITH (FORCE)`),
  ),
);

interface Member {
  readonly store: Store;
  /** Writes pins, one after the other, each with its entry in the audit log. @returns their ids */
  pins(notes: readonly string[]): string[];
  /** The same in one transaction. */
  manyPins(count: number): void;
}

/** A store that pushes from now on, with a number of records from before. */
function member(before: readonly string[] = []): Member {
  const store = openTempStore();
  const { template_ids } = seedRunParents(store, 1);
  const pinWith = (note: string | null) => ({
    pin_id: testIds.uuid(),
    org_id: 'default',
    workspace_id: 'default',
    template_id: template_ids[0] ?? '',
    provider_version_key: 'v1',
    note,
    pinned_at: '2026-01-01T00:00:00.000Z',
    pinned_by: null,
    provider: null,
    model_id: 'gpt-4o',
  });
  const pins = (notes: readonly string[]): string[] =>
    notes.map((note) => {
      const pin = pinWith(note);
      store.write((tx) => insertPin(tx, pin));
      return pin.pin_id;
    });
  const manyPins = (count: number): void =>
    store.write((tx) => {
      for (let index = 0; index < count; index += 1) insertPin(tx, pinWith(null));
    });
  pins(before);
  store.write(startOutbox);
  return { store, pins, manyPins };
}

/** Drains into the team's database and keeps what was said of it. */
async function drained(
  store: Store,
  more: Partial<Drain> & {
    readonly signal?: AbortSignal;
    readonly team_id?: string;
    /** As if each entry had been written in a log of its own: then each goes in a transaction of its own. */
    readonly apart?: boolean;
  } = {},
): Promise<{
  outcomes: Settled[];
  logger: ReturnType<typeof createTestLogger>;
  log: string;
  error: unknown;
}> {
  const log = `log-${testIds.uuid()}`;
  const logger = createTestLogger();
  const outcomes: Settled[] = [];
  const { signal, team_id, apart = false, ...parts } = more;
  const { session, server } = await connection(signal);
  const job: Drain = {
    store,
    logger,
    org_id: 'acme',
    logs: [...(apart ? oneEach(store, log) : []), { log, to: null, key: null }],
    stopped: () => false,
    settled: (outcome) => outcomes.push(outcome),
    ...parts,
  };
  let error: unknown = null;
  try {
    await drain(job, session, { ...server, ...(team_id !== undefined && { team_id }) });
  } catch (thrown) {
    error = thrown;
  }
  return { outcomes, logger, log, error };
}

const oneEach = (store: Store, log: string): LogSpan[] =>
  Array.from({ length: lastLeafSeq(store.read) }, (_, index) => ({
    log: `${log}/${index}`,
    to: index + 1,
    key: null,
  }));

async function connection(signal?: AbortSignal): Promise<{ session: Session; server: TeamServer }> {
  const timings = { connect: 10_000, answer: 30_000, signal };
  const opened = await openTeamSession(team.database, 'acme', timings);
  onTestFinished(() => opened.session.close());
  return opened;
}

/** The entries that the team database has of a log, or of those that stood for it. */
async function entriesOf(log: string): Promise<{ seq: number; record_id: string }[]> {
  const { rows } = await asAdmin(team.admin, (client) =>
    client.query<{ seq: number; record_id: string }>(
      `SELECT seq::int, record_id FROM prompter.audit_leaves WHERE starts_with(installation_id, $1) ORDER BY seq`,
      [log],
    ),
  );
  return rows;
}

const taken = (outcomes: readonly Settled[]): number[] =>
  outcomes.filter(({ left }) => left === 'fewer').map((outcome) => outcome.taken);

test('what waits goes in one transaction, what was stored before with what came after, each once', async () => {
  const { store, pins } = member(['before', 'before']);
  const before = lastLeafSeq(store.read);
  pins(['after', 'after', 'after']);
  const { outcomes, log, error } = await drained(store);
  expect(error).toBeNull();
  expect(outcomes).toEqual([RECOUNT, { taken: before + 3, aside: 0, alarm: null, left: 'fewer' }]);
  expect((await entriesOf(log)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: before + 3 }, (_, index) => index + 1),
  );
  expect(countQueued(store.read)).toBe(0);

  // Nothing waits any more, and the database is known.
  expect((await drained(store)).outcomes).toEqual([]);
  pins(['later']);
  expect((await drained(store)).outcomes).toEqual([{ taken: 1, aside: 0, alarm: null, left: 'fewer' }]);
});

test('records that come while others are pushed go as well', async () => {
  const { store, pins } = member();
  await drained(store);
  pins(['one']);
  let more = 2;
  const { outcomes, log } = await drained(store, {
    stopped() {
      if (more > 0) pins(['while the server is asked']);
      more -= 1;
      return false;
    },
  });
  expect(taken(outcomes).reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(await entriesOf(log)).toHaveLength(3);
  expect(countQueued(store.read)).toBe(0);
});

test('what was stored before is last: the team waits for what is new', async () => {
  const { store, pins } = member(['before', 'before']);
  const [fresh] = pins(['after']);
  const waiting = countQueued(store.read);
  let batches = 0;
  const { log } = await drained(store, { apart: true, stopped: () => batches++ > 0 });
  expect((await entriesOf(log)).map(({ record_id }) => record_id)).toEqual([fresh]);
  expect(countQueued(store.read)).toBe(waiting - 1);
  // The others are not forgotten.
  const { outcomes } = await drained(store);
  expect(taken(outcomes).reduce((sum, count) => sum + count, 0)).toBe(waiting - 1);
  expect(countQueued(store.read)).toBe(0);
});

test('stopped before it began, nothing is sent', async () => {
  const { store, pins } = member();
  await drained(store);
  pins(['one']);
  const { outcomes, log, error } = await drained(store, { stopped: () => true });
  expect([outcomes, error]).toEqual([[], null]);
  expect(await entriesOf(log)).toEqual([]);
  expect(countQueued(store.read)).toBe(1);
});

test('stopped, it ends after the transaction under way, which counts', async () => {
  const { store, pins } = member();
  await drained(store);
  const ids = pins(['one', 'two', 'three']);
  let batches = 0;
  const { outcomes, log, error } = await drained(store, { apart: true, stopped: () => batches++ === 2 });
  expect(error).toBeNull();
  expect(taken(outcomes)).toEqual([1, 1]);
  expect((await entriesOf(log)).map(({ record_id }) => record_id)).toEqual(ids.slice(0, 2));
  expect(countQueued(store.read)).toBe(1);
});

test('a record leaves the queue when its transaction is committed, and is told of afterwards', async () => {
  const { store, pins } = member();
  await drained(store);
  pins(['one', 'two', 'three']);
  const left: number[] = [];
  await drained(store, { apart: true, settled: () => left.push(countQueued(store.read)) });
  expect(left).toEqual([2, 1, 0]);
});

test('a line that breaks loses nothing: what was committed counts, what was not waits', async () => {
  const { store, pins } = member(['stored before']);
  pins(['one', 'two']);
  const waiting = countQueued(store.read);
  const line = new AbortController();
  let batches = 0;
  const { outcomes, log, error } = await drained(store, {
    apart: true,
    signal: line.signal,
    stopped() {
      batches += 1;
      if (batches === 2) line.abort();
      return false;
    },
  });
  expect(error).toMatchObject({ code: 'CANCELLED' });
  expect(taken(outcomes)).toEqual([1]);
  expect(await entriesOf(log)).toHaveLength(1);
  expect(countQueued(store.read)).toBe(waiting - 1);
  expect(taken((await drained(store)).outcomes).reduce((sum, count) => sum + count, 0)).toBe(waiting - 1);
});

test('what was stored before waits as well where the line breaks at the end of it', async () => {
  const { store } = member(['stored before']);
  const waiting = countQueued(store.read);
  const line = new AbortController();
  const broken = await drained(store, {
    signal: line.signal,
    stopped() {
      line.abort();
      return false;
    },
  });
  expect(broken.error).toMatchObject({ code: 'CANCELLED' });
  expect(countQueued(store.read)).toBe(waiting);
  expect(taken((await drained(store)).outcomes)).toEqual([waiting]);
});

test('each entry goes under the name of the log that it was written in', async () => {
  const { store, pins } = member();
  await drained(store);
  pins(['in the first', 'in the first', 'in the second']);
  const last = lastLeafSeq(store.read);
  const [first, second] = [testIds.uuid(), testIds.uuid()];
  const { outcomes } = await drained(store, {
    logs: [
      { log: first, to: last - 1, key: null },
      { log: second, to: null, key: null },
    ],
  });
  expect(taken(outcomes)).toEqual([2, 1]);
  expect((await entriesOf(first)).map(({ seq }) => seq)).toEqual([last - 2, last - 1]);
  expect((await entriesOf(second)).map(({ seq }) => seq)).toEqual([last]);
});

test('another database gets everything again, and the same one nothing', async () => {
  const { store, pins } = member(['one']);
  pins(['two']);
  const all = countQueued(store.read);
  const logs = [{ log: testIds.uuid(), to: null, key: null }];
  expect(taken((await drained(store, { logs })).outcomes)).toEqual([all]);
  const elsewhere = await drained(store, { logs, team_id: 'another' });
  expect(elsewhere.outcomes).toEqual([RECOUNT, { taken: all, aside: 0, alarm: null, left: 'fewer' }]);
  expect((await drained(store, { logs, team_id: 'another' })).outcomes).toEqual([]);
});

test('entries that somebody took out of the log are not waited for', async () => {
  const { store } = member(['one', 'two']);
  const waiting = countQueued(store.read);
  store.write((tx) => {
    tx.prepare(`DROP TRIGGER audit_leaves_delete_guard`).run();
    tx.prepare(`DELETE FROM audit_leaves WHERE seq = (SELECT max(seq) FROM audit_leaves)`).run();
  });
  const { outcomes } = await drained(store);
  expect(outcomes).toEqual([RECOUNT, { taken: waiting - 1, aside: 0, alarm: null, left: 'fewer' }, RECOUNT]);
  expect(countQueued(store.read)).toBe(0);
});

test('a record that the team database holds differently is set aside with an alarm, one that is gone without', async () => {
  const { store, pins } = member();
  await drained(store);
  const [gone = '', forged = '', fine = ''] = pins(['gone', 'forged', 'fine']);
  store.write((tx) => {
    tx.prepare(`DROP TRIGGER template_pins_delete_guard`).run();
    tx.prepare(`DELETE FROM template_pins WHERE pin_id = ?`).run(gone);
  });
  await asAdmin(team.admin, (client) =>
    client.query(
      `INSERT INTO prompter.template_pins
         (org_id, installation_id, pin_id, workspace_id, template_id, pinned_at, record, record_sha256)
       VALUES ('acme', 'other', $1, 'w', 't', 'then', '{}', encode(sha256('{}'), 'hex'))`,
      [forged],
    ),
  );
  const { outcomes, logger, log } = await drained(store);
  const [outcome] = outcomes;
  expect(outcomes).toHaveLength(1);
  expect(outcome).toMatchObject({ taken: 1, aside: 2, left: 'fewer' });
  expect(outcome?.alarm).toContain('different record');
  const aside = listAside(store.read, 5);
  expect(aside.map(({ record_id }) => record_id)).toEqual([gone, forged]);
  expect(logger.lines).toEqual(
    [
      { level: 'warn', event: 'team.record_refused', record_id: gone },
      { level: 'error', event: 'team.record_differs', record_id: forged },
    ].map(({ level, event, record_id }, index) => ({
      level,
      event,
      fields: { record_type: 'pin', record_id, reason: aside[index]?.reason },
    })),
  );
  expect((await entriesOf(log)).map(({ record_id }) => record_id)).toContain(fine);
  expect(countQueued(store.read)).toBe(0);
});

test('a record that is only refused is no alarm', async () => {
  const { store, pins } = member();
  await drained(store);
  const [gone] = pins(['gone']);
  store.write((tx) => {
    tx.prepare(`DROP TRIGGER template_pins_delete_guard`).run();
    tx.prepare(`DELETE FROM template_pins WHERE pin_id = ?`).run(gone);
  });
  expect((await drained(store)).outcomes).toEqual([{ taken: 0, aside: 1, alarm: null, left: 'fewer' }]);
});

test('many bytes are divided, and a record that has too many goes alone', async () => {
  const { store } = member();
  await drained(store);
  // Each is two records, the run and what it was answered, and nearly all of its bytes are in the second.
  const third = BATCH_BYTES / 3 - 5_000;
  for (const size of [1, BATCH_BYTES + 1, 1, third, third, third, third, 1])
    answeredRun(store, { bytes: Buffer.alloc(size) });
  const { outcomes, log } = await drained(store);
  expect(taken(outcomes)).toEqual([3, 1, 9, 3]);
  expect(await entriesOf(log)).toHaveLength(16);
});

test('records in their thousands are divided', async () => {
  const { store, manyPins } = member();
  await drained(store);
  manyPins(BATCH_RECORDS + 1);
  const { outcomes, log } = await drained(store);
  expect(taken(outcomes)).toEqual([BATCH_RECORDS, 1]);
  expect(await entriesOf(log)).toHaveLength(BATCH_RECORDS + 1);
});
