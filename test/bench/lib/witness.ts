import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import * as z from 'zod';

const requestSchema = z.object({ event: z.literal('request'), n: z.number(), client_request_id: z.string() });
const answerSchema = z.object({ event: z.literal('answer'), n: z.number(), response_sha256: z.string() });
const storedSchema = z.object({
  attempt_id: z.string(),
  encoding: z.enum(['identity', 'zstd']),
  bytes: z.instanceof(Buffer),
});

/** How many stored bodies are, byte for byte, what the server's own journal says that it sent. */
export function identicalBodies(home: string, journal: string): number {
  const sent = new Map<string, string>();
  const attempts = new Map<number, string>();
  for (const line of readFileSync(journal, 'utf8').split('\n')) {
    if (line === '') continue;
    const entry: unknown = JSON.parse(line);
    const request = requestSchema.safeParse(entry);
    if (request.success) attempts.set(request.data.n, request.data.client_request_id);
    const answer = answerSchema.safeParse(entry);
    const attempt = answer.success ? attempts.get(answer.data.n) : undefined;
    if (answer.success && attempt !== undefined) sent.set(attempt, answer.data.response_sha256);
  }
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
