import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOLS, protocolRecord, type JsonObject, type Protocol } from '../../src-shared/domain';
import { startPracticeServer } from '../practice';
import type { PracticeServer } from '../practice';
import type { ParsedAnswer } from '../ports';
import { answerBytes } from '../../test/support/provider-calls';
import { createProviderClients } from './clients';

const clients = createProviderClients();
let server: PracticeServer;
beforeAll(async () => {
  server = await startPracticeServer();
});
afterAll(() => server.close());

interface Question {
  readonly model?: string;
  readonly text: string;
  readonly tools?: readonly string[];
  readonly choice?: 'auto' | 'none' | 'required' | { readonly name: string };
  /** What the tool `get_order` answered to a call of it, which then is part of the request. */
  readonly result?: string;
  readonly thinks?: boolean;
  /** PNG, base64. */
  readonly image?: string;
  /** PDF, base64. */
  readonly pdf?: string;
}

const PARAMETERS: JsonObject = {
  type: 'object',
  properties: { id: { type: 'string' }, count: { type: 'integer', minimum: 1, maximum: 9 } },
  required: ['id', 'count'],
  additionalProperties: false,
};
const ARGS = { id: 'A-1', count: 2 };

interface Written {
  readonly path: (stream: boolean) => string;
  readonly headers: Record<string, string>;
  readonly body: object;
}

