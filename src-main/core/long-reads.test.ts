import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { temporaryFolder } from '../../test/support/temporary';
import { longRead } from '../store';
import { createLongReads } from './long-reads';

const read = longRead({
  name: 'test.read',
  input: z.null(),
  output: z.object({ rows: z.number() }),
  *run() {
    yield 0;
    return { rows: 1 };
  },
});

/** A thread that says one thing. */
function threadSaying(message: unknown): string {
  const file = join(temporaryFolder(), 'thread.mjs');
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';\nparentPort.postMessage(${JSON.stringify(message)});\n`,
  );
  return file;
}

test.each([
  ['is none of its messages', { type: 'nonsense' }],
  ['is not what the read answers', { type: 'result', result: { rows: 'many' } }],
])('a thread whose word %s fails its read, and nothing else', async (_what, message) => {
  const reading = createLongReads('unused.db', threadSaying(message))(read, null);
  await expect(reading).rejects.toThrow(z.ZodError);
});

test('a read has the answer of its thread', async () => {
  const reads = createLongReads('unused.db', threadSaying({ type: 'result', result: { rows: 7 } }));
  expect(await reads(read, null)).toEqual({ rows: 7 });
});
