import { expect, test } from 'vitest';
import { changesInWords } from './diff-words';

test('structural changes are told by subject, items counted from 1, messages as they read', () => {
  expect(
    changesInWords([
      { op: 'replace', path: '/inference_params/temperature', value: 0.7, before: 0.2 },
      { op: 'add', path: '/inference_params/stop', value: ['END'] },
      { op: 'add', path: '/messages/1', value: { role: 'assistant', content: 'Hello.' } },
      { op: 'remove', path: '/messages/3', before: { placeholder: 'history', optional: false } },
      { op: 'replace', path: '/tools/0/parameters/properties/a~1b/type', value: 'number', before: 'string' },
      { op: 'replace', path: '/tool_choice', value: 'required', before: 'auto' },
      { op: 'replace', path: '/model_id', value: 'gpt-5', before: 'gpt-4o' },
      { op: 'replace', path: '/response_schema', value: null, before: { type: 'object' } },
      { op: 'add', path: '/something_new', value: true },
    ]),
  ).toEqual([
    {
      subject: 'Parameters',
      changes: [
        { op: 'replace', what: 'temperature', before: '0.2', after: '0.7' },
        { op: 'add', what: 'stop', before: null, after: '[\n "END"\n]' },
      ],
    },
    {
      subject: 'Messages',
      changes: [
        { op: 'add', what: 'Message 2', before: null, after: 'assistant: Hello.' },
        {
          op: 'remove',
          what: 'Message 4',
          before: 'placeholder history\n{\n "optional": false\n}',
          after: null,
        },
      ],
    },
    {
      subject: 'Tools',
      changes: [
        { op: 'replace', what: 'Tool 1: parameters.properties.a/b.type', before: 'string', after: 'number' },
        { op: 'replace', what: 'Tool choice', before: 'auto', after: 'required' },
      ],
    },
    {
      subject: 'Settings',
      changes: [
        { op: 'replace', what: 'Model', before: 'gpt-4o', after: 'gpt-5' },
        { op: 'add', what: 'something_new', before: null, after: 'true' },
      ],
    },
    {
      subject: 'Response schema',
      changes: [{ op: 'replace', what: 'All of it', before: '{\n "type": "object"\n}', after: 'null' }],
    },
  ]);
});
