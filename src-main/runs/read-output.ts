import { hash } from 'node:crypto';
import { jsonrepair } from 'jsonrepair';
import { isBlank, type JsonObject, type JsonValue, type Template } from '../../src-shared/domain';
import {
  canonicalJson,
  canonicalText,
  canonicalToolOutput,
  isCanonicalError,
  type CanonicalError,
} from '../../src-shared/domain/canonical';
import { placeOf } from '../../src-shared/files';
import type { AnswerPart, ParsedAnswer } from '../ports';
import { checkAgainstSchema, problemText, type SchemaProblem } from '../templates';

export interface OutputReading {
  /** How the output was read; null if it could not be. */
  readonly method: 'direct' | 'jsonrepair' | null;
  /** Why the original output is not JSON; null if it is, or if none was requested. */
  readonly parseError: string | null;
  /** Whether the original output is valid; null if no JSON was requested. */
  readonly valid: boolean | null;
  /** What is wrong with the output, as text; null if nothing is. */
  readonly invalid: string | null;
  /**
   * Of the canonical form: with its tool calls if there are any, else JSON if the output is JSON, else text
   * (docs/canonical.md#answers-that-call-tools).
   */
  readonly sha256: string | null;
  /** JSON found in, or made from, an output that is not JSON: a proposal for a reviewer, never the run's output. */
  readonly repaired: string | null;
}

/**
 * How an answer's output is read. The rule of the two parse methods:
 *
 * | the answer                                                    | method       | the run                            |
 * | ------------------------------------------------------------- | ------------ | ---------------------------------- |
 * | its envelope (the provider's own JSON or stream) is broken    | null         | failed `parse_failed`, review      |
 * | it holds no output                                            | `direct`     | failed `output_invalid`; review    |
 * |                                                               |              | where a schema asks for JSON       |
 * | no text, no schema is asked for, it calls offered tools only  | `direct`     | stands                             |
 * | no schema is asked for: the output is text                    | `direct`     | stands                             |
 * | schema; the output is JSON and matches it                     | `direct`     | stands                             |
 * | schema; the output is JSON and does not match it              | `direct`     | failed `output_invalid`, review    |
 * | schema; not JSON, but one piece of it is JSON that matches    | `jsonrepair` | failed `output_invalid`, review    |
 * | schema; not JSON, but jsonrepair makes JSON that matches      | `jsonrepair` | failed `output_invalid`, review    |
 * | schema; not JSON, and no repair of it matches                 | null         | failed `output_invalid`, review    |
 * | the provider failed, declined, or the answer was cut off      | `direct`     | failed by that; nothing to review  |
 *
 * Strict JSON allows no silent repair (docs/reliability.md#strict-json), so a repair never makes a run succeed: its
 * output stays invalid, its hash is of what came, and the repaired text is only proposed to whoever reviews the run.
 * An envelope is never repaired: a guess there would invent tokens, versions and costs. Neither is an output that was
 * cut off, by its token limit, a filter, an error or on the wire: closing its brackets would pass half an answer off
 * as a whole one.
 */
export function readOutput(
  { outputText: text, toolCalls }: Pick<ParsedAnswer, 'outputText' | 'toolCalls'>,
  schema: JsonObject | null,
  isWhole: boolean,
): OutputReading {
  const read = readText(text, schema, isWhole);
  if (toolCalls.length === 0) return read;
  const isCallsAlone = schema === null && !isOutput(text);
  return {
    ...read,
    // Whether such calls are an output depends on what was offered: `whyNoOutput`.
    invalid: isCallsAlone ? null : read.invalid,
    sha256: hash('sha256', canonicalToolOutput(text, toolCalls)),
  };
}

function readText(text: string | null, schema: JsonObject | null, isWhole: boolean): OutputReading {
  const read: OutputReading = {
    method: 'direct',
    parseError: null,
    valid: null,
    invalid: null,
    sha256: null,
    repaired: null,
  };
  if (!isOutput(text)) {
    const sha256 = text === null ? null : hash('sha256', canonicalText(text));
    return { ...read, valid: schema === null ? null : false, invalid: NO_OUTPUT, sha256 };
  }
  if (schema === null) return { ...read, sha256: hash('sha256', canonicalText(text)) };
  const json = readJsonText(text);
  if (json.ok) {
    const sha256 = hash('sha256', json.canonical);
    const check = checkAgainstSchema(schema, json.value);
    if (check.valid) return { ...read, valid: true, sha256 };
    const invalid = `${SCHEMA_MISMATCH}${problemText(check.problems)}`;
    return { ...read, valid: false, sha256, invalid };
  }
  const failed = {
    ...read,
    valid: false,
    invalid: `The output is not valid JSON: ${json.message}`,
    sha256: hash('sha256', canonicalText(text)),
  };
  if (!isWhole) return failed;
  const repaired = repair(text, schema);
  return {
    ...failed,
    method: repaired === null ? null : 'jsonrepair',
    parseError: `The output is not valid JSON: ${json.message}`,
    repaired,
  };
}

/** Invisible characters say nothing: such a text is no output, whatever else the answer holds. */
function isOutput(text: string | null): text is string {
  return text !== null && !isBlank(text);
}

/** Prefix of the failure message for JSON that violates the schema; the violations follow. */
export const SCHEMA_MISMATCH = 'The output does not match the response schema: ';

const NO_OUTPUT = 'The answer has no output.';

/**
 * Why an answer with an acceptable ending still fails; null if it holds what was asked for. The one rule for all
 * protocols, streamed or not: without a text there is no output, unless the answer calls tools that the template offers,
 * and no response schema asks for a text (docs/providers.md#ends).
 */
