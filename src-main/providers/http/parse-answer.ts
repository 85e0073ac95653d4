import { UNKNOWN_USAGE, gradeVersion } from '../../../src-shared/domain';
import type { JsonObject, JsonValue, Usage, VersionEvidence } from '../../../src-shared/domain';
import { PLAIN_BILLING } from '../../ports';
import type {
  AnswerPart,
  Billing,
  ParsedAnswer,
  ParseResult,
  ProviderFailure,
  StoredAnswer,
} from '../../ports';
import { isHeartbeat, looksLikeEvents, readEvents } from './sse';
import type { SseEvent } from './sse';
import { readJson, readText } from './content';
import { endFailure, NO_END } from './ending';
import type { Ending } from './ending';
import { errorIn } from './embedded-error';
import { clip, readErrorBody } from './error-body';
import { asList, isObject } from './json-read';
import { cutFailure, failureOf } from './provider-failure';
import { MAX_BODY_BYTES } from './transport';

export interface Assembled {
  /** What the provider would have sent without streaming, as far as it arrived. */
  readonly json: JsonObject | null;
  /**
   * `final`: the stream's end event arrived. `finished`: a finish reason arrived, which suffices if the body is
   * complete (some servers omit the end mark, and Gemini has none). `open`: neither.
   */
  readonly end: 'final' | 'finished' | 'open';
}

/** A normalised answer. */
export interface Reading extends Ending {
  readonly toolCalls: ParsedAnswer['toolCalls'];
  readonly thinkingText: string | null;
  readonly parts: readonly AnswerPart[];
  readonly usage: Usage;
  readonly billing: Billing;
  readonly evidence: VersionEvidence;
  readonly grounding: ParsedAnswer['grounding'];
}

/** How to read one API's answers. All methods are pure. */
export interface Dialect {
  /** Assembles a stream's events, errors included, so that one reader handles streamed and plain answers. */
  assemble(events: readonly JsonEvent[]): Assembled;
  /** Null if the object is not an answer of this API. */
  read(json: JsonObject, answer: StoredAnswer): Reading | null;
  /** An error specific to this API, unknown to `errorIn`. */
  ownError?(json: JsonObject): JsonObject | null;
}

export interface JsonEvent {
  readonly name: string | null;
  readonly json: JsonObject;
}

/** Parses stored bytes in a dialect. Pure and deterministic; never throws. */
export function parseAnswer(dialect: Dialect, answer: StoredAnswer): ParseResult {
  try {
    return parse(dialect, answer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `The answer could not be read: ${reason}` };
  }
}

function parse(dialect: Dialect, answer: StoredAnswer): ParseResult {
  const text = readText(answer.bytes, answer.headers, answer.complete);
  if (answer.httpStatus < 200 || answer.httpStatus >= 300)
    return parseErrorStatus(answer, text.ok ? text.text : '');
  if (!text.ok) return answer.complete ? text : cut(dialect, answer, null, truncationMessage(answer));
  if (looksLikeEvents(text.text)) return parseStream(dialect, answer, text.text);

  const json = readJson(text.text);
  if (json.ok && asList(json.value).filter(isObject).length > 1)
    return parseEvents(dialect, answer, listed(json.value));
  const value = json.ok ? unwrap(json.value) : null;
  const error = value === null ? null : errorOf(dialect, value);
  if (error !== null) return { ok: true, answer: errored(dialect, answer, value, error) };
  if (!answer.complete) return cut(dialect, answer, value, truncationMessage(answer));
  if (!json.ok) return json;
  if (value === null) return { ok: false, message: 'The answer is JSON, but not an object.' };
  return whole(dialect, answer, value);
}

function parseErrorStatus(answer: StoredAnswer, text: string): ParseResult {
  const json = readJson(text);
  const failure = failureOf(answer, json.ok ? json.value : null, json.ok ? null : json.message);
  return { ok: true, answer: bare(answer, json.ok ? json.value : null, failure) };
}

function parseStream(dialect: Dialect, answer: StoredAnswer, text: string): ParseResult {
  return parseEvents(dialect, answer, jsonEvents(readEvents(text)));
}

interface Events {
  readonly events: readonly JsonEvent[];
  readonly problem: string | null;
}

function parseEvents(dialect: Dialect, answer: StoredAnswer, { events, problem }: Events): ParseResult {
  const { json, end } = dialect.assemble(events);
  const error = firstError(dialect, events);
  if (error !== null) return { ok: true, answer: errored(dialect, answer, json, error) };
  if (!answer.complete && end !== 'final') return cut(dialect, answer, json, truncationMessage(answer));
  if (problem !== null && end !== 'final') return { ok: false, message: problem };
  if (end === 'open') return cut(dialect, answer, json, NO_END);
  return whole(dialect, answer, json);
}

function whole(dialect: Dialect, answer: StoredAnswer, json: JsonObject | null): ParseResult {
  const reading = json === null ? null : dialect.read(json, answer);
  return reading === null
    ? {
        ok: false,
        message: `The answer is not a valid ${answer.api} answer: its fields are missing.${textIn(json)}`,
      }
    : { ok: true, answer: complete(answer, json, reading, null) };
}

/** The text of an object that is neither an answer nor an error: usually it says why there is no answer. */
function textIn(json: JsonObject | null): string {
  if (json === null || Object.keys(json).length === 0) return '';
  return ` It says: ${clip(readErrorBody(json).message ?? JSON.stringify(json), SHOWN)}`;
}

