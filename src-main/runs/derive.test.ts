import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_USAGE, type FailureCode, type JsonObject } from '../../src-shared/domain';
import { PLAIN_BILLING, type ParsedAnswer, type ParseResult, type ProviderFailure } from '../ports';
import type { DerivedRun } from '../store';
import { createPricing } from './cost';
import { deriveRun, isWhole, type Derivation, type DeriveContext } from './derive';

const NOW = '2026-11-20T10:00:00.000Z';
const SCHEMA: JsonObject = { type: 'object', required: ['tags'] };
const NO_EVIDENCE = 'The answer has no search evidence: the model did not search.';
const CUT = 'The connection broke before the answer was complete. What arrived is stored.';
const OTHER_VERSION = 'The template is pinned to fp_old, but fp_new answered.';
const NOT_JSON = 'The output is not valid JSON: it begins with words, not with JSON.';

const ANSWER: ParsedAnswer = {
  responseJson: null,
  outputText: 'Yes.',
  toolCalls: [],
  thinkingText: null,
  parts: [],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: { ...UNKNOWN_USAGE, input_tokens: 1000, output_tokens: 1000 },
  billing: PLAIN_BILLING,
  version: {
    provider_version_key: 'fp_new',
    evidence_grade: 'fingerprint',
    evidence: { requested_model: 'o3', echoed_model: 'o3', system_fingerprint: 'fp_new', extra: {} },
  },
  failure: null,
  hasEnded: true,
  grounding: null,
};

const CONTEXT: DeriveContext = {
  template: {
    model_version_constraint: null,
    fingerprint_allowlist: [],
    response_schema: null,
    tools: [],
    tool_choice: null,
  },
  kind: 'run',
  groundingMode: 'none',
  providerId: 'openai',
  modelId: 'o3',
  executedAt: NOW,
  latencyMs: 20,
  firstByteMs: 10,
};

const failed = (code: FailureCode, message: string): ProviderFailure => ({
  code,
  message,
  httpStatus: null,
  providerCode: null,
  param: null,
  requestId: null,
  retryable: false,
  notAccepted: false,
  retryAfterMs: null,
});
const PAUSED = failed('provider_error', 'The answer was paused.');

interface Given {
  readonly answer?: Partial<ParsedAnswer>;
  readonly complete?: boolean;
  readonly template?: Partial<DeriveContext['template']>;
  readonly context?: Partial<DeriveContext>;
  readonly whyNoSearch?: string;
}

function derive(given: Given, parsed?: ParseResult): Derivation {
  const { answer, complete = true, template, context, whyNoSearch = null } = given;
  return deriveRun(
    {
      client: {
        parse: () => parsed ?? { ok: true, answer: { ...ANSWER, ...answer } },
        whyNoSearch: () => whyNoSearch,
      },
      pricing: createPricing(),
      now: NOW,
    },
    {
      api: 'openai.chat_completions',
      requestedModel: 'o3',
      providerId: 'openai',
      httpStatus: 200,
      headers: [],
      bytes: new Uint8Array(),
      complete,
      streamed: true,
    },
    { ...CONTEXT, ...context, template: { ...CONTEXT.template, ...template } },
  );
}

type Verdict = readonly [FailureCode | null, string | null, { readonly review: boolean }];
const STANDS: Verdict = [null, null, { review: false }];
const pinned = { model_version_constraint: 'fp_old' };
const withSchema = { response_schema: SCHEMA };
const required = { groundingMode: 'required' } as const;
const probe = { kind: 'probe' } as const;
const cutByLength = { finishReason: { unified: 'length', raw: 'length' } } as const;

