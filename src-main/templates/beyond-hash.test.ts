import { expect, test } from 'vitest';
import { createTestClock, openTempStore, testIds } from '../../test/support/temp-store';
import { isAppError, newTemplateSchema, type NewTemplateInput } from '../../src-shared/domain';
import { createTemplatesService } from '.';
import { createPromptsService } from './prompts';

function setup() {
  const clock = createTestClock();
  const store = openTempStore({ clock });
  const service = createTemplatesService({ store, clock, ids: testIds });
  const prompts = createPromptsService({ store, clock, ids: testIds });
  const create = (input: Partial<NewTemplateInput> = {}) =>
    service.create(newTemplateSchema.parse({ name: 'Greeting', model_id: 'gpt-4o', ...input }));
  const count = () => store.read.prepare<[], number>(`SELECT count(*) FROM templates`).pluck().get();
  return { service, prompts, create, count };
}

function refusalOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const text = { user_prompt_template: 'Hello' };
const call = (lat: number): Partial<NewTemplateInput> => ({
  messages: [
    { role: 'user', content: 'Where?' },
    { role: 'assistant', content: '', tool_calls: [{ id: 'c', name: 'place', arguments: { lat } }] },
    { role: 'tool', tool_call_id: 'c', content: 'Here' },
  ],
});
const schema = (multipleOf: number): Partial<NewTemplateInput> => ({
  ...text,
  response_schema: { type: 'number', multipleOf },
});
const tool = (properties: Record<string, object>): Partial<NewTemplateInput> => ({
  ...text,
  tools: [{ name: 'place', parameters: { type: 'object', properties } }],
});
const [a, b] = [{ type: 'string' }, { type: 'number' }];

const SAME_HASH: [string, Partial<NewTemplateInput>, Partial<NewTemplateInput>, string, RegExp][] = [
  [
    'a parameter beyond six decimals',
    { ...text, inference_params: { top_p: 1 } },
    { ...text, inference_params: { top_p: 0.9999999 } },
    'inference_params.top_p',
    /six decimals/,
  ],
  [
    'a tiny parameter',
    { ...text, inference_params: { temperature: 1e-7 } },
    { ...text, inference_params: { temperature: 4e-7 } },
    'inference_params.temperature',
    /six decimals/,
  ],
  [
    'the argument of a call',
    call(52.5200066),
    call(52.5200074),
    'messages.1.tool_calls.0.arguments.lat',
    /six decimals/,
  ],
  ['a schema’s number', schema(1e-7), schema(2e-7), 'response_schema.multipleOf', /six decimals/],
  [
    'the order of a schema',
    tool({ a, b }),
    tool({ b, a }),
    'tools.0.parameters.properties',
    /order of its keys/,
  ],
  [
    'line ends',
    { user_prompt_template: 'a\nb' },
    { user_prompt_template: 'a\r\nb' },
    'user_prompt_template',
    /line ends/,
  ],
  [
    'the list of fingerprints',
    text,
    { ...text, fingerprint_allowlist: ['fp_none'] },
    'fingerprint_allowlist',
    /no part of a configuration/,
  ],
];

test.each(SAME_HASH)('%s is no reason to take the stored template instead', (_, first, second, path, why) => {
  for (const trial of [true, false]) {
    const { service, create, count } = setup();
    const { template } = create({ ...first, trial });
    const refused = refusalOf(() => create({ ...second, trial }));
    expect(refused).toMatchObject({
      code: 'TEMPLATE_DUPLICATE',
      data: {
        template_id: template.template_id,
        differences: [{ path, reason: expect.stringMatching(why) }],
      },
    });
    expect(refused.message).toContain(`"Greeting · ${trial ? 'trial' : 'v1'}" has the same configuration`);
    expect(refused.message).toContain(`differs from it in ${path}, `);
    expect(refused.message).toContain(trial ? 'Freeze this one' : 'Archive "Greeting · v1"');
    expect(count()).toBe(1);
    // As it was, it is the same again.
    if (trial) expect(create({ ...first, trial })).toEqual({ template, replayed: true });
    const check = service.checkDuplicate(
      newTemplateSchema.parse({ name: 'x', model_id: 'gpt-4o', ...second }),
    );
    expect(check).toMatchObject(
      trial ? { exact_match: false } : { exact_match: true, differences: [{ path }] },
    );
  }
});

test('what says the same in another way is the same trial', () => {
  const { create } = setup();
  const first = create({
    ...text,
    trial: true,
    inference_params: { temperature: 0, stop: null, top_p: 0.5 },
    country_set: ['CH', 'DE'],
    fingerprint_allowlist: ['a', 'b'],
  });
  const again = create({
    ...text,
    name: 'Another',
    trial: true,
    inference_params: { top_p: 0.5, temperature: -0 },
    country_set: ['de', 'CH', 'DE'],
    fingerprint_allowlist: ['b', 'a', 'b'],
  });
  expect(again).toEqual({ template: first.template, replayed: true });
});

test('the list of fingerprints is stored once the version without it is archived, as the refusal says', () => {
  const { service, create } = setup();
  const { template } = create(text);
  service.archive({ template_id: template.template_id });
  const listed = create({ ...text, fingerprint_allowlist: ['fp'], parent_template_id: template.template_id });
  expect(listed.template).toMatchObject({ version_number: 2, fingerprint_allowlist: ['fp'] });
});

test('a trial belongs to the prompt that it is made in, whoever else has or tries its text', () => {
  const { create } = setup();
  const { template: other } = create({ ...text, name: 'Other' });
  const { template: mine } = create({ name: 'Mine', user_prompt_template: 'Mine' });
  const inMine = { ...text, trial: true, parent_template_id: mine.template_id };
  const { template: trial, replayed } = create(inMine);
  expect([trial.prompt_id, replayed]).toEqual([mine.prompt_id, false]);
  expect(create(inMine)).toEqual({ template: trial, replayed: true });
  // Another prompt that tries it has a trial of its own, too.
  const { template: third } = create({ name: 'Third', user_prompt_template: 'Third' });
  expect(create({ ...inMine, parent_template_id: third.template_id })).toMatchObject({
    replayed: false,
    template: { prompt_id: third.prompt_id, config_sha256: other.config_sha256 },
  });
  expect(create({ ...inMine, parent_template_id: other.template_id })).toEqual({
    template: other,
    replayed: true,
  });
});

test('a draft of no prompt yet is not taken for a version, or a trial, of an inactive prompt', () => {
  for (const trial of [false, true]) {
    const { create, prompts } = setup();
    const { template: inactive } = create({ ...text, trial });
    if (trial) create({ user_prompt_template: 'v1', parent_template_id: inactive.template_id });
    prompts.update({ prompt_id: inactive.prompt_id, active: false, changed_by: null });
    const draft = create({ ...text, name: 'New', trial: true });
    expect(draft.replayed).toBe(false);
    expect(draft.template.prompt_id).toBe(draft.template.template_id);
    expect(create({ ...text, name: 'New', trial: true })).toEqual({ ...draft, replayed: true });
  }
});