/** Each protocol's own form of a question (docs/providers.md#tool-calls-and-thinking). */
const FORMS: Readonly<Record<Protocol, (question: Question, model: string) => Written>> = {
  openai_chat: ({ text, tools = [], choice, result, thinks, image, pdf }, model) => ({
    path: () => '/openai/v1/chat/completions',
    headers: { authorization: 'Bearer practice' },
    body: {
      model,
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text },
            ...(image === undefined
              ? []
              : [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }]),
            ...(pdf === undefined
              ? []
              : [
                  {
                    type: 'file',
                    file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
                  },
                ]),
          ],
        },
        ...(result === undefined
          ? []
          : [
              {
                role: 'assistant',
                content: null,
                tool_calls: [
                  {
                    id: 'c1',
                    type: 'function',
                    function: { name: 'get_order', arguments: JSON.stringify(ARGS) },
                  },
                ],
              },
              { role: 'tool', tool_call_id: 'c1', content: result },
            ]),
      ],
      ...(tools.length > 0 && {
        tools: tools.map((name) => ({
          type: 'function',
          function: { name, description: '', parameters: PARAMETERS },
        })),
      }),
      ...(choice !== undefined && {
        tool_choice: typeof choice === 'string' ? choice : { type: 'function', function: choice },
      }),
      ...(thinks === true && { reasoning_effort: 'low' }),
    },
  }),
  openai_responses: ({ text, tools = [], choice, result, thinks, image, pdf }, model) => ({
    path: () => '/openai/v1/responses',
    headers: { authorization: 'Bearer practice' },
    body: {
      model,
      instructions: 'Be brief.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text },
            ...(image === undefined
              ? []
              : [{ type: 'input_image', image_url: `data:image/png;base64,${image}` }]),
            ...(pdf === undefined
              ? []
              : [{ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` }]),
          ],
        },
        ...(result === undefined
          ? []
          : [
              { type: 'function_call', call_id: 'c1', name: 'get_order', arguments: JSON.stringify(ARGS) },
              { type: 'function_call_output', call_id: 'c1', output: result },
            ]),
      ],
      ...(tools.length > 0 && {
        tools: tools.map((name) => ({
          type: 'function',
          name,
          description: '',
          parameters: PARAMETERS,
          strict: true,
        })),
      }),
      ...(choice !== undefined && {
        tool_choice: typeof choice === 'string' ? choice : { type: 'function', ...choice },
      }),
      ...(thinks === true && { reasoning: { effort: 'low', summary: 'auto' } }),
    },
  }),
  anthropic: ({ text, tools = [], choice, result, thinks, image, pdf }, model) => ({
    path: () => '/anthropic/v1/messages',
    headers: { authorization: 'Bearer practice', 'anthropic-version': '2026-10-21' },
    body: {
      model,
      max_tokens: 4096,
      system: 'Be brief.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text },
            ...(image === undefined
              ? []
              : [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }]),
            ...(pdf === undefined
              ? []
              : [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } }]),
          ],
        },
        ...(result === undefined
          ? []
          : [
              {
                role: 'assistant',
                content: [{ type: 'tool_use', id: 'c1', name: 'get_order', input: ARGS }],
              },
              { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: result }] },
            ]),
      ],
      ...(tools.length > 0 && {
        tools: tools.map((name) => ({ name, description: '', input_schema: PARAMETERS })),
      }),
      ...(choice !== undefined && {
        tool_choice:
          typeof choice === 'object'
            ? { type: 'tool', ...choice }
            : { type: choice === 'required' ? 'any' : choice },
      }),
      ...(thinks === true && { thinking: { type: 'adaptive' } }),
    },
  }),
  gemini: ({ text, tools = [], choice, result, thinks, image, pdf }, model) => ({
    path: (stream) =>
      `/google/v1/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { 'x-goog-api-key': 'practice' },
    body: {
      systemInstruction: { role: 'user', parts: [{ text: 'Be brief.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { text },
            ...(image === undefined ? [] : [{ inlineData: { mimeType: 'image/png', data: image } }]),
            ...(pdf === undefined ? [] : [{ inlineData: { mimeType: 'application/pdf', data: pdf } }]),
          ],
        },
        ...(result === undefined
          ? []
          : [
              {
                role: 'model',
                parts: [{ functionCall: { name: 'get_order', args: ARGS }, thoughtSignature: 'c2ln' }],
              },
              { role: 'user', parts: [{ functionResponse: { name: 'get_order', response: { result } } }] },
            ]),
      ],
      ...(tools.length > 0 && {
        tools: [
          {
            functionDeclarations: tools.map((name) => ({
              name,
              description: '',
              parametersJsonSchema: PARAMETERS,
            })),
          },
        ],
      }),
      ...(choice !== undefined && {
        toolConfig: {
          functionCallingConfig:
            typeof choice === 'object'
              ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
              : { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] },
        },
      }),
      ...(thinks === true && {
        generationConfig: { thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } },
      }),
    },
  }),
};

const MODELS: Readonly<Record<Protocol, string>> = {
  openai_chat: 'gpt-5-mini',
  openai_responses: 'gpt-5-mini',
  anthropic: 'claude-sonnet-4-6',
  gemini: 'gemini-3.6-flash',
};

async function ask(protocol: Protocol, question: Question, stream: boolean): Promise<ParsedAnswer> {
  const { path, headers, body } = FORMS[protocol](question, question.model ?? MODELS[protocol]);
  const response = await fetch(`${server.url}${path(stream)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({
      ...body,
      ...(stream && protocol !== 'gemini' && { stream }),
      ...(stream && protocol === 'openai_chat' && { stream_options: { include_usage: true } }),
    }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const stored = answerBytes(protocolRecord(protocol).api, bytes, {
    httpStatus: response.status,
    streamed: stream,
  });
  const parsed = clients.clientFor(protocol).parse(stored);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(parsed.answer.failure).toBeNull();
  return parsed.answer;
}

const askBoth = (protocol: Protocol, question: Question): Promise<ParsedAnswer[]> =>
  Promise.all([ask(protocol, question, false), ask(protocol, question, true)]);

const TOOLS = ['get_order', 'getWeather', 'get'];
const namesOf = ({ toolCalls }: ParsedAnswer): string[] => toolCalls.map(({ name }) => name);

describe.each(PROTOCOLS)('the practice provider in %s, streamed or not,', (protocol) => {
  const called = async (question: Question): Promise<string[][]> =>
    (await askBoth(protocol, question)).map(namesOf);

  it('calls the tool that the prompt speaks of, with arguments of its schema', async () => {
    const question = { text: 'Where are my orders?', tools: TOOLS };
    for (const answer of await askBoth(protocol, question)) {
      expect(answer).toMatchObject({ outputText: null, finishReason: { unified: 'tool' } });
      expect(namesOf(answer)).toEqual(['get_order']);
      const args: unknown = JSON.parse(answer.toolCalls[0]?.arguments ?? '');
      expect(args).toEqual({ id: expect.stringMatching(/\w/), count: expect.any(Number) });
    }
    expect(await askBoth(protocol, question)).toEqual(await askBoth(protocol, question));
  });

  it('calls all that match at once, and none that does not', async () => {
    const both = { text: 'Did the weather delay order A-1?', tools: TOOLS };
    expect(await called(both)).toEqual([
      ['get_order', 'getWeather'],
      ['get_order', 'getWeather'],
    ]);
    for (const answer of await askBoth(protocol, { text: 'Which river is the longest?', tools: TOOLS }))
      expect([namesOf(answer), answer.outputText]).toEqual([[], expect.stringMatching(/\w/)]);
  });

  it('obeys the choice of tools', async () => {
    const order = { text: 'Where is order A-1?', tools: TOOLS };
    expect(await called({ ...order, choice: 'none' })).toEqual([[], []]);
    expect(await called({ ...order, text: 'Hm.', choice: 'required' })).toEqual([
      ['get_order'],
      ['get_order'],
    ]);
    expect(await called({ ...order, choice: { name: 'getWeather' } })).toEqual([
      ['getWeather'],
      ['getWeather'],
    ]);
  });

  it('answers in text what a tool said', async () => {
    const result = 'It left Bremen on Monday.';
    for (const answer of await askBoth(protocol, { text: 'Where is order A-1?', tools: TOOLS, result })) {
      expect(answer.outputText).toContain(result);
      expect([namesOf(answer), answer.finishReason?.unified]).toEqual([[], 'stop']);
    }
  });

  it('shows its thinking only where it is asked for, and apart from the output', async () => {
    const text = 'Which river is the longest?';
    for (const answer of await askBoth(protocol, { text, thinks: true })) {
      expect(answer.thinkingText).toMatch(/^The question is about /);
      expect(answer.usage.reasoning_tokens).toBeGreaterThan(0);
      expect(answer.outputText).not.toContain('The question is about ');
    }
    for (const answer of await askBoth(protocol, { text: 'Where is order A-1?', tools: TOOLS, thinks: true }))
      expect([namesOf(answer), answer.thinkingText]).toEqual([['get_order'], expect.stringMatching(/\w/)]);
    for (const answer of await askBoth(protocol, { text })) expect(answer.thinkingText).toBeNull();
  });

  it('counts an image by its size and a PDF by its pages', async () => {
    const tokens = async (more: Partial<Question>): Promise<number> =>
      (await ask(protocol, { text: 'What is this?', ...more }, false)).usage.input_tokens ?? 0;
    const text = await tokens({});
    const counted = [await tokens({ image: pngOf(1000, 750) }), await tokens({ pdf: pdfOf(3) })];
    expect(counted.map((all) => all - text)).toEqual(
      {
        openai_chat: [765, 3000],
        openai_responses: [765, 3000],
        anthropic: [1000, 4500],
        gemini: [516, 774],
      }[protocol],
    );
  });
});

/** The head of an image of that size: all that is read of it. */
function pngOf(width: number, height: number): string {
  const bytes = Buffer.alloc(33);
  bytes.write('\x89PNG\r\n\x1a\n', 0, 'latin1');
  bytes.writeUInt32BE(13, 8);
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes.toString('base64');
}

function pdfOf(pages: number): string {
  const objects = Array.from({ length: pages }, (_, index) => `${index + 3} 0 obj << /Type /Page >> endobj`);
  return Buffer.from(`%PDF-1.7\n2 0 obj << /Type /Pages >> endobj\n${objects.join('\n')}`).toString('base64');
}
