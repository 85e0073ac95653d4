import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ChangeEvent } from '../../../src-shared/domain';
import { createTestLogger, openTempStore } from '../../../test/support/temp-store';
import { countQueued, getSetting, putSetting, startOutbox, type Store } from '..';

/** Settings with this prefix, as stored. */
function settingsWith(store: Store, prefix: string): string[] {
  return store.read
    .prepare<[string], { key: string }>(`SELECT key FROM settings WHERE key GLOB ? || '*' ORDER BY key`)
    .all(prefix)
    .map((row) => row.key);
}

test('units of one turn are one commit, in order', async () => {
  const store = openTempStore();
  const events: ChangeEvent[] = [];
  store.changes.subscribe((event) => events.push(event));

  const results = await Promise.all(
    ['a', 'b', 'c'].map((value) =>
      store.enqueue((tx) => {
        const before = getSetting(tx, 'log') ?? '';
        putSetting(tx, 'log', before + value);
        tx.changed('runs', value);
        return value.toUpperCase();
      }),
    ),
  );
  expect(results).toEqual(['A', 'B', 'C']);
  expect(getSetting(store.read, 'log')).toBe('abc');
  expect(events).toEqual([
    { entity: 'settings', ids: ['log'] },
    { entity: 'runs', ids: ['a', 'b', 'c'] },
  ]);
});

test('nothing is written before the turn has ended, and a promise resolves only after the commit', async () => {
  const store = openTempStore();
  const enqueued = store.enqueue((tx) => putSetting(tx, 'theme', 'dark'));
  await Promise.resolve();
  expect(getSetting(store.read, 'theme')).toBeNull();

  const seen: (string | null)[] = [];
  store.changes.subscribe(() => seen.push('committed'));
  await enqueued.then(() => seen.push(getSetting(store.read, 'theme')));
  expect(seen).toEqual(['committed', 'dark']);
});

test('what a listener throws undoes nothing: each unit runs once, and what it queued waits', async () => {
  const logger = createTestLogger();
  const store = openTempStore({ logger });
  store.write(startOutbox);
  const heard: number[] = [];
  store.onQueued(() => {
    throw new Error('a listener');
  });
  store.onQueued((records) => heard.push(records));
  await Promise.all(
    ['a', 'b'].map((id) =>
      store.enqueue((tx) => {
        putSetting(tx, 'log', (getSetting(tx, 'log') ?? '') + id);
        tx.outbox.leaf({ record_type: 'pin', record_id: id, seq: 1 });
      }),
    ),
  );
  expect(getSetting(store.read, 'log')).toBe('ab');
  expect(heard).toEqual([2]);
  expect(countQueued(store.read)).toBe(2);
  expect(logger.lines).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'store.queue_listener_failed' }),
  );
});

describe('a commit', () => {
  afterEach(() => void vi.useRealTimers());

  /** The settings that each commit from now on wrote. */
  function commitsOf(store: Store): (readonly string[])[] {
    const commits: (readonly string[])[] = [];
    store.changes.subscribe(({ ids }) => commits.push(ids));
    return commits;
  }
  const put = (store: Store, key: string, tookMs = 0): void => {
    void store.enqueue((tx) => {
      putSetting(tx, key, 'x');
      vi.advanceTimersByTime(tookMs);
    });
  };

  test('of several units is followed by a wait for more, as long as it took but not for long', () => {
    const store = openTempStore();
    const commits = commitsOf(store);
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout', 'performance'] });
    put(store, 'a', 2);
    put(store, 'b');
    put(store, 'c');
    vi.advanceTimersToNextTimer();
    put(store, 'd');
    vi.advanceTimersByTime(1);
    put(store, 'e', 100);
    expect(commits).toEqual([['a', 'b', 'c']]);
    vi.advanceTimersByTime(1);
    expect(commits).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    put(store, 'f');
    vi.advanceTimersByTime(4);
    expect(commits.at(-1)).toEqual(['f']);
  });

  test('of one unit is not: the next one is committed at once', () => {
    const store = openTempStore();
    const commits = commitsOf(store);
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout', 'performance'] });
    put(store, 'a', 50);
    vi.advanceTimersToNextTimer();
    put(store, 'b');
    vi.advanceTimersByTime(0);
    expect(commits).toEqual([['a'], ['b']]);
  });
});

type UnitKind = 'write' | 'write twice' | 'throw' | 'violate' | 'write, then throw' | 'write, then violate';
const unitKind = fc.constantFrom<UnitKind>(
  'write',
  'write twice',
  'throw',
  'violate',
  'write, then throw',
  'write, then violate',
);

