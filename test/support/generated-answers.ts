import fc from 'fast-check';
import type { JsonObject, JsonValue, ResponseApi } from '../../src-shared/domain';

/** An answer a provider might give, independent of any protocol. */
export interface GeneratedAnswer {
  /** The text in streamed pieces; null if there is none. */
  readonly pieces: readonly string[] | null;
  /** Whether each piece is sent as a list of parts, if the protocol allows both forms. */
  readonly asParts: readonly boolean[];
  readonly reasoning: string | null;
  readonly callsTool: boolean;
  /** The finish reason as sent; null if none. */
  readonly end: string | null;
  readonly error: JsonValue;
  readonly usage: readonly (number | null)[];
  /** No choice, candidate or item at all. */
  readonly isBare: boolean;
  /** Keep-alive lines between a stream's events. */
  readonly pings: readonly string[];
}

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
    reasoning: fc.option(fc.constantFrom('hm', 'let me see'), { freq: 3 }),
    callsTool: fc.integer({ max: 3, min: 0 }).map((number) => number === 0),
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

export interface WrittenAnswer {
  readonly whole: string;
  readonly stream: string;
}

/** The same answer in a protocol's format, both whole and streamed. */
export function writeAnswer(api: ResponseApi, answer: GeneratedAnswer): WrittenAnswer {
  const { whole, events } = WRITERS[api](answer);
  const frames = events.map(({ name, data }) => {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    return `${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`;
  });
  answer.pings.forEach((ping, index) => frames.splice(1 + index * 2, 0, ping));
  return { whole: JSON.stringify(whole), stream: frames.join('') };
}

interface Written {
  readonly whole: JsonObject;
  readonly events: readonly { readonly name?: string; readonly data: JsonObject | string }[];
}

const WRITERS: Readonly<Record<ResponseApi, (answer: GeneratedAnswer) => Written>> = {
  'openai.chat_completions': writeChat,
  'openai.responses': writeResponses,
  'anthropic.messages': writeMessages,
  'gemini.generate_content': writeGemini,
};

