import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import json from '../../../test/vectors/json.json';
import numbers from '../../../test/vectors/numbers.json';
import templates from '../../../test/vectors/templates.json';
import text from '../../../test/vectors/text.json';
import { hashCommand, type HashKind } from './hash-command';

function answersOf(kind: HashKind, inputs: readonly string[]): unknown[] {
  const { answers } = hashCommand(kind, inputs.map((input) => JSON.stringify(input)).join('\n'), true);
  return answers.map((answer): unknown => JSON.parse(answer));
}

function answerOf(kind: HashKind, input: string | Uint8Array): unknown {
  const { answers, exitCode } = hashCommand(kind, input, false);
  expect(answers).toHaveLength(1);
  const answer: object = JSON.parse(answers[0] ?? '');
  expect(exitCode).toBe('error' in answer ? 1 : 0);
  return answer;
}

const answer = (canonical: string) => ({ canonical, sha256: hash('sha256', canonical) });
const utf8 = (input: string) => new TextEncoder().encode(input);

describe('prompter hash --lines', () => {
  test('answers every vector, one line each', () => {
    expect(
      answersOf(
        'number',
        numbers.map(({ lexeme }) => lexeme),
      ),
    ).toEqual(numbers.map(({ ok, error }) => (ok === undefined ? { error } : answer(ok))));
    expect(
      answersOf(
        'json',
        json.map((vector) => vector.text),
      ),
    ).toEqual(
      json.map(({ canonical, sha256, error }) => (error === undefined ? { canonical, sha256 } : { error })),
    );
    expect(
      answersOf(
        'text',
        text.map((vector) => vector.text),
      ),
    ).toEqual(text.map(({ canonical, sha256 }) => ({ canonical, sha256 })));
    expect(
      answersOf(
        'template',
        templates.map(({ template }) => JSON.stringify(template)),
      ),
    ).toEqual(templates.map(({ sha256 }) => expect.objectContaining({ sha256 })));
  });

  test('takes a last line with or without its end, CRLF too, and bytes', () => {
    for (const input of ['"1.0"\n"2.0"', '"1.0"\n"2.0"\n', utf8('"1.0"\r\n"2.0"\r\n')]) {
      expect(hashCommand('number', input, true)).toEqual({
        answers: [JSON.stringify(answer('1')), JSON.stringify(answer('2'))],
        exitCode: 0,
      });
    }
    expect(hashCommand('number', '', true)).toEqual({ answers: [], exitCode: 0 });
  });

  test('refuses a line that is not a JSON-encoded string and goes on', () => {
    const { answers, exitCode } = hashCommand('number', '1.0\n\n"01"\n" 1"\n"7"\n', true);
    const refused = '{"error":"INVALID_JSON"}';
    expect(answers).toEqual([refused, refused, refused, refused, JSON.stringify(answer('7'))]);
    expect(exitCode).toBe(1);
  });

  test('carries lone surrogates in their escapes', () => {
    expect(hashCommand('text', '"a\\ud800"', true).answers).toEqual([JSON.stringify(answer('a\ufffd'))]);
    expect(hashCommand('json', JSON.stringify('["\\ud800"]'), true).answers).toEqual([
      '{"error":"LONE_SURROGATE"}',
    ]);
  });
});

describe('prompter hash of a whole input', () => {
  test('prints the canonical form and its hash', () => {
    expect(answerOf('number', utf8('1.50\n'))).toEqual(answer('1.5'));
    expect(answerOf('json', utf8(' {"b":1,\n"a":[2.0]}\n'))).toEqual(answer('{"a":[2],"b":1}'));
    expect(answerOf('text', utf8('cafe\u0301 \r\n'))).toEqual(answer('café'));
  });

  test('a number has room for one line end and no other white space', () => {
    expect(answerOf('number', '1\r\n')).toEqual(answer('1'));
    expect(answerOf('number', '1\n\n')).toEqual({ error: 'INVALID_JSON' });
    expect(answerOf('number', ' 1')).toEqual({ error: 'INVALID_JSON' });
    expect(answerOf('number', '')).toEqual({ error: 'INVALID_JSON' });
  });

  test('sees a byte-order mark and bytes that are not UTF-8', () => {
    expect(answerOf('json', utf8('\ufeff{}'))).toEqual({ error: 'INVALID_JSON' });
    expect(answerOf('text', utf8('\ufeffbom'))).toEqual(answer('\ufeffbom'));
    expect(answerOf('json', Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ error: 'INVALID_JSON' });
    expect(answerOf('text', Uint8Array.of(0x61, 0xff))).toEqual(answer('a\ufffd'));
  });
});

describe('prompter hash --kind template', () => {
  test('prints the canonical configuration, with numbers as JavaScript reads them', () => {
    const template =
      '{"name":"n","model_id":" m ","inference_params":{"seed":9007199254740993,"__proto__":1,"x":null}}';
    expect(answerOf('template', template)).toEqual(
      answer(
        '{"als":false,"country_set":[],"grounding_mode":"none","inference_params":{"__proto__":1,"seed":9007199254740992},' +
          '"model_id":"m","model_version_constraint":null,"provider":null,"response_schema":null,' +
          '"system_instructions":"","user_prompt_template":"","v":1}',
      ),
    );
  });

  test.each([
    ['not json', 'INVALID_JSON'],
    ['{"model_id":"a","model_id":"b"}', 'DUPLICATE_KEY'],
    ['{"user_prompt_template":"\\ud800"}', 'LONE_SURROGATE'],
    ['{"inference_params":{"temperature":1e309}}', 'NUMBER_OUT_OF_RANGE'],
    ['{"inference_params":{"temperature":1e308,"top_p":9e308}}', 'NUMBER_OUT_OF_RANGE'],
    ['['.repeat(1_000_000), 'TOO_DEEP'],
    ['[]', 'VALIDATION_FAILED'],
    ['{"grounding_mode":"maybe"}', 'VALIDATION_FAILED'],
    ['{"inference_params":[]}', 'VALIDATION_FAILED'],
  ])('refuses %.60s with %s', (template, error) => {
    expect(answerOf('template', template)).toEqual({ error });
  });
});
