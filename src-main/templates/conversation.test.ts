import { hash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import type { JsonValue, Message, Variables } from '../../src-shared/domain';
import { assertSendable, optionalVariables, renderMessages, sentPromptOf, staticVariables } from '.';

const SHA = 'a'.repeat(64);
const NO_TEXTS = { system_instructions: '', user_prompt_template: '' };
const NO_TOOLS = { tools: [], tool_choice: null };

const render = (messages: Message[], variables: Variables = {}) =>
  renderMessages({ ...NO_TEXTS, messages }, variables);

function failure(messages: Message[], variables: Variables = {}): unknown {
  try {
    return render(messages, variables);
  } catch (error) {
    return error;
  }
}

const refused = (path: string, message = /./) => ({
  code: 'VALIDATION_FAILED',
  data: { fields: [{ path, message: expect.stringMatching(message) as string }] },
});

describe('a placeholder', () => {
  const messages: Message[] = [
    { role: 'system', content: 'Be {{ tone }}.' },
    { placeholder: 'history', optional: false },
    { role: 'user', content: '{{ question }}' },
  ];

  it('is replaced by the messages of its variable, in which nothing is filled in', () => {
    const history: JsonValue = [
      { role: 'user', content: [{ type: 'text', text: '{{ tone }}' }] },
      { role: 'assistant', content: '{% if %}', tool_calls: [{ id: '1', name: 'f', arguments: { a: 1.5 } }] },
      { role: 'tool', content: '', tool_call_id: '1' },
      { role: 'user', content: [{ type: 'image', asset_sha256: SHA, media_type: 'Image/PNG' }] },
    ];
    expect(render(messages, { tone: 'brief', question: 'Why?', history })).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '{{ tone }}' },
      { role: 'assistant', content: '{% if %}', tool_calls: [{ id: '1', name: 'f', arguments: { a: 1.5 } }] },
      { role: 'tool', content: '', tool_call_id: '1' },
      {
        role: 'user',
        content: [{ type: 'image', asset_sha256: SHA, media_type: 'image/png', name: null }],
      },
      { role: 'user', content: 'Why?' },
    ]);
  });

  it('without a value is missing, with everything else that is', () => {
    const missing = { code: 'MISSING_VARIABLE', data: { variables: ['tone', 'history', 'question'] } };
    expect(failure(messages)).toMatchObject(missing);
    expect(failure(messages, { history: null })).toMatchObject(missing);
    expect(failure(messages, { history: [], tone: 'x' })).toMatchObject({
      data: { variables: ['question'] },
    });
  });

  it('that is optional is nothing without a value', () => {
    const optional: Message[] = [
      { placeholder: 'history', optional: true },
      { role: 'user', content: 'Hi' },
    ];
    expect(render(optional)).toEqual([{ role: 'user', content: 'Hi' }]);
    expect(optionalVariables({ ...NO_TEXTS, messages: optional })).toEqual(['history']);
  });

  test.each<[unknown, string, RegExp]>([
    ['text', 'variables.history', /list of messages/],
    [[{ role: 'user' }], 'variables.history.0.content', /is needed/],
    [
      [
        { role: 'user', content: '' },
        { role: 'bot', content: '' },
      ],
      'variables.history.1.role',
      /one of/,
    ],
    [[{ placeholder: 'more' }], 'variables.history.0', /neither placeholders nor variables/],
    [[{ role: 'user', content: [{ type: 'image', variable: 'x' }] }], 'variables.history.0', /neither/],
    [[{ role: 'user', content: 'x', tool_calls: [] }], 'variables.history.0.tool_calls', /assistant/],
  ])('with the value %j is refused at its field', (history, path, message) => {
    const value = history as Variables[string];
    expect(failure(messages, { tone: '', question: '', history: value ?? null })).toMatchObject(
      refused(path, message),
    );
  });
});

