import type { JsonObject, JsonValue, ResponseApi } from '../../src-shared/domain';
import type { GeneratedAnswer, GeneratedCall } from './generated-answers';

/** The arguments as a model writes them. */
function argumentsOf({ args }: GeneratedCall): string {
  return JSON.stringify(args);
}

function argumentPieces(call: GeneratedCall): string[] {
  const text = argumentsOf(call);
  return [text.slice(0, call.cut), text.slice(call.cut, call.cut * 2), text.slice(call.cut * 2)].filter(
    (piece) => piece !== '',
  );
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
  const { pieces, asParts, thinking, calls, skipsIndexes, end, usage, isBare } = answer;
  const head = { id: 'c1', created: 1_700_000_000, model: 'gpt-4o-2024-08-06', system_fingerprint: 'fp_1' };
  const content = (piece: string, index: number): JsonValue =>
    asParts[index] === true ? [{ type: 'text', text: piece }] : piece;
  const indexOf = (position: number): number => (skipsIndexes ? position * 2 + 1 : position);
  const counts = { usage: known({ prompt_tokens: usage[0] ?? null, completion_tokens: usage[1] ?? null }) };
  const message = {
    role: 'assistant',
    content: pieces === null ? null : pieces.join(''),
    ...(thinking !== null && { reasoning_content: thinking.join('') }),
    ...(calls.length > 0 && {
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: argumentsOf(call) },
      })),
    }),
  };
  const chunk = (delta: JsonObject, finish_reason: JsonValue = null): { data: JsonObject } => ({
    data: { ...head, choices: [{ index: 0, delta, finish_reason }] },
  });
  // Parallel calls: all are announced before the first one's arguments end.
  const announced = calls.map((call, position) => ({
    index: indexOf(position),
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: '' },
  }));
  const argued = calls.flatMap((call, position) =>
    argumentPieces(call).map((piece) => ({ index: indexOf(position), function: { arguments: piece } })),
  );
  const parts = [
    ...(thinking ?? []).map((piece) => chunk({ reasoning_content: piece })),
    ...(pieces ?? []).map((piece, index) => chunk({ content: content(piece, index) })),
    ...[...announced, ...argued].map((piece) => chunk({ tool_calls: [piece] })),
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

type Event = Written['events'][number];

function namedEvent(name: string, data: JsonObject = {}): Event {
  return { name, data: { type: name, ...data } };
}

/** An item of a response, and the deltas that a stream brings it in. */
interface StreamedItem {
  readonly item: JsonObject;
  /** As it is announced. */
  readonly start: JsonObject;
  readonly deltas: readonly { readonly type: string; readonly data: JsonObject }[];
}

function writeResponses(answer: GeneratedAnswer): Written {
  const { end, usage, isBare, isSparse } = answer;
  const head = { id: 'r1', object: 'response', created_at: 1_700_000_000, model: 'gpt-5-2025-08-07' };
  const items = isBare ? [] : responseItems(answer);
  const isStatus = end === null || STATUSES.has(end);
  const whole: JsonObject = {
    ...head,
    ...known({ status: isStatus ? end : 'incomplete' }),
    incomplete_details: isStatus ? null : { reason: end },
    output: items.map(({ item }) => item),
    usage: known({ input_tokens: usage[0] ?? null, output_tokens: usage[1] ?? null }),
    error: answer.error,
  };
  const type = end === 'completed' || end === 'failed' ? `response.${end}` : 'response.incomplete';
  return {
    whole,
    events: [
      namedEvent('response.created', {
        response: { ...head, status: 'in_progress', output: [], error: null },
      }),
      ...items.flatMap(({ item, start, deltas }, output_index) => [
        namedEvent('response.output_item.added', { output_index, item: start }),
        ...deltas.map((delta) => namedEvent(delta.type, { output_index, ...delta.data })),
        ...(isSparse ? [] : [namedEvent('response.output_item.done', { output_index, item })]),
      ]),
      namedEvent(type, { response: isSparse ? { ...whole, output: [] } : whole }),
    ],
  };
}

function responseItems({ pieces, thinking, calls }: GeneratedAnswer): StreamedItem[] {
  const text = { type: 'output_text', text: (pieces ?? []).join(''), annotations: [] };
  const thought = (thinking ?? []).filter((piece) => piece !== '');
  return [
    ...(thinking === null
      ? []
      : [
          {
            item: {
              type: 'reasoning',
              summary: thought.map((piece) => ({ type: 'summary_text', text: piece })),
            },
            start: { type: 'reasoning', summary: [] },
            deltas: thought.map((delta, summary_index) => ({
              type: 'response.reasoning_summary_text.delta',
              data: { summary_index, delta },
            })),
          },
        ]),
    ...(pieces === null
      ? []
      : [
          {
            item: { type: 'message', role: 'assistant', content: [text] },
            start: { type: 'message', role: 'assistant', content: [] },
            deltas: pieces.map((delta) => ({ type: 'response.output_text.delta', data: { delta } })),
          },
        ]),
    ...calls.map((call) => {
      const start = { type: 'function_call', call_id: call.id, name: call.name, arguments: '' };
      return {
        item: { ...start, arguments: argumentsOf(call) },
        start,
        deltas: argumentPieces(call).map((delta) => ({
          type: 'response.function_call_arguments.delta',
          data: { delta },
        })),
      };
    }),
  ];
}

function writeMessages(answer: GeneratedAnswer): Written {
  const { pieces, thinking, calls, end, usage, isBare } = answer;
  const head = { id: 'm1', type: 'message', role: 'assistant', model: 'claude-opus-5-5' };
  const counts = known({ input_tokens: usage[0] ?? null, output_tokens: usage[1] ?? null });
  const blocks: { block: JsonObject; start: JsonObject; deltas: JsonObject[] }[] = isBare
    ? []
    : [
        ...(thinking === null
          ? []
          : [
              {
                block: { type: 'thinking', thinking: thinking.join(''), signature: 's' },
                start: { type: 'thinking', thinking: '', signature: '' },
                deltas: [
                  ...thinking.map((piece) => ({ type: 'thinking_delta', thinking: piece })),
                  { type: 'signature_delta', signature: 's' },
                ],
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
        ...calls.map((call) => {
          const block = { type: 'tool_use', id: call.id, name: call.name, input: call.args };
          // A call without arguments brings an empty piece.
          const written = Object.keys(call.args).length === 0 ? [''] : argumentPieces(call);
          return {
            block,
            start: { ...block, input: {} },
            deltas: written.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
          };
        }),
      ];
  return {
    whole: {
      ...head,
      content: blocks.map(({ block }) => block),
      stop_reason: end,
      usage: counts,
      ...errorField(answer),
    },
    events: [
      namedEvent('message_start', {
        message: { ...head, content: [], stop_reason: null, usage: { ...counts, output_tokens: null } },
      }),
      namedEvent('ping'),
      ...blocks.flatMap(({ start, deltas }, index) => [
        namedEvent('content_block_start', { index, content_block: start }),
        ...deltas.map((delta) => namedEvent('content_block_delta', { index, delta })),
        namedEvent('content_block_stop', { index }),
      ]),
      namedEvent('message_delta', { delta: { stop_reason: end }, usage: counts }),
      ...(answer.error === null ? [] : [namedEvent('error', { error: answer.error })]),
      namedEvent('message_stop'),
    ],
  };
}

function writeGemini(answer: GeneratedAnswer): Written {
  const { pieces, thinking, calls, end, usage, isBare } = answer;
  const head = { modelVersion: 'gemini-2.0-flash-001', responseId: 'g1' };
  const parts = (texts: readonly string[]): JsonObject[] => texts.map((text) => ({ text }));
  const thoughts = (texts: readonly string[]): JsonObject[] => texts.map((text) => ({ text, thought: true }));
  const called: JsonObject[] = calls.map(({ id, name, args }) => ({
    functionCall: { id, name, ...(Object.keys(args).length > 0 && { args }) },
  }));
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
  const all = [
    ...thoughts(thinking === null || thinking.length === 0 ? [] : [thinking.join('')]),
    ...parts(pieces === null ? [] : [pieces.join('')]),
    ...called,
  ];
  const chunks = [...thoughts(thinking ?? []), ...parts(pieces ?? []), ...called].map((part) => ({
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