describe('the verdict', () => {
  // The first block is the order: each row fails the check that it names and all the checks after it.
  it.each<[string, Given, Verdict]>([
    [
      'the provider failed, before all else',
      {
        answer: { failure: PAUSED, hasEnded: false },
        complete: false,
        template: { ...pinned, ...withSchema },
        context: required,
      },
      ['provider_error', 'The answer was paused.', { review: false }],
    ],
    [
      'the answer was cut on the wire, before version, grounding and output',
      { complete: false, template: { ...pinned, ...withSchema }, context: required },
      ['stream_cut', CUT, { review: false }],
    ],
    [
      'another version answered, before grounding and output',
      { template: { ...pinned, ...withSchema }, context: required },
      ['version_mismatch', OTHER_VERSION, { review: false }],
    ],
    [
      'grounding is required and missing, before output',
      { template: withSchema, context: required },
      ['not_grounded', `Grounding is required. ${NO_EVIDENCE}`, { review: false }],
    ],
    [
      'the output is not what the schema asks for',
      { template: withSchema },
      ['output_invalid', NOT_JSON, { review: true }],
    ],
    ['nothing is asked of it', {}, STANDS],

    [
      'no text, and no schema: nothing to review',
      { answer: { outputText: null } },
      ['output_invalid', 'The answer has no text. Its finish reason is "stop".', { review: false }],
    ],
    [
      'no text, with a schema: a person looks at it',
      { answer: { outputText: null }, template: withSchema },
      ['output_invalid', 'The answer has no text. Its finish reason is "stop".', { review: true }],
    ],
    [
      'no text, and no finish reason',
      { answer: { outputText: null, finishReason: null } },
      ['output_invalid', 'The answer has no text.', { review: false }],
    ],
    ['what the schema asks for', { answer: { outputText: '{"tags":[]}' }, template: withSchema }, STANDS],
    ['the version of the pin', { template: { model_version_constraint: 'fp_new' } }, STANDS],
    [
      'a fingerprint that is not allowed',
      { template: { fingerprint_allowlist: ['fp_a'] } },
      [
        'version_mismatch',
        'The template allows only certain fingerprints, but fp_new with the fingerprint fp_new answered.',
        { review: false },
      ],
    ],
    ['grounding is preferred and missing', { context: { groundingMode: 'preferred' } }, STANDS],
    [
      'grounding is required and the search failed',
      {
        answer: { grounding: { grounded: false, why: 'The search failed.', citations: [] } },
        context: required,
      },
      ['not_grounded', 'Grounding is required. The search failed.', { review: false }],
    ],
    [
      'grounding is required and there',
      { answer: { grounding: { grounded: true, why: null, citations: [] } }, context: required },
      STANDS,
    ],
    ['a text cut by its token limit, where none is asked to be whole', { answer: cutByLength }, STANDS],

    ['a probe without a text', { answer: { outputText: null }, context: probe }, STANDS],
    ['a probe cut on the wire after its end', { complete: false, context: probe }, STANDS],
    [
      'a probe whose answer was declined, once it has ended',
      { answer: { failure: failed('refused', 'It declined.') }, context: probe },
      STANDS,
    ],
    [
      'a probe that failed',
      { answer: { failure: failed('provider_error', 'Down.'), hasEnded: false }, context: probe },
      ['provider_error', 'Down.', { review: false }],
    ],
    [
      'a probe cut on the wire before its end',
      { answer: { hasEnded: false }, complete: false, context: probe },
      ['stream_cut', CUT, { review: false }],
    ],
  ])('%s', (_, given, [code, message, { review }]) => {
    expect(derive(given).derived).toMatchObject({
      status: code === null ? 'succeeded' : 'failed',
      failure_code: code,
      failure_message: message,
      requires_manual_review: review,
    });
  });
});

describe('what the answer shows of a search', () => {
  const found = { grounded: true, why: null, citations: [{ url: 'https://example.org' }] };
  const preferred = { groundingMode: 'preferred' } as const;

  it.each<[string, Given, Pick<DerivedRun, 'grounded' | 'why_not_grounded' | 'citations'>]>([
    ['none asked for, none there', {}, { grounded: null, why_not_grounded: null, citations: null }],
    [
      'found, though nobody asked',
      { answer: { grounding: found } },
      { grounded: true, why_not_grounded: null, citations: found.citations },
    ],
    [
      'sought and not found, with the reason',
      { answer: { grounding: { grounded: false, why: 'The search failed.', citations: [] } } },
      { grounded: false, why_not_grounded: 'The search failed.', citations: [] },
    ],
    [
      'sought and not found, without a reason',
      { answer: { grounding: { grounded: false, why: null, citations: [] } } },
      { grounded: false, why_not_grounded: NO_EVIDENCE, citations: [] },
    ],
    [
      'asked for and not there',
      { context: preferred },
      { grounded: false, why_not_grounded: NO_EVIDENCE, citations: null },
    ],
    [
      'asked of a call that failed',
      { answer: { failure: PAUSED }, context: preferred },
      {
        grounded: false,
        why_not_grounded: 'The call failed, so there is no answer to ground.',
        citations: null,
      },
    ],
    [
      'asked of a model that cannot search',
      { context: preferred, whyNoSearch: 'It cannot search.' },
      { grounded: false, why_not_grounded: 'It cannot search.', citations: null },
    ],
  ])('%s', (_, given, expected) => {
    expect(derive(given).derived).toMatchObject(expected);
  });
});

