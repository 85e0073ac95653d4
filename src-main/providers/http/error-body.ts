import type { JsonObject, JsonValue } from '../../../src-shared/domain';
import type { StoredAnswer } from '../../ports';
import { decodeContent, readJson } from './content';
import { asList, asObject, asObjects, asText, asWord, isObject } from './json-read';
import type { Maybe } from './json-read';

/** What a provider's error body says, whatever its shape. */
export interface ErrorFacts {
  /** The server's own message. */
  readonly message: string | null;
  /** The most specific code: `code`, else `status`, else `type`. */
  readonly word: string | null;
  /** Every code in the error, for classification. */
  readonly words: readonly string[];
  /** The HTTP status in the body; null if it has none that means an error. */
  readonly status: number | null;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
}

/** Deeper than any gateway nests errors. */
const MAX_NESTING = 8;

/**
 * Reads an error body by its contents, whoever sent it (docs/providers.md#errors): an object or a text under `error`, a
 * list under `errors`, a `message` that is itself an object, FastAPI's `detail`, OAuth's `error_description`, RFC 9457
 * problems, vLLM's flat form, Gemini's list of one, JSON inside a text.
 */
export function readErrorBody(body: JsonValue | null): ErrorFacts {
  const layers = layersOf(body, MAX_NESTING);
  const details = layers.flatMap((layer) => asObjects(layer['details']));
  const words = unique([...layers.flatMap(wordsOf), ...details.flatMap(quotaCodes)]);
  return {
    message: textOf(body, MAX_NESTING),
    word: words.find((word) => word !== 'error') ?? firstOf(layers, (layer) => numberWord(layer['code'])),
    words,
    status: firstOf(layers, statusIn),
    param: firstOf(layers, ({ param }) => asWord(param)),
    requestId: firstOf(layers, (layer) => asWord(layer['request_id'])),
    retryAfterMs: retryInfoMs(details),
  };
}

/** The objects that may describe the error, innermost first: a wrapped error says more than the gateway's wrapper. */
function layersOf(value: Maybe, levels: number): JsonObject[] {
  if (levels === 0) return [];
  if (Array.isArray(value)) return value.flatMap((item) => layersOf(item, levels - 1));
  if (typeof value === 'string') return layersOf(jsonIn(value), levels - 1);
  if (!isObject(value)) return [];
  const wrapped = ['error', 'errors', 'message', 'detail', 'fault'].flatMap((name) =>
    layersOf(value[name], levels - 1),
  );
  return [...wrapped, ...layersOf(asObject(value['metadata'])['raw'], levels - 1), value];
}

function jsonIn(text: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const json = readJson(text);
  return json.ok ? json.value : undefined;
}

function firstOf<T>(layers: readonly JsonObject[], read: (layer: JsonObject) => T | null): T | null {
  for (const layer of layers) {
    const found = read(layer);
    if (found !== null) return found;
  }
  return null;
}

function wordsOf(layer: JsonObject): string[] {
  return [
    layer['code'],
    layer['status'],
    layer['type'],
    layer['reason'],
    // OAuth's `{"error":"invalid_client"}`.
    layer['error'],
    ...asObjects(layer['details']).map((detail) => detail['reason']),
    asObject(layer['details'])['error_code'],
  ].flatMap(codeIn);
}

/** A code is one word; sentences are messages, and numbers are statuses. RFC 9457 problems name their type by URI. */
function codeIn(value: Maybe): string[] {
  const text = asText(value) ?? '';
  const word = /^https?:/.test(text) ? (/[^/#]+$/.exec(text)?.[0] ?? '') : text;
  const isWord = /^\S{1,100}$/.test(word) && !/^\d+$/.test(word) && word !== 'about:blank';
  return isWord ? [word.toWellFormed()] : [];
}

/** google.rpc.QuotaFailure names the exceeded limit, such as GenerateRequestsPerDayPerProjectPerModel-FreeTier. */
function quotaCodes(detail: JsonObject): string[] {
  return asObjects(detail['violations'])
    .map(({ quotaId }) => asWord(quotaId))
    .filter((id) => id !== null);
}

function numberWord(code: Maybe): string | null {
  return typeof code === 'number' ? String(code) : asWord(code);
}

const STATUS_FIELDS = [
  'code',
  'status',
  'status_code',
  'statusCode',
  'http_status',
  'httpStatus',
  'http_status_code',
  'httpStatusCode',
  'http_code',
  'httpCode',
  'error_code',
];

/** An error status, as a number or a text. Excludes vendors' own numbers (1302) and success (200). */
export function statusIn(layer: JsonObject): number | null {
  for (const field of STATUS_FIELDS) {
    const value = layer[field];
    const status =
      typeof value === 'string' && /^\s*\d{3}\b/.test(value) ? Number.parseInt(value, 10) : value;
    if (typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599)
      return status;
  }
  return null;
}

/** google.rpc.RetryInfo: a protobuf duration such as `33s` or `0.5s`. */
function retryInfoMs(details: readonly JsonObject[]): number | null {
  for (const detail of details) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asText(detail['retryDelay']) ?? '')?.[1];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000);
  }
  return null;
}

