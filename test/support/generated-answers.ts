import fc from 'fast-check';
import type { JsonObject, JsonValue, ResponseApi } from '../../src-shared/domain';

/** An answer a provider might give, independent of any protocol. */
export interface GeneratedAnswer {
  /** The text in streamed pieces; null if there is none. */
  readonly pieces: readonly string[] | null;
  /** Whether each piece is sent as a list of parts, if the protocol allows both forms. */
  readonly asParts: readonly boolean[];
  /** What the model thought, in streamed pieces; null if it is not shown. */
  readonly thinking: readonly string[] | null;
  readonly calls: readonly GeneratedCall[];
  /** Streamed calls leave out indexes, if the protocol has them. */
  readonly skipsIndexes: boolean;
  /** The stream's last event repeats no items, and no event has a whole item, if the protocol has such events. */
  readonly isSparse: boolean;
  /** The finish reason as sent; null if none. */
  readonly end: string | null;
  readonly error: JsonValue;
  readonly usage: readonly (number | null)[];
  /** No choice, candidate or item at all. */
  readonly isBare: boolean;
  /** Keep-alive lines between a stream's events. */
  readonly pings: readonly string[];
}

export interface GeneratedCall {
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
  /** A stream cuts the arguments after this many characters, and again after as many. */
  readonly cut: number;
}

/** Names that generated answers call. */
export const CALLED = ['look', 'find', 'other'] as const;

const WORDS = ['', ' ', 'The answer', ' is 42.', '{"tags": [', '"a", "b"', ']}', 'ß€😀', '\n'];

/** Finish reasons that mean a complete answer. */
export const GOOD_ENDS: Readonly<Record<ResponseApi, readonly string[]>> = {
  'openai.chat_completions': ['stop'],
  'openai.responses': ['completed'],
  'anthropic.messages': ['end_turn', 'stop_sequence'],
  'gemini.generate_content': ['STOP'],
};
/** Finish reasons of incomplete answers, which are judged by their output. */
export const HALF_ENDS = [
  'length',
  'max_tokens',
  'max_output_tokens',
  'MAX_TOKENS',
  'tool_calls',
  'tool_use',
];
const BAD_ENDS = [
  'content_filter',
  'refusal',
  'SAFETY',
  'error',
  'failed',
  'queued',
  'in_progress',
  'cancelled',
  'OTHER',
  'NO_IMAGE',
  'FINISH_REASON_UNSPECIFIED',
  'MALFORMED_FUNCTION_CALL',
  'brand_new',
  'unknown',
  'pause_turn',
];

export function generatedAnswers(api: ResponseApi): fc.Arbitrary<GeneratedAnswer> {
  const good = GOOD_ENDS[api];
  const anyEnd = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...good) },
    { weight: 2, arbitrary: fc.constantFrom(...HALF_ENDS) },
    { weight: 3, arbitrary: fc.constantFrom(...BAD_ENDS, null) },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 12 }).map((word) => `never ${word}`) },
  );
  const error = fc.constantFrom<JsonValue>(
    { message: 'm', code: 'server_error' },
    { message: 'no credit', code: 402 },
    'out of memory',
    { type: 'overloaded_error', message: 'Overloaded' },
    {},
  );
  return fc.record({
    pieces: fc.option(fc.array(fc.constantFrom(...WORDS), { maxLength: 4 })),
    asParts: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    thinking: fc.option(fc.array(fc.constantFrom('hm', ' let me see', '', '\n\n'), { maxLength: 3 }), {
      freq: 3,
    }),
    calls: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(CALL, { maxLength: 3 }) },
    ),
    skipsIndexes: fc.boolean(),
    isSparse: fc.boolean(),
    end: anyEnd,
    error: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: error }),
    usage: fc.array(fc.option(fc.nat(1000)), { minLength: 3, maxLength: 3 }),
    isBare: fc.integer({ max: 7, min: 0 }).map((number) => number === 0),
    pings: fc.array(
      fc.constantFrom('data:\n\n', 'event: ping\ndata: ping\n\n', ': still here\n\n', 'data: keep-alive\n\n'),
      { maxLength: 3 },
    ),
  });
}

const CALL: fc.Arbitrary<GeneratedCall> = fc.record({
  id: fc.uuid(),
  name: fc.constantFrom(...CALLED),
  args: fc.constantFrom<JsonObject>(
    {},
    { a: 1 },
    { b: [1, 2.5, null], a: { ü: 'ß€😀 "quoted"' } },
    { lat: 47.3768866, id: '7' },
  ),
  cut: fc.integer({ min: 1, max: 12 }),
});
