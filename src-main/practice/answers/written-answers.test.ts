import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, practiceEndpoint, recorder, storedAnswer } from '../../../test/support/provider-calls';
import {
  keysOf,
  type PracticeVendor,
  type Protocol,
  type Sample,
  type SampleRow,
} from '../../../src-shared/domain';
import { checkAgainstSchema, readSamples, renderPrompt } from '../../templates';
import { createProviderClients } from '../../providers/clients';
import { headerValue } from '../../providers/http';
import { startPracticeServer, type PracticeServer } from '..';

const clients = createProviderClients();
const MODELS = {
  openai: ['openai_responses', 'gpt-4o-mini'],
  anthropic: ['anthropic', 'claude-haiku-4-5-20251001'],
  google: ['gemini', 'gemini-2.5-flash'],
} as const satisfies Record<PracticeVendor, readonly [Protocol, string]>;
const VENDORS = keysOf(MODELS);

let server: PracticeServer;
beforeAll(async () => {
  server = await startPracticeServer();
});
afterAll(() => server.close());

interface Asked {
  readonly protocol?: Protocol;
  readonly faults?: string;
  readonly system?: string;
  readonly schema?: Record<string, never> | null;
  readonly stream?: boolean;
}

/** What a vendor's practice model answers to an input, over real HTTP and through the real adapter. */
async function ask(
  { template }: Sample,
  { input }: SampleRow,
  vendor: keyof typeof MODELS,
  { faults, protocol: wanted, system, schema, stream = false }: Asked = {},
) {
  const [own, model] = MODELS[vendor];
  const protocol = wanted ?? own;
  const prompt = renderPrompt(
    {
      system_instructions: template.system_instructions ?? '',
      user_prompt_template: template.user_prompt_template ?? '',
    },
    input,
  );
  const call = callOf(practiceEndpoint(protocol, server.url), {
    modelId: faults === undefined ? model : `${model}@${faults}`,
    ...prompt,
    ...(system === undefined ? {} : { system }),
    inferenceParams: template.inference_params ?? {},
    responseSchema: schema === undefined ? (template.response_schema ?? null) : schema,
    stream,
  });
  const seen = recorder();
  const client = clients.clientFor(protocol);
  await client.call(call, seen);
  const exchange = seen.exchanges[0];
  if (exchange === undefined) throw new Error('no answer came');
  const parsed = client.parse(storedAnswer(exchange, call));
  if (!parsed.ok || parsed.answer.failure !== null) throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return {
    text: parsed.answer.outputText ?? '',
    origin: headerValue(exchange.headers, 'x-practice-answer'),
    version: parsed.answer.version.provider_version_key,
    usage: parsed.answer.usage,
  };
}

function turnsOf(text: string | readonly string[] | undefined): readonly string[] {
  if (text === undefined) throw new Error('Nothing is written for this vendor.');
  return typeof text === 'string' ? [text] : text;
}

describe.each(readSamples().map((sample) => [sample.template.name, sample] as const))('%s', (_, sample) => {
  it('has an answer of each model to each input, told as written by hand', async () => {
    expect(sample.rows.length).toBeGreaterThanOrEqual(4);
    for (const row of sample.rows) {
      for (const vendor of VENDORS) {
        for (const expected of turnsOf(row.answers[vendor])) {
          const { text, origin, usage } = await ask(sample, row, vendor);
          expect(text).toBe(expected);
          expect(origin).toBe('written');
          // About four characters a token, and never fewer tokens than a fifth of that.
          expect(usage.output_tokens).toBeGreaterThan(expected.length / 20);
          expect(usage.input_tokens).toBeGreaterThan(40);
        }
      }
      const own = new Set(VENDORS.map((vendor) => turnsOf(row.answers[vendor])[0]));
      if (own.size < VENDORS.length)
        expect(turnsOf(row.answers.openai)[0]).toMatch(/^(No faults found|The handbook does not say)\.$/);
    }
  });

  it('says the same when it is streamed, and through chat completions', async () => {
    const [row] = sample.rows;
    if (row === undefined) throw new Error('no row');
    for (const vendor of VENDORS) {
      const whole = await ask(sample, row, vendor);
      for (let turn = 1; turn < turnsOf(row.answers[vendor]).length; turn += 1)
        await ask(sample, row, vendor);
      expect(await ask(sample, row, vendor, { stream: true })).toMatchObject({
        text: whole.text,
        origin: 'written',
      });
      for (let turn = 1; turn < turnsOf(row.answers[vendor]).length; turn += 1)
        await ask(sample, row, vendor);
    }
    expect(await ask(sample, row, 'openai', { protocol: 'openai_chat' })).toMatchObject({
      origin: 'written',
    });
  });

  it('is still met when its instructions are worked on, and not when they become another task', async () => {
    const [row] = sample.rows;
    if (row === undefined) throw new Error('no row');
    const system = renderPrompt(
      { system_instructions: sample.template.system_instructions ?? '', user_prompt_template: '' },
      row.input,
    ).system;
    const more = await ask(sample, row, 'openai', { system: `${system}\nBe kind. Think before you answer.` });
    expect(more.origin).toBe('written');
    const other = await ask(sample, row, 'openai', { system: 'Translate it into Dutch.', schema: null });
    expect(other.origin).toBe('generated');
  });
});

it('of all answers to samples with a schema, one breaks it: JSON inside prose and a fence', () => {
  const broken = readSamples().flatMap(({ template, rows }) =>
    rows.flatMap((row) =>
      VENDORS.flatMap((vendor) => [
        ...turnsOf(row.answers[vendor]),
        ...turnsOf(row.later?.[vendor] ?? []),
      ]).filter((text) => template.response_schema && !isJsonOf(text, template.response_schema)),
    ),
  );
  expect(broken).toEqual([expect.stringMatching(/^This is a case[^]*\n```json\n\{[^]*\}\n```\n/)]);
});

function isJsonOf(text: string, schema: NonNullable<Sample['template']['response_schema']>): boolean {
  try {
    return checkAgainstSchema(schema, JSON.parse(text)).valid;
  } catch {
    return false;
  }
}

it('a model that has moved answers the same input in another way', async () => {
  const [triage] = readSamples();
  const row = triage?.rows[3];
  if (triage === undefined || row === undefined) throw new Error('no such row');
  const before = await ask(triage, row, 'openai', { faults: 'drift_once=2' });
  await ask(triage, row, 'openai', { faults: 'drift_once=2' });
  const after = await ask(triage, row, 'openai', { faults: 'drift_once=2' });
  const long = await ask(triage, row, 'openai', { faults: 'drift_once=2' });
  expect(JSON.parse(before.text)).toMatchObject({ queue: 'EXCHANGE' });
  expect(JSON.parse(after.text)).toMatchObject({ queue: 'REFUND' });
  expect([before.version, after.version, long.version]).toEqual([
    'gpt-4o-mini-2024-07-18',
    'gpt-4o-mini-2026-01-08',
    'gpt-4o-mini-2026-01-08',
  ]);
});

it('what is asked to go wrong goes wrong in a sample too', async () => {
  const [triage] = readSamples();
  const row = triage?.rows[0];
  if (triage === undefined || row === undefined) throw new Error('no such row');
  expect((await ask(triage, row, 'openai', { faults: 'invalidjson=shape' })).origin).toBe('generated');
});