describe('a file that a variable names', () => {
  const messages: Message[] = [
    {
      role: 'user',
      content: [
        { type: 'text', text: '{{ say }}' },
        { type: 'file', variable: 'letter' },
      ],
    },
  ];

  it('is the one that the input gives; a text that renders to nothing is no part', () => {
    const letter = { asset_sha256: SHA, media_type: 'application/pdf', name: 'a.pdf' };
    expect(render(messages, { say: '', letter })).toEqual([
      { role: 'user', content: [{ type: 'file', ...letter }] },
    ]);
  });

  test.each<[Variables[string], string]>([
    ['a.pdf', 'variables.letter'],
    [{ asset_sha256: 'x', media_type: 'application/pdf' }, 'variables.letter.asset_sha256'],
    [{ asset_sha256: SHA, media_type: 'pdf' }, 'variables.letter.media_type'],
    [{ asset_sha256: SHA, media_type: 'application/pdf', path: 'x' }, 'variables.letter.path'],
  ])('given as %j is refused at its field', (letter, path) => {
    expect(failure(messages, { say: '', letter })).toMatchObject(refused(path));
  });

  it('is missing without a value', () => {
    expect(failure(messages, { say: 'x' })).toMatchObject({ data: { variables: ['letter'] } });
  });
});

test('variables are those of texts, placeholders and files, in order of first use', () => {
  const messages: Message[] = [
    {
      role: 'system',
      content: [
        { type: 'text', text: '{{ b }}' },
        { type: 'text', text: '{{ a }}{{ b }}' },
      ],
    },
    { placeholder: 'history', optional: true },
    {
      role: 'user',
      content: [
        { type: 'image', variable: 'photo' },
        { type: 'text', text: '{{ c | default: 1 }}' },
      ],
    },
  ];
  expect(staticVariables({ ...NO_TEXTS, messages })).toEqual(['b', 'a', 'history', 'photo', 'c']);
  expect(optionalVariables({ ...NO_TEXTS, messages })).toEqual(['history', 'c']);
});

test('a syntax error names the message and the part', () => {
  const parts: Message[] = [
    { role: 'user', content: 'x' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: '{{ x | nope }}' },
      ],
    },
  ];
  expect(failure(parts, { x: 1 })).toMatchObject({
    code: 'TEMPLATE_SYNTAX',
    data: { field: 'messages.1.content.1.text' },
  });
});

describe('the record of what is sent', () => {
  it('is the text of two texts, whichever way they were given', () => {
    const texts = { system_instructions: 'S {{ x }}', user_prompt_template: 'U' };
    const plain = sentPromptOf(renderMessages(texts, { x: 1 }), NO_TOOLS);
    expect(plain.rendered_prompt).toBe('S 1\n\nU');
    const history: Message[] = [
      { role: 'system', content: 'S {{ x }}' },
      { placeholder: 'h', optional: true },
      { role: 'user', content: 'U' },
    ];
    expect(sentPromptOf(render(history, { x: 1 }), NO_TOOLS)).toEqual(plain);
  });

  it('is the canonical JSON of messages and tools otherwise, and its hash covers all of it', () => {
    const tool = { name: 'f', description: '', parameters: null, strict: null };
    const sent = sentPromptOf(render([{ role: 'user', content: 'é' }]), {
      tools: [tool],
      tool_choice: 'auto',
    });
    expect(sent.rendered_prompt).toBe(
      '{"messages":[{"content":"é","role":"user"}],"tool_choice":"auto","tools":[{"description":"","name":"f","parameters":null,"strict":null}]}',
    );
    expect(sent.rendered_prompt_sha256).toBe(hash('sha256', sent.rendered_prompt));
  });
});

describe('what no provider takes is refused with its place', () => {
  const call = { id: 'a', name: 'f', arguments: {} };
  test.each<[string, Message[], string]>([
    [
      'a message without content',
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: ' \n' },
      ],
      'messages.1.content',
    ],
    ['system messages alone', [{ role: 'system', content: 'x' }], 'messages'],
    [
      'a call without a result',
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'user', content: 'y' },
      ],
      'messages.1.tool_calls.0',
    ],
    [
      'a result without a call',
      [
        { role: 'user', content: 'x' },
        { role: 'tool', content: '', tool_call_id: 'b' },
      ],
      'messages.1.tool_call_id',
    ],
    [
      'two calls of one id',
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: '', tool_calls: [call, call] },
      ],
      'messages.1.tool_calls.1.id',
    ],
  ])('%s', (_, messages, path) => {
    expect(() => assertSendable(render(messages))).toThrow(expect.objectContaining(refused(path)) as Error);
  });

  it('a call with its result goes out', () => {
    expect(() =>
      assertSendable(
        render([
          { role: 'user', content: 'x' },
          { role: 'assistant', content: '', tool_calls: [call] },
          { role: 'tool', content: '', tool_call_id: 'a' },
        ]),
      ),
    ).not.toThrow();
  });
});
