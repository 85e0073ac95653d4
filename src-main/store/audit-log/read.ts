import { hash } from 'node:crypto';
import type { RecordType } from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { sentRequest } from '../runs/attempts';
import { getRawResponse } from '../runs/raw-responses';
import { answerRow, createContents } from './content';
import type { ContentRow } from './flat-json';
import { KINDS, type Kinds } from './kinds';
import { createRowReader } from './rows';

/** A record as the store has it now, held against an entry about it. */
export interface LoggedRecord {
  /** Whether it is what was logged. */
  readonly holds: boolean;
  /** As it was logged; where it is that no more, as it would be logged now. */
  readonly content: string;
  /** What of its versions it can be, the newest first; `content` alone where it holds. */
  readonly texts: readonly string[];
  /** The columns that it was written from. */
  readonly row: ContentRow;
}

/** What a leaf says of its record. */
interface Logged {
  readonly record_id: string;
  readonly content_sha256: string;
}

/** Reads the records that entries are about, by the kinds that there are. */
export interface Records {
  readonly kinds: Kinds;
  /** What the store holds now, as it is logged now; null where there is no such record. */
  content(db: ReadDb, type: RecordType, id: string): string | null;
  /** @throws STORE_CORRUPT where its bytes are damaged */
  find(db: ReadDb, type: RecordType, leaf: Logged): LoggedRecord | null;
  /** The rows of many; what is missing here is to be asked for by itself. */
  rows(db: ReadDb, type: RecordType, ids: readonly string[]): ReadonlyMap<string, ContentRow>;
  compare(type: RecordType, row: ContentRow, leaf: Logged): LoggedRecord;
}

export function createRecords(kinds: Kinds): Records {
  const contents = createContents(kinds);
  const reader = createRowReader(contents);
  const rowOf = (db: ReadDb, type: RecordType, id: string): ContentRow | null =>
    type === 'answer' ? answerOf(db, id) : reader.one(db, type, id);

  /**
   * The version of an entry is told by its hash. Each version writes more fields than the one before, so no text is one
   * of two versions, and an entry of a later one cannot be made to fit an earlier one without breaking SHA-256. Of a
   * record from before a version, the columns that it added have to be as they were then (`Contents.all`).
   */
  const compare = (type: RecordType, row: ContentRow, { content_sha256 }: Logged): LoggedRecord => {
    const texts: string[] = [];
    for (const content of contents.all(type, row)) {
      if (hash('sha256', content) === content_sha256) return { holds: true, content, texts: [content], row };
      texts.push(content);
    }
    return { holds: false, content: contents.now(type, row), texts, row };
  };

  return {
    kinds,
    content(db, type, id) {
      const row = rowOf(db, type, id);
      return row && contents.now(type, row);
    },
    find(db, type, leaf) {
      const row = rowOf(db, type, leaf.record_id);
      return row && compare(type, row, leaf);
    },
    rows: reader.many,
    compare,
  };
}

/** The records of this build. */
export const RECORDS = createRecords(KINDS);

/** What of a thing's standing an entry of this kind is about; null where it is about what does not change. */
export function stateOf(type: RecordType): string | null {
  const { state }: Kinds[RecordType] = KINDS[type];
  return state ?? null;
}

function answerOf(db: ReadDb, id: string): ContentRow | null {
  const raw = getRawResponse(db, id);
  if (raw === null) return null;
  const { bytes, streamed: _, ...facts } = raw;
  return answerRow({ ...facts, bytes_sha256: hash('sha256', bytes), request_body: sentRequest(db, id) });
}
