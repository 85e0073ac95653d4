import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { RECORD_TYPES, type RecordType } from '../../../src-shared/domain';
import type { RecordKey } from '../engine/db';
import { flatJson, flatValue, type ContentRow, type FlatWriter } from './flat-json';
import type { Kind } from './kind';
import { KINDS, type Kinds } from './kinds';

/** What is logged of a record, until a later schema logs more. */
interface ContentVersion {
  /** Sorted as in the canonical form. */
  readonly columns: readonly string[];
  readonly write: FlatWriter;
  /** The values of columns that only later versions log. */
  readonly later: ContentRow;
}

/** Serialises records for the log. */
export interface Contents {
  readonly kinds: Kinds;
  /** The columns in the current version. */
  columns(type: RecordType): readonly string[];
  /** The record's canonical JSON in the current version, without its HMAC. */
  body(type: RecordType, row: ContentRow): string;
  /** The text that a leaf's `content_sha256` covers, in the current version. */
  now(type: RecordType, row: ContentRow): string;
  /**
   * The same text in every version, newest first. A version is left out if columns that it does not cover hold anything
   * but their value at the time: otherwise a change there would go unnoticed.
   */
  all(type: RecordType, row: ContentRow): Generator<string>;
}

export function createContents(kinds: Kinds): Contents {
  const versions = new Map(RECORD_TYPES.map((type) => [type, versionsOf(kinds[type])]));
  const of = (type: RecordType): readonly [ContentVersion, ...ContentVersion[]] => {
    const found = versions.get(type);
    if (!found) throw new Error(`There is no kind of record called ${type}.`);
    return found;
  };
  const write = (type: RecordType, version: ContentVersion, row: ContentRow): string => {
    const { sealed, text } = kinds[type];
    if (text) return String(row[version.columns[0] ?? '']);
    const body = version.write(row);
    return sealed ? sealedContent(body, sealIn(row)) : body;
  };
  return {
    kinds,
    columns: (type) => of(type)[0].columns,
    body: (type, row) => of(type)[0].write(row),
    now: (type, row) => write(type, of(type)[0], row),
    *all(type, row) {
      for (const version of of(type)) {
        const isOfItsTime = Object.entries(version.later).every(
          ([column, value]) => (row[column] ?? null) === value,
        );
        if (isOfItsTime) yield write(type, version, row);
      }
    },
  };
}

/** Newest first. Each version logs more than the one before, so no text fits two versions. */
function versionsOf({ versions: [first, ...later] }: Kind): readonly [ContentVersion, ...ContentVersion[]] {
  let newest: ContentVersion = { columns: first.columns, write: flatJson(first.columns), later: {} };
  const older: ContentVersion[] = [];
  let { since } = first;
  for (const next of later) {
    const added = Object.keys(next.adds);
    if (added.length === 0 || added.some((name) => newest.columns.includes(name)) || next.since <= since) {
      throw new Error(`The version of schema ${next.since} does not log more than the one before it.`);
    }
    older.unshift(newest);
    for (const [index, version] of older.entries()) {
      older[index] = { ...version, later: { ...version.later, ...next.adds } };
    }
    const columns = [...newest.columns, ...added].toSorted();
    newest = { columns, write: flatJson(columns), later: {} };
    since = next.since;
  }
  return [newest, ...older];
}

const SHIPPED = createContents(KINDS);

/** The canonical JSON of a template's immutable part, which `record_hmac` covers. */
export function templateBody(row: ContentRow): string {
  return SHIPPED.body('template', row);
}

/** The canonical JSON of a run's request, which `record_hmac` covers. */
export function runBody(row: ContentRow): string {
  return SHIPPED.body('run', row);
}

/** The canonical JSON of a run's result. */
export function resultBody(row: ContentRow): string {
  return SHIPPED.body('result', row);
}

