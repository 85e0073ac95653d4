import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src-shared/domain';
import { canonicalTemplateConfig } from '../../../src-shared/domain/canonical';
import {
  draftOf,
  EMPTY_DRAFT,
  readConfig,
  readDraftAsTemplate,
  sameDraft,
  textsOfDraft,
  type Draft,
} from './draft';
import {
  blocksOfMessages,
  blocksOfTexts,
  kindAfter,
  newBlock,
  readMessages,
  textsOfBlocks,
} from './draft-messages';
import { choiceOf, choiceText, newTool } from './draft-tools';

const draft: Draft = { ...EMPTY_DRAFT, name: 'Triage', model_id: 'gpt-4o' };
const CALL = { id: 'call_1', name: 'find_order', arguments: { number: 7 } };
const CONVERSATION: Message[] = [
  { role: 'system', content: 'Answer {{ brand }}.' },
  { placeholder: 'history', optional: true },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'See {{ what }}' },
      { type: 'image', variable: 'photo' },
    ],
  },
  { role: 'assistant', content: '', tool_calls: [CALL] },
  { role: 'tool', content: '{"state":"late"}', tool_call_id: 'call_1' },
];

describe('message blocks', () => {
  test('say the same conversation back', () => {
    const { messages, problems } = readMessages(blocksOfMessages(CONVERSATION));
    expect(problems).toEqual([]);
    const read = readDraftAsTemplate({ ...draft, messages: blocksOfMessages(CONVERSATION) }, null);
    expect(read).toMatchObject({ ok: true, template: { messages: CONVERSATION } });
    expect(messages).toHaveLength(CONVERSATION.length);
  });

  test('of two texts are the same configuration as the texts', () => {
    const texts = { system_instructions: 'Be brief.', user_prompt_template: 'Hi {{ name }}' };
    const both = [
      { ...draft, ...texts },
      { ...draft, messages: blocksOfTexts(texts) },
    ].map((each) => {
      const read = readConfig(each);
      return read.ok ? canonicalTemplateConfig(read.template) : null;
    });
    expect(both[0]).not.toBeNull();
    expect(both[0]).toBe(both[1]);
    expect(textsOfBlocks(blocksOfTexts(texts))).toEqual(texts);
  });

  test.each([
    [[newBlock('user'), newBlock('user')]],
    [[newBlock('system')]],
    [[newBlock('assistant')]],
    [[newBlock('user', { parts: '[]' })]],
    [[]],
  ])('that two texts cannot say stay blocks', (blocks) => expect(textsOfBlocks(blocks)).toBeNull());

  test('with bad JSON are problems at their place', () => {
    const messages = [
      newBlock('user', { text: 'x' }),
      newBlock('assistant', { parts: '[', tool_calls: '{"id": 1e999}' }),
      newBlock('placeholder', { placeholder: '1st' }),
      newBlock('tool', { text: 'x' }),
    ];
    const read = readDraftAsTemplate({ ...draft, messages }, null);
    const paths = read.ok ? [] : read.problems.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'messages.1.content',
        'messages.1.tool_calls',
        'messages.2.placeholder',
        'messages.3.tool_call_id',
      ]),
    );
  });

  test('are compared by what they say', () => {
    const messages = [newBlock('user', { text: 'x' })];
    expect(sameDraft({ ...draft, messages }, { ...draft, messages: [newBlock('user', { text: 'x' })] })).toBe(
      true,
    );
    expect(sameDraft({ ...draft, messages }, { ...draft, messages: [newBlock('user', { text: 'y' })] })).toBe(
      false,
    );
    expect(sameDraft({ ...draft, messages }, { ...draft, messages: null })).toBe(false);
    expect(sameDraft(draft, { ...draft, first_trial: 'any' })).toBe(true);
  });

  test('give Liquid the texts of all their parts', () => {
    expect(textsOfDraft({ ...draft, messages: blocksOfMessages(CONVERSATION) })).toEqual([
      'Answer {{ brand }}.',
      'See {{ what }}',
      '',
      '{"state":"late"}',
    ]);
  });

  test('follow each other as in a conversation', () => {
    expect(kindAfter([])).toBe('user');
    expect(kindAfter([newBlock('user')])).toBe('assistant');
    expect(kindAfter([newBlock('assistant')])).toBe('user');
    expect(kindAfter([newBlock('assistant', { tool_calls: '[]' })])).toBe('tool');
  });
});

