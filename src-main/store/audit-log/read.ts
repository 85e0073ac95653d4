import { hash } from 'node:crypto';
import type { RecordType } from '../../../src-shared/domain';
import type { ReadDb } from '../engine/db';
import { sentRequest } from '../runs/attempts';
import { getRawResponse } from '../runs/raw-responses';
import { answerRow, createContents } from './content';
import type { ContentRow } from './flat-json';
import { KINDS, type Kinds } from './kinds';
import { createRowReader } from './rows';

/** A stored record compared with an entry about it. */
export interface LoggedRecord {
  /** Whether it is what was logged. */
  readonly holds: boolean;
  /** The text as logged; if it no longer matches, as it would be logged now. */
  readonly content: string;
  /**
   * Its text in each version that it may have been sealed in, newest first. If it holds, that is `content` and older
   * ones: a record from before the log was logged in a later version than that of its HMAC.
   */
  readonly texts: readonly string[];
  /** The columns it was serialised from. */
  readonly row: ContentRow;
}

/** What a leaf says about its record. */
interface Logged {
  readonly record_id: string;
  readonly content_sha256: string;
}

/** Reads the records that entries are about. */
export interface Records {
  readonly kinds: Kinds;
  /** What the store holds now, in the current version; null if there is no such record. */
  content(db: ReadDb, type: RecordType, id: string): string | null;
  /** @throws STORE_CORRUPT if its bytes are damaged */
  find(db: ReadDb, type: RecordType, leaf: Logged): LoggedRecord | null;
  /** Rows of many records; ids missing from the result must be read one at a time. */
  rows(db: ReadDb, type: RecordType, ids: readonly string[]): ReadonlyMap<string, ContentRow>;
  compare(type: RecordType, row: ContentRow, leaf: Logged): LoggedRecord;
}

export function createRecords(kinds: Kinds): Records {
  const contents = createContents(kinds);
  const reader = createRowReader(contents);
  const rowOf = (db: ReadDb, type: RecordType, id: string): ContentRow | null =>
    type === 'answer' ? answerOf(db, id) : reader.one(db, type, id);

  /**
   * The hash identifies an entry's version. Each version has more fields than the one before, so no text fits two
   * versions, and a later entry cannot be made to fit an earlier version without breaking SHA-256. In a record older
   * than a version, the columns that it added must still have their original values (`Contents.all`).
   */
  const compare = (type: RecordType, row: ContentRow, { content_sha256 }: Logged): LoggedRecord => {
    const texts: string[] = [];
    let content: string | null = null;
    for (const text of contents.all(type, row)) {
      if (content === null && hash('sha256', text) === content_sha256) {
        content = text;
        texts.length = 0;
      }
      texts.push(text);
      // Older texts matter to an HMAC alone.
      if (content !== null && kinds[type].sealed !== true) break;
    }
    return content === null
      ? { holds: false, content: contents.now(type, row), texts, row }
      : { holds: true, content, texts, row };
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

/** The record kinds of this build. */
export const RECORDS = createRecords(KINDS);

/** What an entry of this kind describes the state of; null if it is about something immutable. */
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