export function whyNoOutput(
  answer: Pick<ParsedAnswer, 'outputText' | 'toolCalls' | 'parts' | 'finishReason'>,
  template: Pick<Template, 'tools' | 'tool_choice' | 'response_schema'>,
): string | null {
  const { outputText, toolCalls, parts, finishReason } = answer;
  if (isOutput(outputText)) return null;
  const isCut = finishReason?.unified === 'length';
  const notOffered = callsNotOffered(answer, template);
  if (toolCalls.length > 0 && notOffered.length === 0 && template.response_schema === null && !isCut)
    return null;
  const came = [
    ...callWords(toolCalls.length, notOffered, template),
    ...parts.map((part) => PART_WORDS[part]),
  ];
  const held = came.length === 0 ? '' : `, only ${came.join(' and ')}`;
  const raw = finishReason?.raw ?? null;
  const end =
    raw === null
      ? ''
      : isCut
        ? ` The token limit was reached before any text came (finish reason: ${raw}).`
        : ` Its finish reason is "${raw}".`;
  return `The answer has no text${held}.${end}`;
}

/** Names that the answer calls, once each, and the model was not to call: nobody could execute those calls. */
function callsNotOffered(
  { toolCalls }: Pick<ParsedAnswer, 'toolCalls'>,
  { tools, tool_choice }: Pick<Template, 'tools' | 'tool_choice'>,
): string[] {
  const offered = new Set(tool_choice === 'none' ? [] : tools.map(({ name }) => name));
  return [...new Set(toolCalls.map(({ name }) => name))].filter((name) => !offered.has(name));
}

function callWords(
  count: number,
  notOffered: readonly string[],
  { tools }: Pick<Template, 'tools'>,
): string[] {
  if (count === 0) return [];
  if (notOffered.length === 0) return [count === 1 ? 'a tool call' : 'tool calls'];
  const named = tools.length === 0 ? '' : ` (${notOffered.map((name) => `"${name}"`).join(', ')})`;
  return [`a call to a tool that was not offered${named}`];
}

const PART_WORDS: Readonly<Record<AnswerPart, string>> = {
  reasoning: 'reasoning',
  media: 'media that is not text',
};

export type JsonText =
  | { readonly ok: true; readonly value: JsonValue; readonly canonical: string }
  | { readonly ok: false; readonly message: string; readonly offset: number | null };

/** Parses one JSON value strictly: no duplicate keys, no lone surrogates, nothing after it (docs/canonical.md#json). */
export function readJsonText(text: string): JsonText {
  try {
    const canonical = canonicalJson(text);
    const value: JsonValue = JSON.parse(text);
    return { ok: true, value, canonical };
  } catch (error) {
    if (!isCanonicalError(error)) throw error;
    return { ok: false, message: parseErrorMessage(text, error), offset: error.offset ?? null };
  }
}

/** Says what is wrong and where: most outputs fail because of the text around the JSON. */
function parseErrorMessage(text: string, error: CanonicalError): string {
  const { offset } = error;
  if (offset === undefined) return error.message;
  const before = text.slice(0, offset).trim() === '';
  if (before && /^\s*```/.test(text)) return 'it begins with a code fence.';
  if (before && /^\s*\p{L}/u.test(text) && error.code === 'INVALID_JSON')
    return 'it begins with words, not with JSON.';
  const { line, column } = placeOf(text, offset);
  const [first = '', ...rest] = error.message.replace(/ \(at offset \d+\)$/, '');
  return `${first.toLowerCase()}${rest.join('')} (line ${line}, column ${column}).`;
}

export type JsonCheck =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[]; readonly offset: number | null };

/** Whether a text is JSON that the schema accepts. */
export function checkJsonText(text: string, schema: JsonObject): JsonCheck {
  const json = readJsonText(text);
  if (!json.ok) return { ok: false, problems: [{ pointer: '', message: json.message }], offset: json.offset };
  const check = checkAgainstSchema(schema, json.value);
  return check.valid
    ? { ok: true, value: json.value }
    : { ok: false, problems: check.problems, offset: null };
}

/** Nobody reviews a longer repair, and making it would block everything else. */
const MAX_REPAIRED = 1_000_000;

/**
 * A repair that the schema accepts, or null: any text can be turned into some JSON, which proves nothing without the
 * schema. JSON that appears complete inside prose or a fence takes precedence over jsonrepair, which has to guess. If
 * two pieces match, nobody can know which was meant, so nothing is proposed.
 */
function repair(text: string, schema: JsonObject): string | null {
  if (text.length > MAX_REPAIRED) return null;
  const matching = bracketedPieces(text).filter((piece) => checkJsonText(piece, schema).ok);
  if (matching.length > 0) return matching.length === 1 ? (matching[0] ?? null) : null;
  let repaired: string;
  try {
    repaired = jsonrepair(text).trim();
  } catch {
    // It gives up, or the text nests deeper than its recursion allows.
    return null;
  }
  return checkJsonText(repaired, schema).ok ? repaired : null;
}

/**
 * The outermost bracketed pieces of a text: a part of something larger must not pass for the whole. Empty if a bracket
 * is never closed, since everything after it may belong to it.
 */
function bracketedPieces(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '{' || char === '[') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (depth > 0 && char === '"') {
      inString = true;
    } else if (depth > 0 && (char === '}' || char === ']')) {
      depth -= 1;
      if (depth === 0) pieces.push(text.slice(start, index + 1));
    }
  }
  return depth === 0 ? pieces : [];
}
