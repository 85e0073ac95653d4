import { hash } from 'node:crypto';
import * as z from 'zod';
import { answerContent } from '../audit-log/content';
import { appendLeaf } from '../audit-log/leaves';
import type { ReadDb, WriteDb } from '../engine/db';
import { decompress, decodeHeaders, compress, encodeHeaders } from './stored-encoding';
import { decodedColumn, readJsonColumn } from '../engine/column-values';
import { namesOf, storedColumns } from '../engine/stored-rows';
import { rawParts, rawResponses } from './tables';

const RAW = storedColumns(rawResponses, namesOf(rawResponses, 'seq'), 'attempt_id');
const PART = storedColumns(rawParts, namesOf(rawParts), 'attempt_id', 'part_index');
type RawRow = ReturnType<typeof RAW.decode>;
type Headers = readonly (readonly [string, string])[];

/** A provider's answer as it came over the wire, but for an echoed key, which is overwritten (`redacted`). */
export interface NewRawResponse extends Readonly<
  Omit<RawRow, 'headers' | 'content_type' | 'encoding' | 'bytes'>
> {
  /** Without cookies. */
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The bytes are already stored in `raw_parts`. */
  readonly inParts: boolean;
  /** The request it answers, exactly as sent. */
  readonly request_body: string | null;
}

export interface StoredRawResponse extends Readonly<Omit<RawRow, 'headers' | 'encoding' | 'bytes'>> {
  readonly headers: Headers;
  readonly streamed: boolean;
  readonly bytes: Uint8Array;
}

export function insertRawResponse(tx: WriteDb, raw: NewRawResponse): void {
  const content_type = headerOf(raw.headers, 'content-type');
  const rest = raw.inParts ? { bytes: null, encoding: 'parts' as const } : compress(raw.bytes);
  tx.prepare(RAW.insert).run(
    ...RAW.encode({ ...raw, ...rest, headers: encodeHeaders(raw.headers), content_type }),
  );
  tx.rollups.answer(raw.stored_at, raw.size);
  const { bytes: _bytes, inParts: _inParts, ...facts } = raw;
  appendLeaf(tx, {
    type: 'answer',
    id: raw.attempt_id,
    content: answerContent({ ...facts, content_type, bytes_sha256: storedSha256(tx, raw) }),
  });
}

/** Hash of the stored bytes; they differ from those received if a key was redacted (in a stream, part by part). */
function storedSha256(tx: WriteDb, raw: NewRawResponse): string {
  if (!raw.redacted) return raw.sha256;
  return hash('sha256', raw.inParts ? rawPartsOf(tx, raw.attempt_id).bytes : raw.bytes);
}

/** Appends a part of a stream; parts are numbered from 0 without gaps. */
export function insertRawPart(
  tx: WriteDb,
  part: { attempt_id: string; part_index: number; bytes: Uint8Array; redacted: boolean },
): void {
  const rest = compress(part.bytes);
  tx.prepare(PART.insert).run(...PART.encode({ ...part, ...rest }));
}

export function getRawResponse(db: ReadDb, attemptId: string): StoredRawResponse | null {
  const stored = db
    .prepare<[string], Record<string, unknown>>(`SELECT ${RAW.list} FROM raw_responses WHERE attempt_id = ?`)
    .get(attemptId);
  if (!stored) return null;
  const { headers, encoding, bytes, ...row } = RAW.decode(stored);
  const whereOf = (column: string): string => `raw_responses.${column} of ${attemptId}`;
  return {
    ...row,
    headers: readJsonColumn(
      headersSchema,
      decodedColumn(() => decodeHeaders(headers), whereOf('headers')),
      whereOf('headers'),
    ),
    streamed: encoding === 'parts' || (row.content_type?.includes('event-stream') ?? false),
    bytes:
      encoding === 'parts'
        ? rawPartsOf(db, attemptId).bytes
        : decodedColumn(() => decompress(bytes ?? new Uint8Array(0), encoding), whereOf('bytes')),
  };
}

/** The parts of a stream, joined; empty where there are none. */
export function rawPartsOf(db: ReadDb, attemptId: string): { bytes: Uint8Array; redacted: boolean } {
  const parts = db
    .prepare<[string], Record<string, unknown>>(
      `SELECT ${PART.list} FROM raw_parts WHERE attempt_id = ? ORDER BY part_index`,
    )
    .all(attemptId)
    .map(PART.decode);
  return {
    bytes: Buffer.concat(
      parts.map(({ bytes, encoding, part_index }) =>
        decodedColumn(() => decompress(bytes, encoding), `raw_parts.bytes of ${attemptId}/${part_index}`),
      ),
    ),
    redacted: parts.some((part) => part.redacted),
  };
}

const headersSchema = z.array(z.tuple([z.string(), z.string()]));

function headerOf(headers: readonly (readonly [string, string])[], name: string): string | null {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}
