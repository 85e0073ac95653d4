import { describe, expect, it } from 'vitest';
import type { Core } from '../../src-main/ports';
import { byteServer, http, json } from '../support/byte-server';
import { newTemplate, practiceCore } from '../support/practice-core';

const AT_ONCE = 8;

/** Texts that JSON readers get wrong, after the cases of nst/JSONTestSuite: accepted, refused, left open. */
const JSON_TEXTS: readonly string[] = [
  [
    '[]',
    '{}',
    '[1]',
    '["a"]',
    'null',
    'true',
    '1',
    '"x"',
    '[1.0]',
    '[-0]',
    '[1e1]',
    '{"a":{}}',
    ' [] ',
    '[[]]',
  ],
  ['[1,]', '[,1]', '[1 2]', '[1', '1]', '[', ']', '{', '}', '[1,,2]', '["a"', '["a', '[a]', '[nul]', '[tru]'],
  [
    '{"a"}',
    '{"a":}',
    '{:1}',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{1:1}',
    '{"a":1}}',
  ],
  ['[01]', '[1.]', '[.1]', '[+1]', '[--1]', '[1e]', '[1e+]', '[0x1]', '[NaN]', '[Infinity]', '[-]', '[1_0]'],
  [
    '["\\x"]',
    '["\\u12"]',
    '["\\uD800"]',
    '["\\uD800\\u0041"]',
    '["\\"]',
    '["\t"]',
    '["\n"]',
    '["\0"]',
    '["\\a"]',
  ],
  [
    '[1]x',
    '[1][2]',
    '[]//c',
    '[]/**/',
    '#',
    '<html>',
    '```json\n{}\n```',
    '\uFEFF{}',
    '\u00a0[]',
    '[]\u2028',
  ],
  [
    '{"a":1,"a":2}',
    '{"__proto__":1}',
    '[1e400]',
    '[-1e400]',
    '[123456789012345678901234567890]',
    '["\u2028"]',
  ],
  ['{"error":null}', '{"error":"no"}', '{"error":{"message":1}}', '{"choices":null}', '{"choices":[null]}'],
  [
    '{"choices":[{"message":null}]}',
    '{"choices":[{"message":{"content":7}}]}',
    '{"usage":[]}',
    '[{"error":{}}]',
  ],
  ['{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":-1}}', '{"choices":[],"model":{}}'],
].flat();

const BYTES: readonly Buffer[] = [
  [
    [],
    [0],
    [0xff],
    [0xfe, 0xff],
    [0xef, 0xbb, 0xbf],
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ],
  [
    [0x22, 0xe2, 0x82, 0x22],
    [0x5b, 0x22, 0xff, 0x22, 0x5d],
    [0x7b, 0, 0x7d, 0],
    [0x1f, 0x8b, 8],
    [0x28, 0xb5],
  ],
]
  .flat()
  .map((bytes) => Buffer.from(bytes));