const SHOWN = 500;

function errorOf(dialect: Dialect, json: JsonObject): JsonObject | null {
  return dialect.ownError?.(json) ?? errorIn(json);
}

function firstError(dialect: Dialect, events: readonly JsonEvent[]): JsonObject | null {
  for (const { name, json } of events) {
    const error = errorOf(dialect, json) ?? (name === 'error' ? json : null);
    if (error !== null) return error;
  }
  return null;
}

/** The events that carry JSON objects; stops at the first that should and does not. */
function jsonEvents(events: readonly SseEvent[]): Events {
  const read: JsonEvent[] = [];
  for (const event of events) {
    const { name, data } = event;
    // Chat streams end with the only meaningful event that is not JSON.
    if (data.trim() === '[DONE]') {
      read.push({ name: '[DONE]', json: {} });
      continue;
    }
    const json = readJson(data);
    const objects = json.ok ? objectsIn(json.value) : [];
    if (objects.length > 0) read.push(...objects.map((value) => ({ name, json: value })));
    // An `error` event counts whatever its data, even without any.
    else if (name === 'error') read.push({ name, json: { error: json.ok ? json.value : data } });
    else if (isHeartbeat(event) || (json.ok && isEmpty(json.value))) continue;
    else {
      const problem = json.ok ? `It is ${data.slice(0, 40).toWellFormed()}, not an object.` : json.message;
      return { events: read, problem: `An event of the stream is malformed. ${problem}` };
    }
  }
  return { events: read, problem: null };
}

function isEmpty(value: JsonValue): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** Without `alt=sse`, Gemini streams a JSON array of the same objects. */
function listed(value: JsonValue): Events {
  return { events: objectsIn(value).map((json) => ({ name: null, json })), problem: null };
}

function objectsIn(value: JsonValue): JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

/** Gemini sends some errors as a list of one. */
function unwrap(value: JsonValue): JsonObject | null {
  const inner = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : null;
}

function truncationMessage(answer: StoredAnswer): string {
  if (answer.bytes.length > MAX_BODY_BYTES - 1024 * 1024) {
    return `The answer is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB and was cut off there.`;
  }
  if (answer.stopped === true)
    return `Stopped by you after ${answer.bytes.length} bytes. The provider may bill the call.`;
  return `The answer was cut off after ${answer.bytes.length} bytes.`;
}

function cut(dialect: Dialect, answer: StoredAnswer, json: JsonObject | null, message: string): ParseResult {
  return { ok: true, answer: failed(dialect, answer, json, cutFailure(answer, message)) };
}

/** An error, with whatever part of an answer came before it. A part is billed, so then there is no automatic retry. */
function errored(
  dialect: Dialect,
  answer: StoredAnswer,
  json: JsonObject | null,
  error: JsonObject,
): ParsedAnswer {
  // An error without a message is shown raw, without the answer around it.
  const bytes = Buffer.from(JSON.stringify(error['error'] ?? error['errors'] ?? error));
  const headers = answer.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
  const failure = failureOf({ ...answer, bytes, headers }, error, null);
  const read = failed(dialect, answer, json, failure);
  const isPaid =
    read.outputText !== null ||
    read.toolCalls.length > 0 ||
    Object.values(read.usage).some((count) => count !== null);
  return isPaid ? { ...read, failure: { ...failure, retryable: false, notAccepted: false } } : read;
}

/** A failed answer keeps what arrived: text so far, usage, version. */
function failed(
  dialect: Dialect,
  answer: StoredAnswer,
  json: JsonObject | null,
  failure: ProviderFailure,
): ParsedAnswer {
  const reading = json === null ? null : dialect.read(json, answer);
  return reading === null ? bare(answer, json, failure) : complete(answer, json, reading, failure);
}

/** `failure`: why the answer did not end normally; null if it did, and its ending decides. */
function complete(
  answer: StoredAnswer,
  responseJson: JsonValue | null,
  reading: Reading,
  failure: ProviderFailure | null,
): ParsedAnswer {
  const { toolCalls, thinkingText, parts, finishReason, usage, billing, evidence, grounding } = reading;
  return {
    responseJson,
    // Streams often open with an empty piece: an empty text counts as none.
    outputText: reading.outputText === '' ? null : reading.outputText,
    toolCalls,
    thinkingText,
    parts,
    finishReason,
    usage,
    billing,
    version: gradeVersion({ providerId: answer.providerId, api: answer.api, evidence }),
    failure: failure ?? endFailure(answer, reading),
    hasEnded: failure === null,
    grounding,
  };
}

function bare(answer: StoredAnswer, responseJson: JsonValue | null, failure: ProviderFailure): ParsedAnswer {
  const evidence = {
    requested_model: answer.requestedModel,
    echoed_model: null,
    system_fingerprint: null,
    extra: {},
  };
  return {
    responseJson,
    outputText: null,
    toolCalls: [],
    thinkingText: null,
    parts: [],
    finishReason: null,
    usage: UNKNOWN_USAGE,
    billing: PLAIN_BILLING,
    version: gradeVersion({ providerId: answer.providerId, api: answer.api, evidence }),
    failure,
    hasEnded: false,
    grounding: null,
  };
}
