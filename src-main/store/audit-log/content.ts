import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { canonicalJsonOfValue } from '../../../src-shared/domain/canonical';
import { budgetRemovedContent, PLAIN_ROW_TYPES, plainRowOf, type PlainRowType } from './rows';
import { AUDIT_SOURCES, type AuditSource } from './sources';
import type { ReadDb, RecordKey } from '../engine/db';
import { flatJson, flatValue, type ContentRow } from './flat-json';

const RESTORED_SQL = `SELECT value FROM settings WHERE key = 'restored:' || ?`;

/** What a leaf can be about. One record has several over time: what was asked, what was answered, that it was archived. */
export const RECORD_TYPES = [
  'template',
  'template_archived',
  'label',
  'connection',
  'connection_change',
  'connection_archived',
  'version',
  'run',
  'retry',
  'result',
  'answer',
  ...PLAIN_ROW_TYPES,
  'budget_removed',
  'restored',
  'review',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** Entries that say how something stands, by what they are about: of each record only the last one has to hold. */
const STATES: Partial<Record<RecordType, string>> = {
  result: 'run',
  retry: 'run',
  budget: 'budget',
  budget_removed: 'budget',
  connection_key: 'connection_key',
};
export function stateOf(type: RecordType): string | null {
  return STATES[type] ?? null;
}

export interface Seal {
  readonly record_hmac: string | null;
  readonly hmac_key_id: string | null;
}

/** The canonical JSON of the immutable side of a template, of which `record_hmac` is made. */
export function templateBody(row: ContentRow): string {
  return AUDIT_SOURCES.template.write(row);
}

/** The canonical JSON of what was asked in a run, of which `record_hmac` is made. */
export function runBody(row: ContentRow): string {
  return AUDIT_SOURCES.run.write(row);
}

/** The canonical JSON of what a run was answered. */
export function resultBody(row: ContentRow): string {
  return AUDIT_SOURCES.result.write(row);
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

/** Importing a key costs several times what a seal under it does. */
function imported(key: Uint8Array): KeyObject {
  const known = KEY_OBJECTS.get(key) ?? createSecretKey(key);
  KEY_OBJECTS.set(key, known);
  return known;
}

/** What a leaf's `content_sha256` is of: the record with its HMAC beside it. */
export function sealedContent(body: string, seal: Seal): string {
  return `{"hmac_key_id":${flatValue(seal.hmac_key_id)},"record":${body},"record_hmac":${flatValue(seal.record_hmac)}}`;
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
  /** Of the bytes as they rest; `sha256` is of those that came, before an echoed key was overwritten. */
  readonly bytes_sha256: string;
  readonly request_body: string | null;
}

const ANSWER = flatJson([
  'attempt_id',
  'bytes_sha256',
  'complete',
  'content_type',
  'headers_sha256',
  'http_status',
  'redacted',
  'request_sha256',
  'sha256',
  'size',
  'stored_at',
]);

export function answerContent(answer: AnswerFacts): string {
  const { headers, request_body, ...facts } = answer;
  const row = {
    ...facts,
    complete: Number(facts.complete),
    redacted: Number(facts.redacted),
    headers_sha256: hash('sha256', JSON.stringify(headers)),
    request_sha256: request_body === null ? null : hash('sha256', request_body),
  };
  return ANSWER(row);
}

/** A retry clears the run's result: from here the last result does not stand any more. */
export function retryContent(runId: string): string {
  return canonicalJsonOfValue({ run_id: runId });
}

/** A kind of record that rests in one row. */
export type RowType = Exclude<RecordType, 'answer'>;

/** What the row holds now, as canonical JSON; null where there is no such record. */
export function rowContentOf(db: ReadDb, type: RowType, id: string): string | null {
  switch (type) {
    case 'retry':
      return retryContent(id);
    case 'restored':
      return db.prepare<[string], { value: string }>(RESTORED_SQL).get(id)?.value ?? null;
    case 'budget_removed':
      return budgetRemovedContent(db, id);
    default:
      return isPlain(type) ? plainContentOf(db, type, id) : sourceContentOf(db, AUDIT_SOURCES[type], id);
  }
}

/** A record with the columns that it was written from. */
export interface StoredContent {
  readonly content: string;
  readonly row: ContentRow;
}

/**
 * What many rows hold now, by their ids: a fraction of the time of asking one by one. An id that is missing here is to be
 * asked for by itself: its record is large, of a kind that does not rest in one row, or not there.
 */
export function rowContentsOf(
  db: ReadDb,
  type: string,
  ids: readonly string[],
): ReadonlyMap<string, StoredContent> {
  const contents = new Map<string, StoredContent>();
  const source = sourceOf(type);
  if (!source) return contents;
  for (const row of db.prepare<[string], ContentRow>(source.many).all(JSON.stringify(ids))) {
    contents.set(String(row[source.key]), { content: contentOfRow(source, row), row });
  }
  return contents;
}

function sourceOf(type: string): AuditSource | undefined {
  const sources: Readonly<Record<string, AuditSource>> = AUDIT_SOURCES;
  return Object.hasOwn(sources, type) ? sources[type] : undefined;
}

function sourceContentOf(db: ReadDb, source: AuditSource, id: string): string | null {
  const row = db.prepare<[string], ContentRow>(source.one).get(id);
  return row ? contentOfRow(source, row) : null;
}

function contentOfRow(source: AuditSource, row: ContentRow): string {
  const body = source.write(row);
  if (!source.sealed) return body;
  const text = (value: ContentRow[string] | undefined): string | null =>
    value === null || value === undefined ? null : String(value);
  return sealedContent(body, {
    record_hmac: text(row['record_hmac']),
    hmac_key_id: text(row['hmac_key_id']),
  });
}

function isPlain(type: RowType): type is PlainRowType {
  const plain: readonly string[] = PLAIN_ROW_TYPES;
  return plain.includes(type);
}

function plainContentOf(db: ReadDb, type: PlainRowType, id: string): string | null {
  const row = plainRowOf(db, type, id);
  return row ? whole(row) : null;
}

/** Whether the record's HMAC is what its key gives; null where it has none, or the key is not at hand. */
export function hmacHolds(
  content: string,
  keyOf: (id: string) => RecordKey | null,
): { holds: boolean | null; keyId: string | null } {
  const [, keyId, body, hmac] =
    /^\{"hmac_key_id":(?:"([^"]+)"|null),"record":(.*),"record_hmac":(?:"([^"]*)"|null)\}$/s.exec(content) ??
    [];
  if (body === undefined) return { holds: null, keyId: null };
  // Half a seal was never written by Prompter.
  if ((keyId === undefined) !== (hmac === undefined)) return { holds: false, keyId: keyId ?? null };
  const key = keyId === undefined ? null : keyOf(keyId);
  return { holds: key === null ? null : sealOf(body, key).record_hmac === hmac, keyId: keyId ?? null };
}

/** The canonical JSON of a row, whatever columns it has. */
function whole(row: ContentRow): string {
  return flatJson(Object.keys(row).toSorted())(row);
}