test('whatever fails in a group: every good unit is stored whole, every bad one leaves nothing, each knows which it is', async () => {
  const store = openTempStore();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(unitKind, { maxLength: 12 }), { maxLength: 4 }), async (turns) => {
      const prefix = `round-${round++}-`;
      const expected: string[] = [];
      const settled: Promise<void>[] = [];
      const changed: string[] = [];
      const unsubscribe = store.changes.subscribe(({ entity, ids }) => {
        if (entity === 'runs') changed.push(...ids);
      });

      for (const [turn, units] of turns.entries()) {
        for (const [index, kind] of units.entries()) {
          const key = `${prefix}${turn}-${index}`;
          const promise = store.enqueue((tx) => {
            if (kind.startsWith('write')) putSetting(tx, key, kind);
            if (kind === 'write twice') putSetting(tx, `${key}-second`, kind);
            tx.changed('runs', key);
            if (kind.endsWith('throw')) throw new Error(key);
            if (kind.endsWith('violate'))
              tx.prepare(`INSERT INTO settings (key, value) VALUES (?, NULL)`).run(key);
            return key;
          });
          if (kind === 'write' || kind === 'write twice') {
            expected.push(key, ...(kind === 'write twice' ? [`${key}-second`] : []));
            settled.push(expect(promise).resolves.toBe(key));
          } else {
            settled.push(expect(promise).rejects.toThrow(kind.endsWith('throw') ? key : 'NOT NULL'));
          }
        }
        // Some turns are groups of their own, some settle before the next begins.
        if (turn % 2 === 1) await new Promise(setImmediate);
      }
      await Promise.all(settled);
      unsubscribe();
      expect(settingsWith(store, prefix)).toEqual(expected.toSorted());
      expect(changed.toSorted()).toEqual(expected.filter((key) => !key.endsWith('second')).toSorted());
    }),
    { numRuns: 60 },
  );
});

test('an error with which SQLite itself rolls the transaction back does not lose the others', async () => {
  const store = openTempStore();
  store.write((tx) => {
    tx.prepare(`CREATE TABLE ledger (entry TEXT NOT NULL) STRICT`).run();
    tx.prepare(
      `CREATE TRIGGER ledger_guard BEFORE INSERT ON ledger WHEN NEW.entry = 'bad'
       BEGIN SELECT RAISE(ROLLBACK, 'rolled back by SQLite'); END`,
    ).run();
  });
  const add = (entry: string) =>
    store.enqueue((tx) => void tx.prepare<[string], never>(`INSERT INTO ledger VALUES (?)`).run(entry));

  const results = await Promise.allSettled([add('first'), add('bad'), add('last')]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(store.read.prepare(`SELECT entry FROM ledger ORDER BY rowid`).all()).toEqual([
    { entry: 'first' },
    { entry: 'last' },
  ]);
});

test('what only COMMIT refuses is refused to who wrote it: no promise is kept before', async () => {
  const store = openTempStore();
  store.write((tx) => {
    tx.prepare(`CREATE TABLE parents (id TEXT PRIMARY KEY) STRICT`).run();
    // Checked by COMMIT, when every unit of the group has run (https://sqlite.org/foreignkeys.html#fk_deferred).
    tx.prepare(
      `CREATE TABLE children (parent TEXT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED) STRICT`,
    ).run();
  });
  const orphan = () => store.enqueue((tx) => void tx.prepare(`INSERT INTO children VALUES ('nobody')`).run());
  const add = (key: string) => store.enqueue((tx) => putSetting(tx, key, 'x'));

  const together = await Promise.allSettled([add('first'), orphan(), add('last')]);
  expect(together.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await expect(orphan()).rejects.toThrow('FOREIGN KEY');
  expect([getSetting(store.read, 'first'), getSetting(store.read, 'last')]).toEqual(['x', 'x']);
  expect(store.read.prepare(`SELECT * FROM children`).all()).toEqual([]);
});

test('more than a group holds is committed too, and a direct write in between is not disturbed', async () => {
  const store = openTempStore();
  const all = Promise.all(
    Array.from({ length: 1000 }, (_, index) => store.enqueue((tx) => putSetting(tx, `many-${index}`, 'x'))),
  );
  store.write((tx) => putSetting(tx, 'direct', 'x'));
  await all;
  expect(settingsWith(store, 'many-')).toHaveLength(1000);
});
