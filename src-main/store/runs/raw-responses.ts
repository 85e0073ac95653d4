import { hash } from 'node:crypto';
import * as z from 'zod';
import { answerContent } from '../audit-log/content';
import { appendLeaf } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import {
  decodeFromRest,
  decodeHeaders,
  encodeForRest,
  encodeHeaders,
  type RestEncoding,
} from './stored-encoding';
import { decodedColumn, readJsonColumn } from '../engine/column-values';

/** A provider's answer as it came over the wire. */
export interface NewRawResponse {
  readonly attempt_id: string;
  readonly http_status: number;
  /** Without cookies. */
  readonly headers: readonly (readonly [string, string])[];
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly complete: boolean;
  /** The provider echoed the key: it was overwritten with `*` before the bytes were kept. */
  readonly redacted: boolean;
  /** The bytes already rest in `raw_parts`. */
  readonly inParts: boolean;
  /** The request that it answers, exactly as sent. */
  readonly request_body: string | null;
  readonly stored_at: string;
}

export interface StoredRawResponse {
  readonly attempt_id: string;
  readonly http_status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly content_type: string | null;
  readonly sha256: string;
  readonly size: number;
  readonly complete: boolean;
  readonly redacted: boolean;
  readonly streamed: boolean;
  readonly stored_at: string;
  readonly bytes: Uint8Array;
}

export function insertRawResponse(tx: WriteDb, raw: NewRawResponse): void {
  const content_type = headerOf(raw.headers, 'content-type');
  const rest = raw.inParts ? { bytes: null, encoding: 'parts' as const } : encodeForRest(raw.bytes);
  tx.prepare(
    `INSERT INTO raw_responses
       (attempt_id, http_status, headers, content_type, sha256, size, complete, redacted, encoding, stored_at, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    raw.attempt_id,
    raw.http_status,
    encodeHeaders(raw.headers),
    content_type,
    raw.sha256,
    raw.size,
    raw.complete ? 1 : 0,
    raw.redacted ? 1 : 0,
    rest.encoding,
    raw.stored_at,
    rest.bytes,
  );
  tx.rollups.answer(raw.stored_at, raw.size);
  const { bytes: _bytes, inParts: _inParts, ...facts } = raw;
  appendLeaf(tx, {
    type: 'answer',
    id: raw.attempt_id,
    content: answerContent({ ...facts, content_type, bytes_sha256: restingSha256(tx, raw) }),
  });
}

/** Of the bytes as they rest: those that came, unless a key in them was overwritten, in parts piece by piece. */
function restingSha256(tx: WriteDb, raw: NewRawResponse): string {
  if (!raw.redacted) return raw.sha256;
  return hash('sha256', raw.inParts ? rawPartsOf(tx, raw.attempt_id).bytes : raw.bytes);
}

/** Appends a piece of a stream; pieces are numbered from 0 without gaps. `redacted` as for the whole. */
export function insertRawPart(
  tx: WriteDb,
  part: { attempt_id: string; part_index: number; bytes: Uint8Array; redacted: boolean },
): void {
  const rest = encodeForRest(part.bytes);
  tx.prepare(
    `INSERT INTO raw_parts (attempt_id, part_index, redacted, encoding, bytes) VALUES (?, ?, ?, ?, ?)`,
  ).run(part.attempt_id, part.part_index, part.redacted ? 1 : 0, rest.encoding, rest.bytes);
}

interface RawRow {
  attempt_id: string;
  http_status: number;
  headers: Uint8Array;
  content_type: string | null;
  sha256: string;
  size: number;
  complete: number;
  redacted: number;
  encoding: RestEncoding | 'parts';
  stored_at: string;
  bytes: Uint8Array | null;
}

export function getRawResponse(db: ReadDb, attemptId: string): StoredRawResponse | null {
  const row = db.prepare<[string], RawRow>(`SELECT * FROM raw_responses WHERE attempt_id = ?`).get(attemptId);
  if (!row) return null;
  const { encoding } = row;
  const whereOf = (column: string): string => `raw_responses.${column} of ${attemptId}`;
  return {
    attempt_id: row.attempt_id,
    http_status: row.http_status,
    headers: readJsonColumn(
      headersSchema,
      decodedColumn(() => decodeHeaders(row.headers), whereOf('headers')),
      whereOf('headers'),
    ),
    content_type: row.content_type,
    sha256: row.sha256,
    size: row.size,
    complete: row.complete === 1,
    redacted: row.redacted === 1,
    streamed: encoding === 'parts' || (row.content_type?.includes('event-stream') ?? false),
    stored_at: row.stored_at,
    bytes:
      encoding === 'parts'
        ? rawPartsOf(db, attemptId).bytes
        : decodedColumn(() => decodeFromRest(row.bytes ?? new Uint8Array(0), encoding), whereOf('bytes')),
  };
}

/** The pieces of a stream joined; empty where none came. */
export function rawPartsOf(db: ReadDb, attemptId: string): { bytes: Uint8Array; redacted: boolean } {
  const parts = db
    .prepare<[string], { redacted: number; encoding: RestEncoding; bytes: Uint8Array }>(
      `SELECT redacted, encoding, bytes FROM raw_parts WHERE attempt_id = ? ORDER BY part_index`,
    )
    .all(attemptId);
  return {
    bytes: Buffer.concat(
      parts.map(({ bytes, encoding }) =>
        decodedColumn(() => decodeFromRest(bytes, encoding), `raw_parts.bytes of ${attemptId}`),
      ),
    ),
    redacted: parts.some((part) => part.redacted === 1),
  };
}

const headersSchema = z.array(z.tuple([z.string(), z.string()]));

function headerOf(headers: readonly (readonly [string, string])[], name: string): string | null {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}