function known(fields: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function errorField({ error }: GeneratedAnswer): JsonObject {
  return error === null ? {} : { error };
}

function writeChat(answer: GeneratedAnswer): Written {
  const { pieces, asParts, reasoning, callsTool, end, usage, isBare } = answer;
  const head = { id: 'c1', created: 1_700_000_000, model: 'gpt-4o-2024-08-06', system_fingerprint: 'fp_1' };
  const content = (piece: string, index: number): JsonValue =>
    asParts[index] === true ? [{ type: 'text', text: piece }] : piece;
  const call = { id: 't1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } };
  const counts = { usage: known({ prompt_tokens: usage[0] ?? null, completion_tokens: usage[1] ?? null }) };
  const message = {
    role: 'assistant',
    content: pieces === null ? null : pieces.join(''),
    ...known({ reasoning_content: reasoning }),
    ...(callsTool && { tool_calls: [call] }),
  };
  const chunk = (delta: JsonObject, finish_reason: JsonValue = null): { data: JsonObject } => ({
    data: { ...head, choices: [{ index: 0, delta, finish_reason }] },
  });
  const parts = [
    ...(reasoning === null ? [] : [chunk({ reasoning_content: reasoning })]),
    ...(pieces ?? []).map((piece, index) => chunk({ content: content(piece, index) })),
    ...(callsTool
      ? [
          chunk({ tool_calls: [{ index: 0, ...call, function: { name: 'look', arguments: '{"a"' } }] }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
        ]
      : []),
    chunk({}, end),
  ];
  return {
    whole: {
      ...head,
      choices: isBare ? [] : [{ index: 0, message, finish_reason: end }],
      ...counts,
      ...errorField(answer),
    },
    events: [
      ...(isBare ? [] : [chunk({ role: 'assistant', content: '' }), ...parts]),
      { data: { ...head, choices: [], ...counts, ...errorField(answer) } },
      { data: '[DONE]' },
    ],
  };
}

const STATUSES = new Set(['completed', 'failed', 'queued', 'in_progress', 'cancelled', 'unknown']);

function writeResponses(answer: GeneratedAnswer): Written {
  const { pieces, reasoning, callsTool, end, usage, isBare } = answer;
  const head = { id: 'r1', object: 'response', created_at: 1_700_000_000, model: 'gpt-5-2025-08-07' };
  const text = { type: 'output_text', text: (pieces ?? []).join(''), annotations: [] };
  const items: JsonObject[] = isBare
    ? []
    : [
        ...(reasoning === null ? [] : [{ type: 'reasoning', summary: [] }]),
        ...(pieces === null ? [] : [{ type: 'message', role: 'assistant', content: [text] }]),
        ...(callsTool ? [{ type: 'function_call', name: 'look', arguments: '{}' }] : []),
      ];
  const isStatus = end === null || STATUSES.has(end);
  const whole: JsonObject = {
    ...head,
    ...known({ status: isStatus ? end : 'incomplete' }),
    incomplete_details: isStatus ? null : { reason: end },
    output: items,
    usage: known({ input_tokens: usage[0] ?? null, output_tokens: usage[1] ?? null }),
    error: answer.error,
  };
  const type = end === 'completed' || end === 'failed' ? `response.${end}` : 'response.incomplete';
  const event = (name: string, data: JsonObject): Written['events'][number] => ({
    name,
    data: { type: name, ...data },
  });
  return {
    whole,
    events: [
      event('response.created', { response: { ...head, status: 'in_progress', output: [], error: null } }),
      ...items.flatMap((item, output_index) => [
        event('response.output_item.added', { output_index, item: { ...item, content: [] } }),
        ...(item['type'] === 'message'
          ? (pieces ?? []).map((delta) => event('response.output_text.delta', { output_index, delta }))
          : []),
        event('response.output_item.done', { output_index, item }),
      ]),
      event(type, { response: whole }),
    ],
  };
}

function writeMessages(answer: GeneratedAnswer): Written {
  const { pieces, reasoning, callsTool, end, usage, isBare } = answer;
  const head = { id: 'm1', type: 'message', role: 'assistant', model: 'claude-opus-5-5' };
  const counts = known({ input_tokens: usage[0] ?? null, output_tokens: usage[1] ?? null });
  const blocks: { block: JsonObject; start: JsonObject; deltas: JsonObject[] }[] = isBare
    ? []
    : [
        ...(reasoning === null
          ? []
          : [
              {
                block: { type: 'thinking', thinking: reasoning },
                start: { type: 'thinking', thinking: '' },
                deltas: [{ type: 'thinking_delta', thinking: reasoning }],
              },
            ]),
        ...(pieces === null
          ? []
          : [
              {
                block: { type: 'text', text: pieces.join('') },
                start: { type: 'text', text: '' },
                deltas: pieces.map((text) => ({ type: 'text_delta', text })),
              },
            ]),
        ...(callsTool
          ? [
              {
                block: { type: 'tool_use', id: 't', name: 'look', input: { a: 1 } },
                start: { type: 'tool_use', id: 't', name: 'look', input: {} },
                deltas: ['{"a"', ':1}'].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
              },
            ]
          : []),
      ];
  const event = (name: string, data: JsonObject = {}): Written['events'][number] => ({
    name,
    data: { type: name, ...data },
  });
  return {
    whole: {
      ...head,
      content: blocks.map(({ block }) => block),
      stop_reason: end,
      usage: counts,
      ...errorField(answer),
    },
    events: [
      event('message_start', {
        message: { ...head, content: [], stop_reason: null, usage: { ...counts, output_tokens: null } },
      }),
      event('ping'),
      ...blocks.flatMap(({ start, deltas }, index) => [
        event('content_block_start', { index, content_block: start }),
        ...deltas.map((delta) => event('content_block_delta', { index, delta })),
        event('content_block_stop', { index }),
      ]),
      event('message_delta', { delta: { stop_reason: end }, usage: counts }),
      ...(answer.error === null ? [] : [event('error', { error: answer.error })]),
      event('message_stop'),
    ],
  };
}

function writeGemini(answer: GeneratedAnswer): Written {
  const { pieces, reasoning, callsTool, end, usage, isBare } = answer;
  const head = { modelVersion: 'gemini-2.0-flash-001', responseId: 'g1' };
  const parts = (texts: readonly string[]): JsonObject[] => texts.map((text) => ({ text }));
  const thoughts: JsonObject[] = reasoning === null ? [] : [{ text: reasoning, thought: true }];
  const calls: JsonObject[] = callsTool ? [{ functionCall: { name: 'look', args: {} } }] : [];
  const candidate = (some: JsonObject[], finishReason: string | null = null): JsonObject => ({
    index: 0,
    ...(some.length > 0 && { content: { role: 'model', parts: some } }),
    ...known({ finishReason }),
  });
  const usageMetadata = known({
    promptTokenCount: usage[0] ?? null,
    candidatesTokenCount: usage[1] ?? null,
    thoughtsTokenCount: usage[2] ?? null,
  });
  const all = [...thoughts, ...parts(pieces === null ? [] : [pieces.join('')]), ...calls];
  const chunks = [...thoughts, ...parts(pieces ?? []), ...calls].map((part) => ({
    data: { ...head, candidates: [candidate([part])] },
  }));
  return {
    whole: {
      ...head,
      candidates: isBare ? [] : [candidate(all, end)],
      usageMetadata,
      ...errorField(answer),
    },
    events: [
      ...(isBare ? [] : chunks),
      {
        data: {
          ...head,
          candidates: isBare ? [] : [candidate([], end)],
          usageMetadata,
          ...errorField(answer),
        },
      },
    ],
  };
}
