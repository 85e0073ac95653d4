import { expect, it } from 'vitest';
import { openTempStore } from '../../test/support/temp-store';
import { watchChanges } from './changes';

const isEndOf = async (watching: AsyncGenerator) => (await watching.next()).done;

it('merges what comes while the reader is busy, and names only so many', async () => {
  const store = openTempStore();
  const watching = watchChanges(store, undefined);
  const first = watching.next();
  store.write((tx) => tx.changed('runs', 'r0'));
  expect(await first).toEqual({ done: false, value: { entity: 'runs', ids: ['r0'] } });
  for (const id of ['r1', 'r2', 'r1']) store.write((tx) => tx.changed('runs', id));
  expect((await watching.next()).value).toEqual({ entity: 'runs', ids: ['r1', 'r2'] });

  for (let n = 0; n < 300; n += 1) store.write((tx) => tx.changed('runs', `many-${n}`));
  store.write((tx) => tx.changed('templates', 't'));
  expect((await watching.next()).value).toEqual({ entity: 'runs', ids: [] });
  expect((await watching.next()).value).toEqual({ entity: 'templates', ids: ['t'] });
  await watching.return(undefined);
});

it('ends when the reader goes away: while it waits, and while it is busy', async () => {
  const store = openTempStore();
  const gone = new AbortController();
  const waiting = watchChanges(store, gone.signal);
  const busy = watchChanges(store, gone.signal);
  const [end, event] = [isEndOf(waiting), busy.next()];
  store.write((tx) => tx.changed('runs', 'r'));
  await event;
  gone.abort();
  expect(await end).toBe(false);
  expect(await isEndOf(waiting)).toBe(true);
  expect(await isEndOf(busy)).toBe(true);
});
