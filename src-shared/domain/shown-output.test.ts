import { describe, expect, it } from 'vitest';
import { outputAsJson, shownOutput } from './shown-output';

const call = (name: string, text: string) => ({ name, arguments: text });

describe('an output as one text', () => {
  it.each([
    ['nothing', null, null, null],
    ['an empty text', '', null, ''],
    ['a text', 'Yes.', null, 'Yes.'],
    ['calls', null, [call('get_order', '{"id":7}'), call('now', '')], 'get_order({"id":7})\nnow()'],
    ['a text and a call', 'Let me look.', [call('now', '{}')], 'Let me look.\nnow({})'],
  ])('%s', (_, output_text, tool_calls, shown) => {
    expect(shownOutput({ output_text, tool_calls })).toBe(shown);
  });
});

describe('an output as JSON', () => {
  it('keeps arguments as they were written, also those that are no JSON', () => {
    const tool_calls = [call('get', '{"n": 1.0000000001}'), call('get', '{"n": ')];
    const json = outputAsJson({ output_text: null, tool_calls });
    expect(json).toContain('{"n": 1.0000000001}');
    expect(JSON.parse(json)).toEqual({
      text: null,
      tool_calls: [
        { name: 'get', arguments: { n: 1.0000000001 } },
        { name: 'get', arguments: '{"n": ' },
      ],
    });
  });
});
