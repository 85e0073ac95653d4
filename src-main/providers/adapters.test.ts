import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOLS, type Protocol } from '../../src-shared/domain';
import type { ParsedAnswer, ProviderCall } from '../ports';
import { createProviderClients } from './clients';
import { startPracticeServer } from '../practice';
import type { PracticeServer } from '../practice';
import { PROTOCOL_CASES } from '../../test/support/protocol-cases';
import { callOf, practiceEndpoint, recorder, storedAnswer } from '../../test/support/provider-calls';

const clients = createProviderClients();
let server: PracticeServer;
beforeAll(async () => {
  server = await startPracticeServer();
});
afterAll(() => server.close());

async function run(protocol: Protocol, fields: Partial<ProviderCall> & { faults?: string } = {}) {
  const { faults, ...rest } = fields;
  const modelId = rest.modelId ?? PROTOCOL_CASES[protocol].model;
  const call = callOf(practiceEndpoint(protocol, server.url), {
    ...rest,
    modelId: faults === undefined ? modelId : `${modelId}@${faults}`,
  });
  const seen = recorder();
  const client = clients.clientFor(protocol);
  const outcome = await client.call(call, seen);
  const exchange = seen.exchanges[0];
  const parsed = exchange === undefined ? undefined : client.parse(storedAnswer(exchange, call));
  return { outcome, seen, exchange, parsed, body: JSON.parse(exchange?.requestBody ?? 'null') };
}

function answerOf(result: Awaited<ReturnType<typeof run>>): ParsedAnswer {
  if (result.parsed?.ok !== true)
    throw new Error(`not parsed: ${JSON.stringify(result.parsed ?? result.outcome)}`);
  return result.parsed.answer;
}

