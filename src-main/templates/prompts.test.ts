import { expect, test } from 'vitest';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { isAppError, newTemplateSchema, type NewTemplateInput } from '../../src-shared/domain';
import { createTemplatesService } from '.';

function setup() {
  const store = openTempStore();
  const service = createTemplatesService({ store, clock: createTestClock(), ids: testIds });
  let texts = 0;
  const create = (input: Partial<NewTemplateInput> = {}) =>
    service.create(
      newTemplateSchema.parse({
        name: 'Triage',
        model_id: 'gpt-4o',
        ...(input.messages === undefined && { user_prompt_template: `Text ${String((texts += 1))}` }),
        ...input,
      }),
    );
  return { service, store, create };
}

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return { code: error.code, data: error.data };
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('children are versions of their parent’s prompt, numbered in their order, whichever version they come from', () => {
  const { create } = setup();
  const { template: first } = create();
  const { template: second } = create({ parent_template_id: first.template_id });
  const { template: third } = create({ parent_template_id: first.template_id });
  const { template: other } = create();
  expect(
    [first, second, third, other].map(({ prompt_id, version_number }) => [prompt_id, version_number]),
  ).toEqual([
    [first.template_id, 1],
    [first.template_id, 2],
    [first.template_id, 3],
    [other.template_id, 1],
  ]);
});

test('a fork, and a child in another workspace, start a prompt of their own', () => {
  const { create } = setup();
  const { template: first } = create();
  const parent_template_id = first.template_id;
  const { template: fork } = create({ parent_template_id, fork: true });
  const { template: elsewhere } = create({ parent_template_id, workspace_id: 'team' });
  const { template: next } = create({ parent_template_id: fork.template_id });
  expect(fork).toMatchObject({ prompt_id: fork.template_id, version_number: 1, parent_template_id });
  expect(elsewhere).toMatchObject({ prompt_id: elsewhere.template_id, version_number: 1 });
  expect(next).toMatchObject({ prompt_id: fork.template_id, version_number: 2 });
  expect(failureOf(() => create({ fork: true }))).toMatchObject({
    code: 'VALIDATION_FAILED',
    data: { fields: [{ path: 'fork' }] },
  });
});

test('a trial is the same record when tried again, counts as no version, and frees its text for one', () => {
  const { service, create } = setup();
  const text = { user_prompt_template: 'The same' };
  const tried = create({ ...text, trial: true });
  expect(tried).toMatchObject({ replayed: false, template: { trial: true, version_number: null } });
  const { template: trial } = tried;
  expect(create({ ...text, name: 'Another name', trial: true })).toEqual({ template: trial, replayed: true });
  expect(service.list({ include_archived: true, limit: 10 })).toMatchObject({ items: [], total: 0 });
  expect(service.list({ q: 'same', include_archived: true, limit: 10 })).toMatchObject({
    items: [],
    total: 0,
  });
  const { template: version } = create({ ...text, parent_template_id: trial.template_id });
  expect(version).toMatchObject({
    prompt_id: trial.template_id,
    version_number: 1,
    trial: false,
    config_sha256: trial.config_sha256,
  });
  expect(create({ ...text, trial: true })).toEqual({ template: version, replayed: true });
  expect(failureOf(() => create(text))).toMatchObject({
    code: 'TEMPLATE_DUPLICATE',
    data: { template_id: version.template_id },
  });
});

test('messages that two texts can say are the two texts; others are kept and found', () => {
  const { service, create } = setup();
  const { template: simple } = create({
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', content: 'Hi {{ name }}' },
    ],
  });
  expect(simple).toMatchObject({
    system_instructions: 'Be brief.',
    user_prompt_template: 'Hi {{ name }}',
    variables: ['name'],
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi {{ name }}' },
    ],
  });
  const messages: NewTemplateInput['messages'] = [
    { role: 'system', content: 'Be {{ tone }}.' },
    { placeholder: 'history' },
    { role: 'user', content: 'Where is {{ order }}?' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c1', name: 'get_order', arguments: { id: 'A-1' } }],
    },
    { role: 'tool', content: 'late', tool_call_id: 'c1' },
  ];
  const { template } = create({ messages, tools: [{ name: 'get_order' }] });
  expect(template).toMatchObject({
    system_instructions: '',
    user_prompt_template: '',
    messages: [messages[0], { placeholder: 'history', optional: false }, ...messages.slice(2)],
    tools: [{ name: 'get_order', description: '', parameters: null, strict: null }],
    tool_choice: 'auto',
  });
  expect(service.get({ template_id: template.template_id })).toEqual(template);
  expect(service.list({ q: 'where', include_archived: false, limit: 10 }).items).toMatchObject([
    { template_id: template.template_id },
  ]);
});

test.each<[string, Partial<NewTemplateInput>, string]>([
  [
    'both forms',
    { user_prompt_template: 'x', messages: [{ role: 'user', content: 'y' }] },
    'user_prompt_template',
  ],
  [
    'nothing said',
    {
      messages: [
        { role: 'user', content: ' ' },
        { role: 'assistant', content: '' },
      ],
    },
    'messages',
  ],
  [
    'a result without its call',
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'tool', content: 'y', tool_call_id: 'c1' },
      ],
    },
    'messages.1.tool_call_id',
  ],
])('%s is refused by its field', (_name, input, path) => {
  const { create } = setup();
  expect(failureOf(() => create(input))).toMatchObject({
    code: 'VALIDATION_FAILED',
    data: { fields: [{ path }] },
  });
});

test.each<[unknown, string, string]>([
  [{ content: 'x' }, 'role', 'is needed'],
  [{ role: 'user' }, 'content', 'is needed'],
  [{ role: 'user', content: 'x', tool_call_id: 'c' }, 'tool_call_id', 'belongs to the message of a tool'],
  [{ role: 'tool', content: 'x' }, 'tool_call_id', 'is needed'],
  [{ placeholder: 'h', role: 'user' }, 'role', 'beside "placeholder"'],
  [{ role: 'user', content: 'x', optional: true }, 'optional', 'belongs to a placeholder'],
])('the message %j is refused at %s', (message, field, wording) => {
  const result = newTemplateSchema.safeParse({ name: 'x', model_id: 'm', messages: [message] });
  expect(result.error?.issues).toMatchObject([
    { path: ['messages', 0, field], message: expect.stringContaining(wording) },
  ]);
});
