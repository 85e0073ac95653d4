import { UNKNOWN_USAGE, gradeVersion } from '../../../src-shared/domain';
import type { FinishReason, JsonObject, JsonValue, Usage, VersionEvidence } from '../../../src-shared/domain';
import type { ParsedAnswer, ParseResult, ProviderFailure, StoredAnswer } from '../../ports';
import { looksLikeEvents, readEvents } from './sse';
import type { SseEvent } from './sse';
import { readJson, readText } from './content';
import { cutFailure, failureOf } from './provider-failure';
import { MAX_BODY_BYTES } from './transport';

/** A stream's events put together. */
export interface Assembled {
  /** The object that the provider would have sent without streaming, as far as it came. */
  readonly json: JsonObject | null;
  /**
   * `final`: the event came that ends such a stream. `finished`: a finish reason came, which is enough where the body
   * came whole (some servers leave the end mark out, Gemini has none). `open`: neither.
   */
  readonly end: 'final' | 'finished' | 'open';
  /** An error that the provider reported inside the stream. */
  readonly error: JsonValue | null;
}

/** What one answer object says, in our words. */
export interface Reading {
  readonly outputText: string | null;
  readonly finishReason: FinishReason | null;
  readonly usage: Usage;
  readonly evidence: VersionEvidence;
  readonly grounding: ParsedAnswer['grounding'];
  readonly failure: ProviderFailure | null;
}

/** How one API writes its answers. All of it is pure. */
export interface Dialect {
  assemble(events: readonly JsonEvent[]): Assembled;
  /** Null where the object is not an answer of this API. */
  read(json: JsonObject, answer: StoredAnswer): Reading | null;
  /** An error that came with a success status, or null. */
  embeddedError(json: JsonObject): JsonValue | null;
}

export interface JsonEvent {
  readonly name: string | null;
  readonly json: JsonObject;
}

/** Reads stored bytes with a dialect. Pure and deterministic; never throws. */
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
  if (!text.ok) return answer.complete ? text : cut(dialect, answer, null, brokenOff(answer));
  if (looksLikeEvents(text.text)) return parseStream(dialect, answer, text.text);

  const json = readJson(text.text);
  if (!answer.complete) return cut(dialect, answer, json.ok ? json.value : null, brokenOff(answer));
  if (!json.ok) return json;
  const value = unwrap(json.value);
  if (value === null) return { ok: false, message: 'The answer is JSON, but not an object.' };
  const error = dialect.embeddedError(value);
  if (error !== null)
    return { ok: true, answer: failed(dialect, answer, value, failureOf(answer, error, null)) };
  const reading = dialect.read(value, answer);
  if (reading === null)
    return { ok: false, message: `The answer is not one of ${answer.api}: its fields are missing.` };
  return { ok: true, answer: complete(answer, value, reading, reading.failure) };
}

function parseErrorStatus(answer: StoredAnswer, text: string): ParseResult {
  const json = readJson(text);
  const failure = failureOf(answer, json.ok ? json.value : null, json.ok ? null : json.message);
  return { ok: true, answer: bare(answer, json.ok ? json.value : null, failure) };
}

function parseStream(dialect: Dialect, answer: StoredAnswer, text: string): ParseResult {
  const { events, problem } = jsonEvents(readEvents(text));
  const assembled = dialect.assemble(events);
  if (assembled.error !== null) {
    const failure = failureOf(answer, assembled.error, null);
    // What had been written before the error is paid, so it is not sent again by itself.
    const retryable = failure.retryable && assembled.json === null;
    return { ok: true, answer: failed(dialect, answer, assembled.json, { ...failure, retryable }) };
  }
  if (!answer.complete && assembled.end !== 'final')
    return cut(dialect, answer, assembled.json, brokenOff(answer));
  if (problem !== null && assembled.end !== 'final') return { ok: false, message: problem };
  if (assembled.end === 'open')
    return cut(dialect, answer, assembled.json, 'The stream ended without its final event.');
  const reading = assembled.json === null ? null : dialect.read(assembled.json, answer);
  if (assembled.json === null || reading === null) {
    return { ok: false, message: `The stream holds no answer of ${answer.api}.` };
  }
  return { ok: true, answer: complete(answer, assembled.json, reading, reading.failure) };
}

/** The events whose data is a JSON object; the first that should be one and is not ends the reading. */
function jsonEvents(events: readonly SseEvent[]): { events: JsonEvent[]; problem: string | null } {
  const read: JsonEvent[] = [];
  for (const { name, data } of events) {
    // The end mark of chat streams is the one event without JSON.
    if (data.trim() === '[DONE]') {
      read.push({ name: '[DONE]', json: {} });
      continue;
    }
    const json = readJson(data);
    if (!json.ok) return { events: read, problem: `An event of the stream is broken. ${json.message}` };
    const value = unwrap(json.value);
    if (value !== null) read.push({ name, json: value });
  }
  return { events: read, problem: null };
}

/** Gemini answers some errors as a list of one. */
function unwrap(value: JsonValue): JsonObject | null {
  const inner = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : null;
}

function brokenOff(answer: StoredAnswer): string {
  if (answer.bytes.length > MAX_BODY_BYTES - 1024 * 1024) {
    return `The answer is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB and was broken off there.`;
  }
  return `The answer broke off after ${answer.bytes.length} bytes.`;
}

function cut(dialect: Dialect, answer: StoredAnswer, json: JsonValue | null, message: string): ParseResult {
  const value = json === null ? null : unwrap(json);
  return { ok: true, answer: failed(dialect, answer, value, cutFailure(answer, message)) };
}

/** A failed answer still shows what it holds: text so far, usage, version. */
function failed(
  dialect: Dialect,
  answer: StoredAnswer,
  json: JsonObject | null,
  failure: ProviderFailure,
): ParsedAnswer {
  const reading = json === null ? null : dialect.read(json, answer);
  return reading === null ? bare(answer, json, failure) : complete(answer, json, reading, failure);
}

function complete(
  answer: StoredAnswer,
  responseJson: JsonValue | null,
  reading: Reading,
  failure: ProviderFailure | null,
): ParsedAnswer {
  const { outputText, finishReason, usage, evidence, grounding } = reading;
  const version = gradeVersion({ providerId: answer.providerId, api: answer.api, evidence });
  return { responseJson, outputText, finishReason, usage, version, failure, grounding };
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
    finishReason: null,
    usage: UNKNOWN_USAGE,
    version: gradeVersion({ providerId: answer.providerId, api: answer.api, evidence }),
    failure,
    grounding: null,
  };
}
