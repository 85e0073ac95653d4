import { expect, expectTypeOf, test } from 'vitest';
import type { ChangeEvent } from '../../../src-shared/domain';
import { createTestLogger, openTempStore } from '../../../test/support/temp-store';
import { getSetting, putSetting, schema, type Store, type WriteDb } from '..';

function changesOf(store: Store): ChangeEvent[] {
  const events: ChangeEvent[] = [];
  store.changes.subscribe((event) => events.push(event));
  return events;
}

test('work that throws writes nothing and tells nobody', () => {
  const store = openTempStore();
  const events = changesOf(store);
  const bug = new Error('on purpose');

  expect(() =>
    store.write((tx) => {
      putSetting(tx, 'theme', 'dark');
      throw bug;
    }),
  ).toThrow(bug);
  expect(getSetting(store.read, 'theme')).toBeNull();
  expect(events).toEqual([]);
});

test('asynchronous work is refused by its type, and when it runs', async () => {
  const store = openTempStore();
  let late: Promise<void> = Promise.resolve();
  const asynchronous = (tx: WriteDb): Promise<void> => {
    putSetting(tx, 'theme', 'dark');
    return (late = Promise.resolve());
  };

  // @ts-expect-error: a promise is not what work may return
  expect(() => store.write(asynchronous)).toThrow('must not be asynchronous');
  // @ts-expect-error: nor here
  await expect(store.enqueue(asynchronous)).rejects.toThrow('must not be asynchronous');
  await late;
  expect(getSetting(store.read, 'theme')).toBeNull();
  expectTypeOf(store.write(() => 1)).toEqualTypeOf<number>();
});

test('a transaction inside a transaction is refused, and the outer one is rolled back', () => {
  const store = openTempStore();
  expect(() =>
    store.write((tx) => {
      putSetting(tx, 'theme', 'dark');
      store.write((inner) => putSetting(inner, 'theme', 'light'));
    }),
  ).toThrow('open already');
  expect(getSetting(store.read, 'theme')).toBeNull();
});

test('a WriteDb that is kept does not write after its transaction', () => {
  const store = openTempStore();
  const kept = store.write((tx) => ({ tx })).tx;

  expect(() => putSetting(kept, 'theme', 'dark')).toThrow('had ended');
  expect(() => kept.prepare(`DELETE FROM settings`)).toThrow('had ended');
  expect(() => kept.changed('settings', 'theme')).toThrow('had ended');
});

test('reading cannot write', () => {
  const { read } = openTempStore();
  expect(() => read.prepare(`DELETE FROM settings`)).toThrow('cannot write');
  expect(() => read.orm.with().insert(schema.settings).values({ key: 'a', value: 'b' }).run()).toThrow(
    'cannot write',
  );
});

test('a statement is prepared once, but never shared with an iteration that is under way', () => {
  const { read } = openTempStore();
  const sql = `SELECT provider_id FROM providers ORDER BY provider_id`;
  expect(read.prepare(sql)).toBe(read.prepare(sql));

  const pairs: unknown[] = [];
  for (const outer of read.prepare(sql).iterate()) pairs.push([outer, read.prepare(sql).all().length]);
  expect(pairs).toHaveLength(9);
});

test('changes are told after the commit: once per entity, and without names where there are too many', () => {
  const store = openTempStore();
  const seen: unknown[] = [];
  store.changes.subscribe((event) => seen.push([event, getSetting(store.read, 'theme')]));

  store.write((tx) => {
    putSetting(tx, 'theme', 'dark');
    tx.changed('runs', 'a');
    tx.changed('runs', 'b');
    tx.changed('runs', 'a');
    for (let index = 0; index <= 200; index++) tx.changed('templates', `t${index}`);
    expect(seen).toEqual([]);
  });
  expect(seen).toEqual([
    [{ entity: 'settings', ids: ['theme'] }, 'dark'],
    [{ entity: 'runs', ids: ['a', 'b'] }, 'dark'],
    [{ entity: 'templates', ids: [] }, 'dark'],
  ]);
});

test('a listener that throws, or that has unsubscribed, costs the others nothing', () => {
  const logger = createTestLogger();
  const store = openTempStore({ logger });
  store.changes.subscribe(() => {
    throw new Error('a bug of a listener');
  });
  const gone: ChangeEvent[] = [];
  store.changes.subscribe((event) => gone.push(event))();
  const events = changesOf(store);

  store.write((tx) => putSetting(tx, 'theme', 'dark'));
  expect(events).toEqual([{ entity: 'settings', ids: ['theme'] }]);
  expect(gone).toEqual([]);
  expect(logger.lines.filter((line) => line.level === 'error')).toMatchObject([
    { event: 'store.change_listener_failed' },
  ]);
});

test('a listener may write', () => {
  const store = openTempStore();
  store.changes.subscribe(({ entity }) => {
    if (entity === 'runs') store.write((tx) => putSetting(tx, 'told', 'yes'));
  });
  store.write((tx) => tx.changed('runs', 'a'));
  expect(getSetting(store.read, 'told')).toBe('yes');
});

test('a full disk is an error that says so, and nothing is half written', () => {
  const store = openTempStore();
  store.write((tx) => {
    const pages = tx.prepare<[], { page_count: number }>(`PRAGMA page_count`).get()?.page_count ?? 0;
    tx.prepare(`PRAGMA max_page_count = ${pages}`).get();
  });

  expect(() =>
    store.write((tx) => {
      putSetting(tx, 'small', 'fits');
      putSetting(tx, 'large', 'x'.repeat(1_000_000));
    }),
  ).toThrow(expect.objectContaining({ code: 'DISK_FULL', message: expect.stringContaining('is full') }));
  expect(getSetting(store.read, 'small')).toBeNull();
});