/** Fields that hold the message, best first. `title` is read with `detail` (RFC 9457). */
const TEXT_FIELDS = [
  'message',
  'Message',
  'msg',
  'error_description',
  'error_message',
  'errorMessage',
  'error_msg',
  'detail',
  'title',
  'description',
  'faultstring',
  'reason',
];

function textOf(value: Maybe, levels: number): string | null {
  if (levels === 0) return null;
  if (typeof value === 'string') {
    const inner = jsonIn(value);
    return (inner === undefined ? null : textOf(inner, levels - 1)) ?? sentence(value);
  }
  if (Array.isArray(value)) {
    const texts = unique(value.flatMap((item) => textOf(item, levels - 1) ?? []));
    return texts.length === 0 ? null : texts.join('; ');
  }
  if (!isObject(value)) return null;
  const wrapped = typeof value['error'] === 'string' ? null : textOf(value['error'], levels - 1);
  const said = wrapped ?? ownText(value, levels);
  const more =
    textOf(value['errors'], levels - 1) ??
    byField(asObject(value['errors']), levels - 1) ??
    textOf(asObject(value['metadata'])['raw'], levels - 1);
  const text = join(said, more);
  return (
    text ??
    // A bare code is better than nothing: `{"error":"invalid_client"}`.
    (typeof value['error'] === 'string' ? textOf(value['error'], levels - 1) : null) ??
    textOf(value['fault'], levels - 1) ??
    textOf(value['details'], levels - 1)
  );
}

/** Errors by field, as web frameworks report them: `{"errors":{"model":["is required"]}}`. */
function byField(problems: JsonObject, levels: number): string | null {
  const texts = Object.entries(problems).flatMap(([field, problem]) => {
    const text = textOf(problem, levels - 1);
    return text === null ? [] : [`${field.toWellFormed()}: ${text}`];
  });
  return texts.length === 0 ? null : texts.join('; ');
}

function ownText(value: JsonObject, levels: number): string | null {
  for (const field of TEXT_FIELDS) {
    const text = textOf(value[field], levels - 1);
    if (text === null) continue;
    if (field === 'msg') return join(placeOf(value), text);
    return field === 'detail' ? join(sentence(value['title']), text) : text;
  }
  return null;
}

/** The location that FastAPI gives: `["body", "x"]`. */
function placeOf({ loc }: JsonObject): string | null {
  const steps = asList(loc).filter((step) => typeof step === 'string' || typeof step === 'number');
  return steps.length === 0 ? null : steps.join('.').toWellFormed();
}

function join(first: string | null, second: string | null): string | null {
  if (first === null || second === null) return first ?? second;
  if (first.includes(second)) return first;
  if (second.startsWith(first)) return second;
  return `${first.replace(/[.:]$/, '')}: ${second}`;
}

function sentence(value: Maybe): string | null {
  return typeof value === 'string' ? asWord(value.trim()) : null;
}

const EXCERPT_SCAN_BYTES = 16 * 1024;

/** Summarises a body without an error object: the title of an HTML page, an XML message, else the first characters. */
export function bodyExcerpt(answer: Pick<StoredAnswer, 'bytes' | 'headers'>): string | null {
  const decoded = decodeContent(answer.bytes, answer.headers);
  if (!decoded.ok) return null;
  const { buffer, byteOffset, byteLength } = decoded.bytes;
  const text = Buffer.from(buffer, byteOffset, Math.min(byteLength, EXCERPT_SCAN_BYTES)).toString('utf8');
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  const said = trimmed.startsWith('<') ? (markupText(trimmed) ?? trimmed) : trimmed;
  return said === '' ? null : said;
}

function markupText(markup: string): string | null {
  for (const pattern of [/<title[^>]*>([^<]+)</i, /<message[^>]*>([^<]+)</i, /<h1[^>]*>([^<]+)</i]) {
    const text = sentence(plain(pattern.exec(markup)?.[1] ?? ''));
    if (text !== null) return text;
  }
  return sentence(plain(markup.replace(/<(script|style)[^>]*>[^]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ')));
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  nbsp: ' ',
};

function plain(text: string): string {
  return text
    .replace(/&([a-z]+|#39);/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .replace(/\s+/g, ' ');
}

/** Truncates without splitting a surrogate pair. */
export function clip(text: string, length: number): string {
  return text.length <= length
    ? text.toWellFormed()
    : `${text
        .slice(0, length)
        .replace(/[\uD800-\uDBFF]$/, '')
        .toWellFormed()}…`;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