const EVENTS: readonly string[] = [
  [
    'data: [DONE]\n\n',
    'data:\n\n',
    'data: {}\n\n',
    'data: {',
    ': ping\n\n',
    'event: x\n\n',
    'data: null\n\n',
  ],
  ['data: [DONE]', 'retry: 1\n\n', 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n', 'data: \uFEFF{}\n\n'],
  ['id: 1\ndata: {"error":{"message":"m"}}\n\n', 'data: {"choices":[{"delta":null}]}\n\ndata: [DONE]\n\n'],
].flat();

/** Bodies of an answer, each with its status: whole ones, and each text where a model's output should be. */
function bodies(): { bytes: Buffer; status: string }[] {
  const output = (content: string): string =>
    JSON.stringify({ model: 'm', choices: [{ message: { content }, finish_reason: 'stop' }] });
  const made = [
    ...JSON_TEXTS.flatMap((text) => [text, output(text), `data: ${text}\n\ndata: [DONE]\n\n`]),
    ...EVENTS,
    '['.repeat(50_000),
    `{"a":${'['.repeat(50_000)}`,
    output('['.repeat(5000)),
    output(`{"a":"${'x'.repeat(300_000)}`),
  ].map((text) => Buffer.from(text));
  const ok = [...made, ...BYTES].map((bytes) => ({ bytes, status: '200 OK' }));
  const failed = JSON_TEXTS.slice(0, 40).map((text) => ({
    bytes: Buffer.from(text),
    status: '500 Internal Server Error',
  }));
  return [...ok, ...failed];
}

async function connect(core: Core, provider: string, url: string): Promise<string> {
  const made = await core.connections.create({
    org_id: 'default',
    name: `bytes of ${provider}`,
    provider,
    base_url: url,
    secret: 'not-a-secret',
  });
  return made.connection_id;
}

/** `count` calls, a few at a time; `user` of the request says which answer is asked for. */
async function inTurns(count: number, call: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await call(next - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Which answer a request asks for: the template says "say #7#". */
const askedFor = (request: string): number => Number(/#(\d+)#/.exec(request)?.[1]);

describe('an answer that is malformed', () => {
  it('in any of more than 300 ways is stored byte for byte, ends its run and can be read again', async () => {
    const all = bodies();
    expect(all.length).toBeGreaterThan(300);
    const { core } = await practiceCore();
    const url = await byteServer((socket, _, request) => {
      const { bytes, status } = all[askedFor(request)] ?? { bytes: Buffer.from(''), status: '404 Not Found' };
      socket.write(json(bytes, status));
    });
    const connection_id = await connect(core, 'lm-studio', url);
    const { template_id } = newTemplate(core, {
      user_prompt_template: 'say #{{ word }}#',
      response_schema: { type: 'object', properties: { a: {} }, required: ['a'] },
    });
    await inTurns(all.length, async (index) => {
      const { run } = await core.runs.start({
        template_id,
        connection_id,
        model_id: 'm',
        variables: { word: index },
      });
      const wanted = all[index]?.bytes;
      expect(wanted?.equals(core.runs.raw({ run_id: run.run_id }).bytes), `body ${index}`).toBe(true);
      expect(['succeeded', 'failed'], `body ${index}`).toContain(run.status);
      const again = core.runs.reparse({ run_id: run.run_id });
      expect(again).toEqual({
        ...run,
        parse_attempts: 2,
        last_parse_attempt_at: again.last_parse_attempt_at,
      });
      const { item, state } = core.review.get({ run_id: run.run_id });
      expect([item.run_id, state === 'open']).toEqual([run.run_id, run.requires_manual_review]);
      expect(wanted?.equals(core.runs.raw({ run_id: run.run_id }).bytes)).toBe(true);
    });
    expect((await core.audit.verify()).problems).toEqual([]);
  });
});

const sse = (...events: (readonly [name: string | null, data: unknown])[]): string =>
  events
    .map(([name, data]) => `${name === null ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`)
    .join('');

/** The shortest streams that say something, with a character of three bytes in each. */
const STREAMS: Readonly<Record<string, string>> = {
  openai: sse(
    ['response.created', { type: 'response.created', response: { id: 'r', model: 'm' } }],
    [null, { type: 'response.output_text.delta', output_index: 0, delta: '5 €' }],
    [
      'response.completed',
      {
        type: 'response.completed',
        response: {
          model: 'm',
          status: 'completed',
          output: [{ type: 'message', content: [{ type: 'output_text', text: '5 €' }] }],
        },
      },
    ],
  ),
  'lm-studio': `${sse(
    [null, { model: 'm', choices: [{ delta: { content: '5 €' } }] }],
    [null, { choices: [{ delta: {}, finish_reason: 'stop' }] }],
  )}data: [DONE]\n\n`,
  anthropic: sse(
    ['message_start', { type: 'message_start', message: { id: 'r', model: 'm', content: [], usage: {} } }],
    [
      'content_block_start',
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ],
    [
      'content_block_delta',
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '5 €' } },
    ],
    ['message_delta', { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: {} }],
    ['message_stop', { type: 'message_stop' }],
  ),
  google: sse([
    null,
    { candidates: [{ content: { parts: [{ text: '5 €' }] }, finishReason: 'STOP' }], modelVersion: 'm' },
  ]),
};

describe.each(Object.keys(STREAMS))('a stream of %s', (provider) => {
  it('that is cut at any byte keeps every byte that came, and is whole only where its end came', async () => {
    const whole = Buffer.from(STREAMS[provider] ?? '');
    const { core } = await practiceCore();
    const url = await byteServer((socket, _, request) => {
      const length = askedFor(request);
      socket.end(
        http(
          '200 OK',
          ['content-type: text/event-stream', `content-length: ${whole.length}`, 'connection: close'],
          whole.subarray(0, length),
        ),
      );
    });
    // The two SDKs put the API's version into the path by themselves.
    const base = provider === 'anthropic' || provider === 'google' ? url.replace(/\/v1$/, '') : url;
    const connection_id = await connect(core, provider, base);
    const { template_id } = newTemplate(core, { user_prompt_template: 'say #{{ word }}#' });
    await inTurns(whole.length + 1, async (length) => {
      const { run } = await core.runs.start({
        template_id,
        connection_id,
        model_id: 'm',
        stream: true,
        variables: { word: length },
      });
      if (run.raw_response_sha256 !== null) {
        expect(
          whole.subarray(0, length).equals(core.runs.raw({ run_id: run.run_id }).bytes),
          `cut at ${length}`,
        ).toBe(true);
        core.runs.reparse({ run_id: run.run_id });
      } else expect([length, run.status]).toEqual([0, 'outcome_unknown']);
      if (run.status === 'succeeded') expect(run.output_text).toBe('5 €');
      else expect(['failed', 'outcome_unknown']).toContain(run.status);
      if (length === whole.length) expect(run.status).toBe('succeeded');
    });
  });
});
