import { hash } from 'node:crypto';
import { sentRequest } from '../runs/attempts';
import { answerContent, rowContentOf, type RecordType } from './content';
import type { ReadDb } from '../engine/db';
import { getRawResponse } from '../runs/raw-responses';

/** What the store holds now for a leaf, as canonical JSON; null where there is no such record. */
export function contentOf(db: ReadDb, type: RecordType, id: string): string | null {
  if (type !== 'answer') return rowContentOf(db, type, id);
  const raw = getRawResponse(db, id);
  if (raw === null) return null;
  const { bytes, streamed: _, ...facts } = raw;
  return answerContent({ ...facts, bytes_sha256: hash('sha256', bytes), request_body: sentRequest(db, id) });
}
