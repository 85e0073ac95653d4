import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlank, type JsonObject, type RunToolCall, type Template } from '../../src-shared/domain';
import { canonicalText } from '../../src-shared/domain/canonical';
import type { ParsedAnswer } from '../ports';
import { checkJsonText, readJsonText, readOutput, whyNoOutput, type OutputReading } from './read-output';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: { answer: { type: 'string' }, score: { type: 'number' } },
  required: ['answer'],
  additionalProperties: false,
};
/** What cannot be seen is no output. */
const someText = fc.string({ unit: 'binary' }).filter((text) => !isBlank(text));
const asText = (text: string): string => hash('sha256', canonicalText(text));
const readText = (outputText: string | null, schema: JsonObject | null, isWhole: boolean): OutputReading =>
  readOutput({ outputText, toolCalls: [] }, schema, isWhole);

describe('an output', () => {
  it('of which no JSON is asked for is text, read directly, whatever it looks like', () => {
    fc.assert(
      fc.property(someText, fc.boolean(), (text, isWhole) => {
        expect(readText(text, null, isWhole)).toEqual({
          method: 'direct',
          parseError: null,
          valid: null,
          invalid: null,
          sha256: asText(text),
          repaired: null,
        });
      }),
    );
  });

  it('that is JSON is read directly; the schema decides whether it stands', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, isWhole) => {
        const read = readText(JSON.stringify(value), SCHEMA, isWhole);
        expect([read.method, read.parseError, read.repaired]).toEqual(['direct', null, null]);
        expect(read.valid).toBe(read.invalid === null);
      }),
    );
    const good = readText('{"answer":"yes","score":1.0}', SCHEMA, true);
    expect([good.valid, good.sha256]).toEqual([true, hash('sha256', '{"answer":"yes","score":1}')]);
    expect(readText('{"score":"high"}', SCHEMA, true).invalid).toBe(
      `The output does not match the response schema: / must have required property 'answer'; /score must be number`,
    );
  });

  it.each([
    ['in a code fence', '```json\n{"answer":"yes"}\n```', '{"answer":"yes"}'],
    ['with a comma too many', '{"answer":"yes",}', '{"answer":"yes"}'],
    ['in single quotes', "{'answer':'yes'}", '{"answer":"yes"}'],
    ['in single quotes, with a line break after it', "{'answer':'yes'}\n", '{"answer":"yes"}'],
    ['after a quotation mark', 'For 5" it is {"answer":"yes"}', '{"answer":"yes"}'],
    ['after a bracket that nothing opened', 'So }: {"answer":"yes"}', '{"answer":"yes"}'],
    ['before a bracket that never closes', '{"answer":"yes"} or [ maybe', null],
    ['with a comment', '{"answer":"yes" /* sure */}', '{"answer":"yes" }'],
    ['with a key twice', '{"answer":"no","answer":"yes"}', null],
    ['with prose before it', 'Here it is: {"answer":"yes"}', '{"answer":"yes"}'],
    [
      'with prose around a fence',
      'Sure [1]!\n```json\n{"answer":"a } \\" {"}\n```\nOK?',
      '{"answer":"a } \\" {"}',
    ],
    ['beside JSON of another shape', 'For {"q":1} it is {"answer":"yes"}.', '{"answer":"yes"}'],
    ['only as part of something larger', '{"result": {"answer":"yes"},, }', null],
    ['after a bracket that never closes', '[ draft: {"answer":"yes"}', null],
    ['once as a draft and once for good', 'First {"answer":"no"}, then {"answer":"yes"}', null],
    ['as two objects', '{"answer":"yes"} {"answer":"no"}', null],
    ['that lacks what the schema asks for', '{"score":1,}', null],
    ['of prose', 'I think the answer is yes.', null],
    ['that nests too deeply', '['.repeat(20_000), null],
  ])('%s is never taken for valid; a repair that matches is proposed', (_, text, repaired) => {
    const read = readText(text, SCHEMA, true);
    expect(read).toMatchObject({
      method: repaired === null ? null : 'jsonrepair',
      valid: false,
      sha256: asText(text),
      repaired,
    });
    expect(read.parseError).toMatch(/^The output is not valid JSON: /);
    expect(read.invalid).toBe(read.parseError);
  });

  it.each([
    ['Sure! Here it is: {"answer":"yes"}', 'it begins with words, not with JSON.'],
    ['```json\n{"answer":"yes"}\n```', 'it begins with a code fence.'],
    ['\n```json\n{"answer":"yes"}\n```', 'it begins with a code fence.'],
    [' Sure', 'it begins with words, not with JSON.'],
    ['@ ```', 'expected a JSON value (line 1, column 1).'],
    ['@ words', 'expected a JSON value (line 1, column 1).'],
    ['true false', 'text after the end of the JSON value (line 1, column 6).'],
    [
      '{"a (at offset 1)":1,"a (at offset 1)":2}',
      'the key "a (at offset 1)" is repeated (line 1, column 22).',
    ],
    ['{"answer":"yes"} Anything else?', 'text after the end of the JSON value (line 1, column 18).'],
    ['{\n  answer: "yes"\n}', 'expected a key in double quotes (line 2, column 3).'],
    ['{"answer":"a","answer":"b"}', 'the key "answer" is repeated (line 1, column 15).'],
  ])('%s: what is wrong with it is said in words', (text, why) => {
    expect(readText(text, SCHEMA, true).invalid).toBe(`The output is not valid JSON: ${why}`);
  });

  it.each([null, '', ' ', '\n\t'])(
    'that is missing or blank (%j) is none, with a schema and without',
    (text) => {
      for (const isWhole of [true, false]) {
        const none = {
          method: 'direct',
          parseError: null,
          repaired: null,
          invalid: 'The answer has no output.',
          sha256: text === null ? null : asText(text),
        };
        expect(readText(text, null, isWhole)).toMatchObject({ ...none, valid: null });
        expect(readText(text, SCHEMA, isWhole)).toMatchObject({ ...none, valid: false });
      }
    },
  );

  it('that nests is proposed whole', () => {
    const schema: JsonObject = { type: 'object', required: ['list'] };
    const text = 'Here: {"list":[[1],"yes"]}.';
    expect(readText(text, schema, true).repaired).toBe('{"list":[[1],"yes"]}');
  });

  it('that was cut off is not repaired: half an answer must not pass for a whole one', () => {
    const whole = '{"answer":"It depends, but mostly yes","score":0.5}';
    for (let length = 0; length < whole.length; length += 1) {
      const read = readText(whole.slice(0, length), SCHEMA, false);
      expect([read.method, read.valid, read.parseError, read.repaired]).toEqual([
        'direct',
        false,
        null,
        null,
      ]);
    }
    // The same text said to be whole would be closed into an answer that nobody gave.
    expect(readText('{"answer":"It dep', SCHEMA, true).repaired).toBe('{"answer":"It dep"}');
  });

  it('holds to the table for anything, twice the same, and never throws', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 3 }))
      .map(
        ([json, at, more]) =>
          json.slice(0, at % (json.length + 1)) + more + json.slice(at % (json.length + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ unit: 'binary' })), fc.boolean(), (text, isWhole) => {
        const read = readText(text, SCHEMA, isWhole);
        expect(readText(text, SCHEMA, isWhole)).toEqual(read);
        // A repair never makes anything valid, and is there exactly where the method says so.
        expect(read.valid === true && read.method !== 'direct').toBe(false);
        expect(read.repaired !== null).toBe(read.method === 'jsonrepair');
        expect(read.parseError !== null).toBe(read.method !== 'direct');
        if (read.repaired !== null) expect(readText(read.repaired, SCHEMA, true).valid).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [1_000_000, 'jsonrepair'],
    [1_000_001, null],
  ])('of %d characters that is not JSON: method %s', (length, method) => {
    const text = `{"answer":"${'x'.repeat(length - '{"answer":"",}'.length)}",}`;
    expect([text.length, readText(text, SCHEMA, true).method]).toEqual([length, method]);
  });

  it('of a megabyte of broken JSON is read in one go', () => {
    const long = `{"answer":"${'x'.repeat(2_000_000)}",}`;
    expect(readText(long, SCHEMA, true)).toMatchObject({ method: null, repaired: null, valid: false });
  });
});

