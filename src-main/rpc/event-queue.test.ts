import { expect, test } from 'vitest';
import { createEventQueue, openStream, startedStream } from './event-queue';

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('what is pushed before and while it is read comes out in order, then the end', async () => {
  const queue = createEventQueue<number>();
  queue.push(1);
  queue.push(2);
  const reading = collect(queue);
  await Promise.resolve();
  queue.push(3);
  queue.end();
  queue.fail(new Error('too late'));
  expect(await reading).toEqual([1, 2, 3]);
});

test('a failure comes after what was pushed before it', async () => {
  const queue = createEventQueue<number>();
  const seen: number[] = [];
  queue.push(1);
  queue.fail(new Error('broken'));
  await expect(
    (async () => {
      for await (const value of queue) seen.push(value);
    })(),
  ).rejects.toThrow('broken');
  expect(seen).toEqual([1]);
});

test('a started stream fails at once where its first event does', async () => {
  const queue = createEventQueue<number>();
  queue.fail(new Error('unknown id'));
  await expect(startedStream(queue)).rejects.toThrow('unknown id');
});

test('a started stream loses nothing, and tells its source when the reader stops', async () => {
  let stopped = false;
  async function* source() {
    try {
      yield 1;
      yield 2;
      yield 3;
    } finally {
      stopped = true;
    }
  }
  const seen: number[] = [];
  for await (const value of await startedStream(source())) {
    seen.push(value);
    if (value === 2) break;
  }
  expect(seen).toEqual([1, 2]);
  expect(stopped).toBe(true);
});

test('an opened stream has begun before anybody reads it', async () => {
  let begun = false;
  async function* source() {
    begun = true;
    yield 1;
  }
  const stream = openStream(source());
  expect(begun).toBe(true);
  expect(await collect(stream)).toEqual([1]);
});