describe.each(PROTOCOLS)('%s against the practice server', (protocol) => {
  it('answers with text, usage, finish reason and version from the literal bytes', async () => {
    const result = await run(protocol);
    expect(result.outcome).toEqual({ kind: 'answered' });
    expect(result.seen.exchanges).toHaveLength(1);
    const answer = answerOf(result);
    expect(answer.failure).toBeNull();
    expect(answer.outputText).toMatch(/\w/);
    expect(answer.finishReason?.unified).toBe('stop');
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    expect(answer.version.provider_version_key).not.toBe('unknown');
    const journal = server.journal().filter((entry) => entry.event === 'answer');
    const sha256 = createHash('sha256')
      .update(result.exchange?.bytes ?? '')
      .digest('hex');
    expect(journal.map((entry) => entry.response_sha256)).toContain(sha256);
  });

  it('streams the same text, parts and deltas in order, and reads it from the joined bytes', async () => {
    const whole = answerOf(await run(protocol));
    const result = await run(protocol, { stream: true });
    expect(result.outcome).toEqual({ kind: 'answered' });
    expect(result.exchange?.streamed).toBe(true);
    expect(Buffer.concat(result.seen.parts).equals(result.exchange?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(result.seen.log[0]).toBe('start');
    expect(result.seen.log.at(-1)).toBe('exchange');
    const answer = answerOf(result);
    expect(answer.failure).toBeNull();
    expect(result.seen.texts.join('')).toBe(answer.outputText);
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    expect(answer.finishReason).toEqual(whole.finishReason);
    expect(answer.version.provider_version_key).toBe(whole.version.provider_version_key);
  });

  it('gives every fault its code', async () => {
    const cases: [string, string, boolean][] = [
      ['status=401', 'auth_failed', false],
      ['status=403', 'permission_denied', false],
      ['status=404', 'model_not_found', false],
      ['status=400', 'invalid_request', false],
      ['status=429,retry_after=7', 'rate_limited', true],
      ['status=500', 'provider_error', true],
      ['status=503', 'overloaded', true],
    ];
    for (const [faults, code, retryable] of cases) {
      const result = await run(protocol, { faults });
      expect(result.outcome, faults).toEqual({ kind: 'answered' });
      expect(answerOf(result).failure, faults).toMatchObject({ code, retryable });
    }
    const limited = answerOf(await run(protocol, { faults: 'status=429,retry_after=7' }));
    expect(limited.failure?.retryAfterMs).toBe(7000);
  });

  it('tells a stopped, a refused, a filtered and a broken answer apart', async () => {
    expect(answerOf(await run(protocol, { faults: 'length' })).finishReason?.unified).toBe('length');
    const blocked = answerOf(
      await run(protocol, { faults: protocol === 'anthropic' ? 'refusal' : 'blocked' }),
    );
    expect(blocked.failure?.code).toBe('refused');
    expect(blocked.finishReason?.unified).toBe('filtered');
    const cut = await run(protocol, { faults: 'cut=0.5' });
    expect(cut.outcome).toEqual({ kind: 'answered' });
    expect(cut.exchange?.complete).toBe(false);
    expect(answerOf(cut).failure?.code).toBe('stream_cut');
    const cutStream = await run(protocol, { faults: 'cut=0.6', stream: true });
    expect(answerOf(cutStream).failure?.code).toBe('stream_cut');
    expect(answerOf(cutStream).outputText).toMatch(/\w/);
    for (const kind of ['truncated', 'html', 'empty']) {
      const broken = await run(protocol, { faults: `malformed=${kind}` });
      expect(broken.outcome, kind).toEqual({ kind: 'answered' });
      expect(broken.parsed?.ok, kind).toBe(false);
    }
  });

  it('does not know what became of a request whose connection broke or whose answer never came', async () => {
    const reset = await run(protocol, { faults: 'reset' });
    expect(reset.outcome).toMatchObject({
      kind: 'unknown',
      failure: { code: 'network_error', retryable: false },
    });
    expect(reset.seen.exchanges).toEqual([]);
    const late = await run(protocol, { faults: 'timeout', timeoutMs: 1_000 });
    expect(late.outcome).toMatchObject({ kind: 'unknown', failure: { code: 'timeout', retryable: false } });
  });

  it('asks for the answer in the schema and gets it', async () => {
    const schema = {
      type: 'object',
      properties: { river: { type: 'string' } },
      required: ['river'],
      additionalProperties: false,
    };
    const modelId = protocol === 'gemini' ? 'gemini-3.8-flash' : PROTOCOL_CASES[protocol].model;
    const answer = answerOf(await run(protocol, { responseSchema: schema, modelId }));
    expect(JSON.parse(answer.outputText ?? '')).toEqual({ river: expect.any(String) });
  });

  it('reports grounding with citations, and why there is none', async () => {
    if (protocol === 'openai_chat') {
      const answer = answerOf(await run(protocol, { search: true, modelId: 'gpt-5-search-api' }));
      expect(answer.grounding?.grounded).toBe(true);
      return;
    }
    const grounded = answerOf(await run(protocol, { search: true }));
    expect(grounded.grounding).toMatchObject({ grounded: true, why: null });
    expect(grounded.grounding?.citations.length).toBeGreaterThan(0);
    expect(grounded.usage.search_requests).toBeGreaterThan(0);
    const streamed = answerOf(await run(protocol, { search: true, stream: true }));
    expect(streamed.grounding?.grounded).toBe(true);
    expect(
      answerOf(await run(protocol, { search: true, faults: 'ungrounded' })).grounding?.grounded ?? false,
    ).toBe(false);
    const failed = answerOf(await run(protocol, { search: true, faults: 'searcherror' })).grounding;
    expect(failed?.grounded ?? false).toBe(false);
  });

  it('lists models', async () => {
    const listing = await clients
      .clientFor(protocol)
      .listModels(practiceEndpoint(protocol, server.url), new AbortController().signal);
    expect(listing).toMatchObject({ ok: true });
    expect(listing.ok && listing.models.length).toBeGreaterThan(3);
  });
});