describe('whether an answer is whole', () => {
  it.each<[string, Partial<ParsedAnswer>, { complete: boolean; whole: boolean }]>([
    ['ended', {}, { complete: true, whole: true }],
    ['without a finish reason', { finishReason: null }, { complete: true, whole: true }],
    ['cut on the wire', {}, { complete: false, whole: false }],
    ['cut by its token limit', cutByLength, { complete: true, whole: false }],
    [
      'paused',
      { failure: PAUSED, finishReason: { unified: 'paused', raw: 'pause_turn' } },
      { complete: true, whole: false },
    ],
  ])('%s', (_, answer, { complete, whole }) => {
    expect(isWhole({ ...ANSWER, ...answer }, complete)).toBe(whole);
    // Half an answer is never repaired into a whole one.
    const { derived } = derive({
      answer: { outputText: '{"tags":[],}', ...answer },
      complete,
      template: withSchema,
    });
    expect([derived.parse_method_used, derived.parse_error_message !== null]).toEqual(
      whole ? ['jsonrepair', true] : ['direct', false],
    );
  });
});

describe('the price', () => {
  // It became cheaper on 10 June 2025.
  it.each([
    ['2025-06-01T12:00:00.000Z', 50_000_000_000n],
    ['2025-06-11T12:00:00.000Z', 10_000_000_000n],
  ])('is that of the day the call was made: %s', (executedAt, cost) => {
    const { derived, price } = derive({ context: { executedAt } });
    expect(derived.cost_picodollars).toBe(cost);
    expect(price?.snapshotText).toContain('"model":"o3"');
  });
});

it('every column of a run that stands comes from its answer', () => {
  const { derived, answer } = derive({});
  expect(answer).toEqual(ANSWER);
  expect(derived).toEqual({
    status: 'succeeded',
    failure_code: null,
    failure_message: null,
    last_parse_attempt_at: NOW,
    parse_error_message: null,
    parse_method_used: 'direct',
    requires_manual_review: false,
    output_json_valid: null,
    response_output_sha256: hash('sha256', 'Yes.'),
    ...ANSWER.version,
    system_fingerprint: 'fp_new',
    finish_reason: 'stop',
    finish_reason_raw: 'stop',
    ...ANSWER.usage,
    cost_picodollars: 10_000_000_000n,
    latency_ms: 20,
    first_byte_ms: 10,
    grounded: null,
    why_not_grounded: null,
    citations: null,
    tool_calls: null,
    thinking_text: null,
  });
});

it('calls of offered tools are columns and the output, and what was thought is a column of its own', () => {
  const calls = [{ id: 'c1', name: 'look', arguments: '{"q": 1.0}' }];
  const answer = { outputText: null, toolCalls: calls, thinkingText: 'Let me look.' };
  const tools = [{ name: 'look', description: '', parameters: null, strict: null }];
  const { derived } = derive({ answer, template: { tools, tool_choice: 'auto' } });
  expect(derived).toMatchObject({
    status: 'succeeded',
    tool_calls: calls,
    thinking_text: 'Let me look.',
    response_output_sha256: hash(
      'sha256',
      '{"text":null,"tool_calls":[{"arguments":{"q":1},"name":"look"}]}',
    ),
  });
  expect(derive({ answer }).derived).toMatchObject({ failure_code: 'output_invalid', tool_calls: calls });
});

it('an answer that cannot be read leaves everything unknown, and a person looks at it', () => {
  expect(derive({}, { ok: false, message: 'It ends early.' })).toEqual({
    answer: null,
    price: null,
    derived: {
      status: 'failed',
      failure_code: 'parse_failed',
      failure_message: 'The answer could not be read: It ends early.',
      last_parse_attempt_at: NOW,
      parse_error_message: 'It ends early.',
      parse_method_used: null,
      requires_manual_review: true,
      output_json_valid: null,
      response_output_sha256: null,
      provider_version_key: null,
      evidence_grade: null,
      evidence: null,
      system_fingerprint: null,
      finish_reason: null,
      finish_reason_raw: null,
      ...UNKNOWN_USAGE,
      cost_picodollars: null,
      latency_ms: 20,
      first_byte_ms: 10,
      grounded: null,
      why_not_grounded: null,
      citations: null,
      tool_calls: null,
      thinking_text: null,
    },
  });
});