describe('tools', () => {
  const PARAMETERS = '{"type":"object","properties":{"number":{"type":"integer"}},"required":["number"]}';

  test('go with the choice; without tools there is none', () => {
    const tools = [
      newTool({ name: 'find_order', description: 'Finds it.', parameters: PARAMETERS, strict: true }),
    ];
    const read = readDraftAsTemplate(
      { ...draft, user_prompt_template: 'x', tools, tool_choice: choiceText({ name: 'find_order' }) },
      null,
    );
    expect(read).toMatchObject({
      ok: true,
      template: {
        tools: [{ name: 'find_order', parameters: JSON.parse(PARAMETERS), strict: true }],
        tool_choice: { name: 'find_order' },
      },
    });
    const without = readDraftAsTemplate(
      { ...draft, user_prompt_template: 'x', tool_choice: 'required' },
      null,
    );
    expect(without.ok && without.template.tool_choice).toBeUndefined();
  });

  test('are refused at their field', () => {
    const tools = [
      newTool({ name: 'two words', parameters: '{' }),
      newTool({ name: 'twice', parameters: '{"type":"string"}' }),
      newTool({ name: 'twice', parameters: '{"type":"object","required":["gone"],"properties":{}}' }),
    ];
    const read = readDraftAsTemplate({ ...draft, user_prompt_template: 'x', tools }, null);
    const problems = new Map(read.ok ? [] : read.problems.map(({ path, message }) => [path, message]));
    expect(problems.get('tools.0.name')).toMatch(/letters/);
    expect(problems.get('tools.0.parameters')).toMatch(/^Line 1/);
    expect(problems.get('tools.1.parameters')).toMatch(/\/type must be "object"/);
    expect(problems.get('tools.2.parameters')).toMatch(/"gone" is no property/);
  });

  test.each(['auto', 'none', 'required', { name: 'a' }] as const)('choice %j is kept as text', (choice) => {
    expect(choiceOf(choiceText(choice))).toEqual(choice);
  });
});

test('values that no provider takes are refused before freezing, by the rules of the model', () => {
  const params = (inference_params: string, protocol: 'anthropic' | null) =>
    readDraftAsTemplate(
      { ...draft, model_id: 'claude-opus-4-6', user_prompt_template: 'x', inference_params },
      null,
      protocol,
    );
  expect(params('{"temperature": 1.5, "max_tokens": "many"}', 'anthropic')).toEqual({
    ok: false,
    problems: [
      { path: 'inference_params.temperature', message: 'temperature must be a number from 0 to 1.' },
      { path: 'inference_params.max_tokens', message: 'max_tokens must be a whole number.' },
    ],
  });
  // Of an unknown provider nothing is known.
  expect(params('{"temperature": 1.5}', null).ok).toBe(true);
  const schema = readDraftAsTemplate(
    { ...draft, user_prompt_template: 'x', response_schema: '{"type":"text"}' },
    null,
  );
  expect(schema).toMatchObject({ ok: false, problems: [{ path: 'response_schema' }] });
});

test('a template becomes a draft that says the same', () => {
  const read = readConfig({
    ...draft,
    messages: blocksOfMessages(CONVERSATION),
    tools: [newTool({ name: 'find_order' })],
  });
  if (!read.ok) throw new Error('not read');
  const again = readConfig(
    draftOf({
      ...read.template,
      template_id: 't',
      prompt_name: 'Named',
      prompt_id: 't',
      version_number: 1,
      trial: false,
      description: null,
      system_instructions: '',
      user_prompt_template: '',
      messages: read.template.messages ?? [],
      tools: read.template.tools ?? [],
      tool_choice: read.template.tool_choice ?? null,
      includes: [],
      tags: [],
      country_set: [],
      provider: null,
      inference_params: {},
      response_schema: null,
      grounding_mode: 'none',
      als: false,
      model_version_constraint: null,
      fingerprint_allowlist: [],
      variables: [],
      version_label: null,
      parent_template_id: null,
      message: null,
      config_sha256: '',
      record_hmac: null,
      hmac_key_id: null,
      created_at: '',
      created_by: null,
      deleted_at: null,
    }),
  );
  expect(again.ok && canonicalTemplateConfig(again.template)).toBe(canonicalTemplateConfig(read.template));
});
