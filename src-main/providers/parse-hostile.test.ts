import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocolOfApi, PROTOCOLS, type ResponseApi } from '../../src-shared/domain';
import type { StoredAnswer } from '../ports';
import { createProviderClients } from './clients';
import { startPracticeServer } from '../practice';
import { PROTOCOL_CASES } from '../../test/support/protocol-cases';
import {
  answerBytes,
  callOf,
  practiceEndpoint,
  recorder,
  storedAnswer,
} from '../../test/support/provider-calls';

const clients = createProviderClients();
function parserOf(api: ResponseApi) {
  return clients.clientFor(protocolOfApi(api));
}

describe('parse never throws', () => {
  const samples: StoredAnswer[] = [];
  beforeAll(async () => {
    const server = await startPracticeServer();
    for (const protocol of PROTOCOLS) {
      for (const stream of [false, true]) {
        for (const search of protocol === 'openai_chat' ? [false] : [false, true]) {
          const call = callOf(practiceEndpoint(protocol, server.url), {
            modelId: PROTOCOL_CASES[protocol].model,
            stream,
            search,
          });
          const seen = recorder();
          await clients.clientFor(protocol).call(call, seen);
          const exchange = seen.exchanges[0];
          if (exchange === undefined) throw new Error(protocol);
          samples.push(storedAnswer(exchange, call));
        }
      }
    }
    await server.close();
  });
  afterAll(() => expect(samples.length).toBe(14));

  it('and a real answer cut at any byte is a failure, or is whole', () => {
    for (const sample of samples) {
      const parser = parserOf(sample.api);
      const whole = parser.parse(sample);
      if (!whole.ok) throw new Error(whole.message);
      expect(whole.answer.failure).toBeNull();
      for (let length = 0; length < sample.bytes.length; length++) {
        const cut = parser.parse({ ...sample, bytes: sample.bytes.subarray(0, length), complete: false });
        if (!cut.ok || cut.answer.failure !== null) {
          if (cut.ok) expect(whole.answer.outputText ?? '').toContain(cut.answer.outputText ?? '');
          continue;
        }
        // Only what follows the final event may be missing.
        expect(sample.streamed).toBe(true);
        expect(cut.answer).toEqual(whole.answer);
      }
    }
  });

  it('and the same bytes claimed to be whole never give other text without a failure', () => {
    for (const sample of samples) {
      const parser = parserOf(sample.api);
      const whole = parser.parse(sample);
      for (let length = 0; length < sample.bytes.length; length += 7) {
        const cut = parser.parse({ ...sample, bytes: sample.bytes.subarray(0, length) });
        if (cut.ok && cut.answer.failure === null && whole.ok)
          expect(cut.answer.outputText).toBe(whole.answer.outputText);
      }
    }
  });

  const apis = fc.constantFrom<ResponseApi>(
    'openai.responses',
    'openai.chat_completions',
    'anthropic.messages',
    'gemini.generate_content',
  );
  const fields = fc.record({
    httpStatus: fc.constantFrom(200, 201, 204, 302, 400, 401, 404, 429, 500, 529),
    complete: fc.boolean(),
    streamed: fc.boolean(),
    headers: fc.array(
      fc.tuple(
        fc.constantFrom('content-encoding', 'retry-after', 'x-request-id', 'date', 'location'),
        fc.string(),
      ),
      { maxLength: 3 },
    ),
  });

  it('for random bytes, and gives the same result twice', () => {
    fc.assert(
      fc.property(apis, fc.uint8Array({ maxLength: 300 }), fields, (api, bytes, given) => {
        const input = answerBytes(api, bytes, given);
        expect(parserOf(api).parse(input)).toEqual(parserOf(api).parse(input));
      }),
      { numRuns: 2000 },
    );
  });

  it('for JSON with the right names and wrong values, whole or streamed', () => {
    const names = [
      'output',
      'content',
      'type',
      'text',
      'choices',
      'message',
      'delta',
      'usage',
      'candidates',
      'parts',
      'error',
      'details',
      'status',
      'response',
      'index',
      'finish_reason',
      'finishReason',
      'stop_reason',
      'message_start',
      'groundingMetadata',
      'groundingChunks',
      'promptFeedback',
      'usageMetadata',
      'tool_calls',
      'function',
      'annotations',
      'item',
      'input_tokens_details',
      'action',
      'citations',
    ];
    const words = [
      'output_text',
      'refusal',
      'message',
      'error',
      'response.completed',
      'message_stop',
      'content_block_delta',
      'text_delta',
      'STOP',
      'web_search_call',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        fc.constantFrom(null, true, 0, -1, 1.5, 1e300, '', ...words),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(
        apis,
        fc.array(tree, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fields,
        (api, values, asStream, given) => {
          const text = asStream
            ? values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
            : JSON.stringify(values[0]);
          const input = answerBytes(api, text, { ...given, headers: [] });
          const result = parserOf(api).parse(input);
          expect(result).toEqual(parserOf(api).parse(input));
          if (!result.ok) expect(result.message).not.toMatch(/could not be read/);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('for hostile bodies', () => {
    for (const api of [
      'openai.responses',
      'openai.chat_completions',
      'anthropic.messages',
      'gemini.generate_content',
    ] as const) {
      const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      expect(parserOf(api).parse(answerBytes(api, nested)).ok).toBe(false);
      expect(parserOf(api).parse(answerBytes(api, `data: ${nested}\n\n`)).ok).toBe(false);
      expect(parserOf(api).parse(answerBytes(api, new Uint8Array([0x22, 0xff, 0x22]))).ok).toBe(false);
      expect(parserOf(api).parse(answerBytes(api, '')).ok).toBe(false);
      expect(parserOf(api).parse(answerBytes(api, '"text"')).ok).toBe(false);
      expect(parserOf(api).parse(answerBytes(api, '{"hello":1}')).ok).toBe(false);
      expect(
        parserOf(api).parse(answerBytes(api, '{}', { headers: [['content-encoding', 'gzip']] })).ok,
      ).toBe(false);
    }
  });
});