/** A retry clears the run's result: from here on, the previous result no longer counts. */
export function retryContent(runId: string): string {
  return SHIPPED.body('retry', { run_id: runId });
}

export interface AnswerFacts {
  readonly attempt_id: string;
  readonly http_status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly content_type: string | null;
  readonly sha256: string;
  readonly size: number;
  readonly complete: boolean;
  readonly redacted: boolean;
  readonly stored_at: string;
  /** Of the stored bytes; `sha256` is of the received ones, before an echoed key was overwritten. */
  readonly bytes_sha256: string;
  readonly request_body: string | null;
}

export function answerRow({ headers, request_body, ...facts }: AnswerFacts): ContentRow {
  return {
    ...facts,
    complete: Number(facts.complete),
    redacted: Number(facts.redacted),
    headers_sha256: hash('sha256', JSON.stringify(headers)),
    request_sha256: request_body === null ? null : hash('sha256', request_body),
  };
}

export function answerContent(answer: AnswerFacts): string {
  return SHIPPED.body('answer', answerRow(answer));
}

export interface Seal {
  readonly record_hmac: string | null;
  readonly hmac_key_id: string | null;
}

export function sealOf(body: string, key: RecordKey | null): Seal {
  return key === null
    ? { record_hmac: null, hmac_key_id: null }
    : {
        record_hmac: createHmac('sha256', imported(key.key)).update(body).digest('hex'),
        hmac_key_id: key.id,
      };
}

const KEY_OBJECTS = new WeakMap<Uint8Array, KeyObject>();

/** Cached: importing a key costs several times as much as sealing with it. */
function imported(key: Uint8Array): KeyObject {
  const known = KEY_OBJECTS.get(key) ?? createSecretKey(key);
  KEY_OBJECTS.set(key, known);
  return known;
}

/** What a leaf's `content_sha256` covers: the record together with its HMAC. */
export function sealedContent(body: string, seal: Seal): string {
  return `{"hmac_key_id":${flatValue(seal.hmac_key_id)},"record":${body},"record_hmac":${flatValue(seal.record_hmac)}}`;
}

/** The columns of a sealed record that hold its seal. */
export const SEAL_COLUMNS = ['record_hmac', 'hmac_key_id'] as const satisfies readonly (keyof Seal)[];

function sealIn(row: ContentRow): Seal {
  const text = (value: ContentRow[string] | undefined): string | null =>
    value === null || value === undefined ? null : String(value);
  return { record_hmac: text(row['record_hmac']), hmac_key_id: text(row['hmac_key_id']) };
}

export interface HmacCheck {
  /** Whether the HMAC matches; null if the record has none or its key is unavailable. */
  readonly holds: boolean | null;
  readonly keyId: string | null;
}

function hmacHolds(content: string, keyOf: (id: string) => RecordKey | null): HmacCheck {
  const [, keyId, body, hmac] =
    /^\{"hmac_key_id":(?:"([^"]+)"|null),"record":(.*),"record_hmac":(?:"([^"]*)"|null)\}$/s.exec(content) ??
    [];
  if (body === undefined) return { holds: null, keyId: null };
  // Prompter never writes half a seal.
  if ((keyId === undefined) !== (hmac === undefined)) return { holds: false, keyId: keyId ?? null };
  const key = keyId === undefined ? null : keyOf(keyId);
  return { holds: key === null ? null : sealOf(body, key).record_hmac === hmac, keyId: keyId ?? null };
}

/**
 * Checks a record's HMAC. It may match the text of any version, since it was made from the text of its time: each
 * version has another set of keys, and an HMAC of one cannot be made to fit another.
 * @param texts the record in each version, newest first
 */
export function checkHmac(texts: readonly string[], keyOf: (id: string) => RecordKey | null): HmacCheck {
  const checks = texts.map((text) => hmacHolds(text, keyOf));
  return checks.find(({ holds }) => holds === true) ?? checks[0] ?? { holds: null, keyId: null };
}
