import { hash } from 'node:crypto';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import * as z from 'zod';
import { journalReader } from './journal';

const storedSchema = z.object({
  attempt_id: z.string(),
  encoding: z.enum(['identity', 'zstd']),
  bytes: z.instanceof(Buffer),
});

/** How many stored bodies equal, byte for byte, what the server's journal says it sent. */
export function identicalBodies(home: string, journal: string): number {
  const { requests, answers } = journalReader(journal)();
  const attempts = new Map(requests.map(({ n, client_request_id }) => [n, client_request_id]));
  const sent = new Map(answers.map(({ n, response_sha256 }) => [attempts.get(n), response_sha256]));
  const db = new Database(join(home, 'prompter.db'), { readonly: true });
  let identical = 0;
  for (const row of db.prepare('SELECT attempt_id, encoding, bytes FROM raw_responses').iterate()) {
    const { attempt_id, encoding, bytes } = storedSchema.parse(row);
    const original = encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes;
    if (sent.get(attempt_id) === hash('sha256', original)) identical += 1;
  }
  db.close();
  return identical;
}