describe('why an answer has no output', () => {
  const NOTHING = { outputText: null, toolCalls: [], parts: [], finishReason: null };
  const NO_TOOLS: Pick<Template, 'tools' | 'tool_choice' | 'response_schema'> = {
    tools: [],
    tool_choice: null,
    response_schema: null,
  };
  const OFFERED = {
    tools: ['look', 'find'].map((name) => ({ name, description: '', parameters: null, strict: null })),
  };
  const callTo = (name: string): RunToolCall => ({ id: null, name, arguments: '{}' });
  const STOP = { unified: 'stop', raw: 'stop' } as const;

  it.each<[string, Partial<ParsedAnswer>, string | null]>([
    ['a text', { outputText: 'Yes.' }, null],
    ['nothing', {}, 'The answer has no text.'],
    ['a blank text', { outputText: ' ' }, 'The answer has no text.'],
    [
      'an end without a word of its own',
      { finishReason: { unified: 'stop', raw: null } },
      'The answer has no text.',
    ],
    ['an end', { finishReason: STOP }, 'The answer has no text. Its finish reason is "stop".'],
    [
      'its token limit',
      { finishReason: { unified: 'length', raw: 'max_tokens' } },
      'The answer has no text. The token limit was reached before any text came (finish reason: max_tokens).',
    ],
    ['reasoning', { parts: ['reasoning'] }, 'The answer has no text, only reasoning.'],
    [
      'a tool call and media',
      { toolCalls: [callTo('look')], parts: ['media'], finishReason: STOP },
      'The answer has no text, only a call to a tool that was not offered and media that is not text. Its finish reason is "stop".',
    ],
  ])('that holds %s', (_, answer, why) => {
    expect(whyNoOutput({ ...NOTHING, ...answer }, NO_TOOLS)).toBe(why);
  });

  it.each<[string, Partial<ParsedAnswer>, Partial<typeof NO_TOOLS>, string | null]>([
    ['calls of offered tools', { toolCalls: [callTo('look'), callTo('find')] }, OFFERED, null],
    [
      'one that was not offered among them',
      { toolCalls: [callTo('look'), callTo('guess'), callTo('guess')] },
      OFFERED,
      'The answer has no text, only a call to a tool that was not offered ("guess").',
    ],
    [
      'a call although tools were not to be called',
      { toolCalls: [callTo('look')] },
      { ...OFFERED, tool_choice: 'none' },
      'The answer has no text, only a call to a tool that was not offered ("look").',
    ],
    [
      'a call where a schema asks for a text',
      { toolCalls: [callTo('look')] },
      { ...OFFERED, response_schema: SCHEMA },
      'The answer has no text, only a tool call.',
    ],
    [
      'calls, of which the token limit may have cut the last',
      { toolCalls: [callTo('look'), callTo('find')], finishReason: { unified: 'length', raw: 'max_tokens' } },
      OFFERED,
      'The answer has no text, only tool calls. The token limit was reached before any text came (finish reason: max_tokens).',
    ],
  ])('that holds %s', (_, answer, template, why) => {
    expect(whyNoOutput({ ...NOTHING, ...answer }, { ...NO_TOOLS, ...template })).toBe(why);
  });
});

describe('a text checked as JSON', () => {
  it('has a value, or what is wrong with it and where', () => {
    expect(readJsonText('{"answer": 1.0}')).toEqual({
      ok: true,
      value: { answer: 1 },
      canonical: '{"answer":1}',
    });
    expect(checkJsonText('{"answer":"yes"}', SCHEMA)).toEqual({ ok: true, value: { answer: 'yes' } });
    expect(checkJsonText('{"answer":1}', SCHEMA)).toEqual({
      ok: false,
      problems: [{ pointer: '/answer', message: 'must be string' }],
      offset: null,
    });
    expect(checkJsonText('{"answer":', SCHEMA)).toEqual({
      ok: false,
      problems: [{ pointer: '', message: 'expected a JSON value (line 1, column 11).' }],
      offset: 10,
    });
  });
});
